#include "tests/augment/pictures.h"

#include <QDir>
#include <QtTest>

#include <set>

using namespace graft;
using namespace graft::augment;
using graft::tests::applied;
using graft::tests::photo;

// Every op of the list, whatever it does.
class TestOps : public QObject
{
    Q_OBJECT

private slots:
    void everyFileIsInTheList();
    void idsAreUnique();
    void textsAreSentences();
    void whatCanChangeALabelSaysSo_data();
    void whatCanChangeALabelSaysSo();
    void everyParameterAtBothEnds_data();
    void everyParameterAtBothEnds();
    void largePicture_data();
    void largePicture();
    void identityGivesBackThePicture_data();
    void identityGivesBackThePicture();
    void initialSettingsChangeSomething_data();
    void initialSettingsChangeSomething();
    void settingsOutOfRangeAreRefused();

private:
    static void everyOp()
    {
        QTest::addColumn<int>("index");
        for (int i = 0; i < std::ssize(ops()); ++i)
            QTest::newRow(ops()[static_cast<std::size_t>(i)].id.data()) << i;
    }

    static const OpSpec& op()
    {
        QFETCH(int, index);
        return ops()[static_cast<std::size_t>(index)];
    }
};

namespace {

std::vector<double> initialSettings(const OpSpec& op)
{
    return initialStep(op.id).settings;
}

/// All lows, all highs, and each parameter at either end with the others as they are at first.
std::vector<std::vector<double>> ends(const OpSpec& op)
{
    std::vector<std::vector<double>> all {initialSettings(op)};
    std::vector<double> lows;
    std::vector<double> highs;
    for (std::size_t i = 0; i < op.parameters.size(); ++i) {
        for (const double end : {op.parameters[i].low, op.parameters[i].high}) {
            all.push_back(initialSettings(op));
            all.back()[i] = end;
        }
        lows.push_back(op.parameters[i].low);
        highs.push_back(op.parameters[i].high);
    }
    all.push_back(lows);
    all.push_back(highs);
    return all;
}

/// Draws and applies, with bytes behind the picture that must stay.
Image drawnAndApplied(const OpSpec& op, const std::vector<double>& settings, const Image& image,
                      const Border& border, std::uint32_t copy)
{
    Draws draws({.seed = 3, .sample = 5, .copy = copy});
    const std::array steps {DrawnStep {0, &op, op.draw(settings, draws)}};
    constexpr std::size_t behind = 64;
    constexpr std::uint8_t mark = 0xA7;
    std::vector<std::uint8_t> out(image.rgb.size() + behind, mark);
    applySteps(image, steps, border, {image.width, image.height}, std::span(out).first(image.rgb.size()));
    for (std::size_t i = image.rgb.size(); i < out.size(); ++i)
        if (out[i] != mark)
            qFatal("wrote behind the picture");
    out.resize(image.rgb.size());
    return {image.width, image.height, out};
}

} // namespace

void TestOps::everyFileIsInTheList()
{
    const QDir folder(QStringLiteral(GRAFT_SOURCE_DIR "/core/augment/ops"));
    const QStringList files = folder.entryList({QStringLiteral("*.cpp")}, QDir::Files, QDir::Name);
    QStringList listed;
    for (const OpSpec& op : ops())
        listed.append(QString::fromUtf8(op.id.data()) + QStringLiteral(".cpp"));
    listed.sort();
    QCOMPARE(listed, files);
}

void TestOps::idsAreUnique()
{
    std::set<std::string_view> ids;
    std::set<std::string_view> titles;
    for (const OpSpec& op : ops()) {
        QVERIFY(ids.insert(op.id).second);
        QVERIFY(titles.insert(op.title).second);
        std::set<std::string_view> parameters;
        for (const ParamSpec& parameter : op.parameters)
            QVERIFY(parameters.insert(parameter.id).second);
        QCOMPARE(findOp(op.id), &op);
    }
    QVERIFY(!findOp("mixup"));
}

void TestOps::textsAreSentences()
{
    for (const OpSpec& op : ops()) {
        QVERIFY2(op.sentence.ends_with('.'), op.id.data());
        QVERIFY2(op.labelHint.empty() || op.labelHint.ends_with('.'), op.id.data());
        for (const ParamSpec& parameter : op.parameters) {
            QVERIFY2(!parameter.title.empty(), op.id.data());
            QVERIFY2(parameter.low < parameter.high, op.id.data());
            requireInRange(op.id, parameter, parameter.initial);
            if (!std::isnan(parameter.identity))
                requireInRange(op.id, parameter, parameter.identity);
        }
    }
}

void TestOps::whatCanChangeALabelSaysSo_data()
{
    QTest::addColumn<QByteArray>("word");
    QTest::newRow("flip_horizontal") << QByteArray("left and right");
    QTest::newRow("flip_vertical") << QByteArray("6");
    QTest::newRow("rotate") << QByteArray("digit");
    QTest::newRow("quarter_turns") << QByteArray("Digits");
    QTest::newRow("hue") << QByteArray("traffic lights");
    QTest::newRow("temperature") << QByteArray("traffic lights");
    QTest::newRow("greyscale") << QByteArray("fruit");
    QTest::newRow("channel_shuffle") << QByteArray("fruit");
    QTest::newRow("saturation") << QByteArray("fruit");
    QTest::newRow("invert") << QByteArray("X-rays");
}

void TestOps::whatCanChangeALabelSaysSo()
{
    QFETCH(QByteArray, word);
    const OpSpec* op = findOp(QTest::currentDataTag());
    QVERIFY(op);
    QVERIFY(op->labelHint.find(word.constData()) != std::string_view::npos);
}

void TestOps::everyParameterAtBothEnds_data()
{
    everyOp();
}

void TestOps::everyParameterAtBothEnds()
{
    constexpr std::array<std::array<int, 2>, 8> sizes {
        {{1, 1}, {1, 9}, {9, 1}, {2, 2}, {3, 5}, {17, 16}, {33, 61}, {96, 96}}};
    constexpr std::array borders {Border {Border::Mode::Mirror}, Border {Border::Mode::Repeat},
                                  Border {Border::Mode::Colour, {1, 2, 3}}};
    for (const auto& [width, height] : sizes) {
        for (const Image& image : {photo(width, height), tests::greyOf(photo(width, height))}) {
            for (const auto& settings : ends(op())) {
                for (std::uint32_t copy = 0; copy < 3; ++copy) {
                    const Image once = drawnAndApplied(op(), settings, image, borders[copy], copy);
                    QCOMPARE(once.rgb.size(), image.rgb.size());
                    QVERIFY(once == drawnAndApplied(op(), settings, image, borders[copy], copy));
                }
            }
        }
    }
}

void TestOps::largePicture_data()
{
    everyOp();
}

void TestOps::largePicture()
{
    static const Image image = [] {
        Image large {4000, 3000, {}};
        large.rgb.resize(std::size_t {4000} * 3000 * 3);
        for (std::size_t i = 0; i < large.rgb.size(); ++i)
            large.rgb[i] = static_cast<std::uint8_t>(i * i >> 12U);
        return large;
    }();
    // A quarter of the way to the initial settings; small pictures have the ends. At this size a blur of two
    // per cent has 400 pixels, which take a minute under sanitizers.
    std::vector<double> settings = initialSettings(op());
    for (std::size_t i = 0; i < settings.size(); ++i)
        if (const double identity = op().parameters[i].identity; !std::isnan(identity))
            settings[i] = identity + (settings[i] - identity) / 4;
    const Image got = drawnAndApplied(op(), settings, image, {}, 0);
    QCOMPARE(got.rgb.size(), image.rgb.size());
}

void TestOps::identityGivesBackThePicture_data()
{
    everyOp();
}

void TestOps::identityGivesBackThePicture()
{
    std::vector<double> settings = initialSettings(op());
    bool any = false;
    for (std::size_t i = 0; i < settings.size(); ++i) {
        if (std::isnan(op().parameters[i].identity))
            continue;
        settings[i] = op().parameters[i].identity;
        any = true;
    }
    QVERIFY2(any == !op().parameters.empty(), "an op with parameters can be turned down to nothing");
    if (!any)
        return;
    for (const Image& image : {photo(50, 41), tests::greyOf(photo(64, 64)), photo(1, 1), photo(31, 96)})
        for (std::uint32_t copy = 0; copy < 8; ++copy)
            QVERIFY(drawnAndApplied(op(), settings, image, {}, copy) == image);
}

void TestOps::initialSettingsChangeSomething_data()
{
    everyOp();
}

void TestOps::initialSettingsChangeSomething()
{
    const Image image = photo(200, 160); // blurs are shares of the side
    bool changed = false;
    for (std::uint32_t copy = 0; copy < 8; ++copy)
        changed |= drawnAndApplied(op(), initialSettings(op()), image, {}, copy) != image;
    QVERIFY(changed);
}

void TestOps::settingsOutOfRangeAreRefused()
{
    for (const OpSpec& op : ops()) {
        for (std::size_t i = 0; i < op.parameters.size(); ++i) {
            for (const double bad :
                 {op.parameters[i].low - 1.0, op.parameters[i].high + 1.0, std::nan(""), HUGE_VAL}) {
                Recipe recipe;
                recipe.steps = {initialStep(op.id)};
                recipe.steps[0].settings[i] = bad;
                try {
                    requireValid(recipe);
                    QFAIL(op.id.data());
                } catch (const Error& error) {
                    QVERIFY2(error.subject() == op.id, error.what());
                    QVERIFY2(error.happened().starts_with(op.parameters[i].id), error.what());
                }
            }
        }
    }
}

QTEST_GUILESS_MAIN(TestOps)
#include "tst_ops.moc"
