#include "core/augment/colour.h"
#include "tests/augment/pictures.h"

#include <opencv2/imgproc.hpp>

#include <QColor>
#include <QtTest>

#include <functional>

using namespace graft;
using namespace graft::augment;
using graft::tests::applied;
using graft::tests::at;
using graft::tests::difference;
using graft::tests::filled;
using graft::tests::moments;
using graft::tests::photo;

namespace {

using Rgb = std::array<double, 3>;

/// From a pixel to what it becomes, 0..255.
using Formula = std::function<Rgb(const Rgb&)>;

Image byFormula(const Image& image, const Formula& formula)
{
    Image out = image;
    for (std::size_t i = 0; i < image.rgb.size(); i += 3) {
        const Rgb pixel {double(image.rgb[i]), double(image.rgb[i + 1]), double(image.rgb[i + 2])};
        const Rgb changed = formula(pixel);
        for (std::size_t c = 0; c < 3; ++c)
            out.rgb[i + c] = static_cast<std::uint8_t>(std::lround(std::clamp(changed[c], 0.0, 255.0)));
    }
    return out;
}

Formula each(const std::function<double(double)>& value)
{
    return [value](const Rgb& p) { return Rgb {value(p[0]), value(p[1]), value(p[2])}; };
}

double grey(const Rgb& p)
{
    return 0.299 * p[0] + 0.587 * p[1] + 0.114 * p[2];
}

double meanGrey(const Image& image)
{
    double sum = 0.0;
    for (std::size_t i = 0; i < image.rgb.size(); i += 3)
        sum += grey({double(image.rgb[i]), double(image.rgb[i + 1]), double(image.rgb[i + 2])});
    return sum * 3 / static_cast<double>(image.rgb.size());
}

Image together(const Image& image, const std::vector<DrawnStep>& steps)
{
    Image out {image.width, image.height, {}};
    out.rgb.resize(image.rgb.size());
    applySteps(image, steps, {}, {image.width, image.height}, out.rgb);
    return out;
}

/// All 4,096 colours of 16 levels.
Image manyColours()
{
    Image image {64, 64, {}};
    for (int i = 0; i < 4096; ++i)
        for (const int level : {i % 16, i / 16 % 16, i / 256})
            image.rgb.push_back(static_cast<std::uint8_t>(level * 17));
    return image;
}

} // namespace

class TestLight : public QObject
{
    Q_OBJECT

private slots:
    void formulas_data();
    void formulas();
    void contrastKeepsTheMean();
    void autoContrastUsesTheWholeRange();
    void hueAgreesWithHsv();
    void aThirdOfATurnSwapsChannels();
    void warmerIsRedder();
    void shadowDarkensOneSide();
    void equaliseAgreesWithOpenCv();
    void aCropIsChangedAsAPictureOfItsOwn_data();
    void aCropIsChangedAsAPictureOfItsOwn();
    void joinedTablesGiveTheSameBytes();
    void everyValueFindsItsEntry_data();
    void everyValueFindsItsEntry();
    void joinedMixesAreWithinOneLevel();
    void clippingIsNotJoinedAway();
};

void TestLight::formulas_data()
{
    QTest::addColumn<Drawn>("drawn");
    QTest::addColumn<Formula>("formula");
    QTest::newRow("brightness") << Drawn {1.4} << each([](double v) { return v * 1.4; });
    QTest::newRow("gamma") << Drawn {0.6} << each([](double v) { return 255 * std::pow(v / 255, 0.6); });
    QTest::newRow("invert") << Drawn {} << each([](double v) { return 255 - v; });
    QTest::newRow("posterise") << Drawn {3} << each([](double v) { return std::floor(v / 32) * 32; });
    QTest::newRow("solarise") << Drawn {100} << each([](double v) { return v >= 100 ? 255 - v : v; });
    QTest::newRow("contrast") << Drawn {
        1.5} << each([mean = meanGrey(photo(80, 60))](double v) { return mean + 1.5 * (v - mean); });
    QTest::newRow("saturation") << Drawn {1.7} << Formula([](const Rgb& p) {
        const double g = grey(p);
        return Rgb {g + 1.7 * (p[0] - g), g + 1.7 * (p[1] - g), g + 1.7 * (p[2] - g)};
    });
    QTest::newRow("greyscale") << Drawn {} << Formula([](const Rgb& p) {
        return Rgb {grey(p), grey(p), grey(p)};
    });
    QTest::newRow("channel_shuffle") << Drawn {3} << Formula([](const Rgb& p) {
        return Rgb {p[1], p[2], p[0]};
    });
}

void TestLight::formulas()
{
    QFETCH(Drawn, drawn);
    QFETCH(Formula, formula);
    const Image image = photo(80, 60);
    const auto [largest, mean] =
        difference(applied(QTest::currentDataTag(), drawn, image).rgb, byFormula(image, formula).rgb);
    // A half can fall to either side; nothing else may differ.
    QVERIFY2(largest <= 1 && mean < 0.01,
             qPrintable(QStringLiteral("%1, %2 on average").arg(largest).arg(mean)));
}

void TestLight::contrastKeepsTheMean()
{
    const Image image = photo(80, 60);
    QVERIFY(std::abs(meanGrey(applied("contrast", {0.5}, image)) - meanGrey(image)) < 0.3);
    const double before = moments(tests::greyOf(image).rgb).variance;
    const double after = moments(applied("contrast", {0.5}, tests::greyOf(image)).rgb).variance;
    QVERIFY(std::abs(after / before - 0.25) < 0.01);
}

void TestLight::autoContrastUsesTheWholeRange()
{
    Image image = filled(16, 16, {100, 50, 70});
    for (std::size_t i = 0; i < image.rgb.size(); i += 6) {
        image.rgb[i] = 150;
        image.rgb[i + 1] = 60;
    }
    image.rgb[3] = 130;
    const Image got = applied("auto_contrast", {}, image);
    QCOMPARE(at(got, 0, 0, 0), std::uint8_t {255});
    QCOMPARE(at(got, 1, 0, 0), std::uint8_t {153}); // three fifths of the way
    QCOMPARE(at(got, 3, 0, 0), std::uint8_t {0});
    QCOMPARE(at(got, 0, 0, 1), std::uint8_t {255});
    QCOMPARE(at(got, 3, 0, 1), std::uint8_t {0});
    QCOMPARE(at(got, 0, 0, 2), std::uint8_t {70}); // nothing to spread
}

void TestLight::hueAgreesWithHsv()
{
    for (const double degrees : {-170.0, -45.0, 20.0, 100.0}) {
        const Image image = manyColours();
        const Image expected = byFormula(image, [degrees](const Rgb& p) {
            float hue = 0;
            float saturation = 0;
            float value = 0;
            const auto part = [](double v) { return static_cast<float>(v / 255); };
            QColor::fromRgbF(part(p[0]), part(p[1]), part(p[2])).getHsvF(&hue, &saturation, &value);
            if (hue < 0)
                return p;
            const double turned = hue + degrees / 360.0;
            const QColor colour =
                QColor::fromHsvF(static_cast<float>(turned - std::floor(turned)), saturation, value);
            return Rgb {255.0 * colour.redF(), 255.0 * colour.greenF(), 255.0 * colour.blueF()};
        });
        QVERIFY(difference(applied("hue", {degrees}, image).rgb, expected.rgb).largest <= 1);
    }
}

void TestLight::aThirdOfATurnSwapsChannels()
{
    const Image image = manyColours();
    const Image expected = byFormula(image, [](const Rgb& p) { return Rgb {p[2], p[0], p[1]}; });
    QVERIFY(applied("hue", {120}, image) == expected);
}

void TestLight::warmerIsRedder()
{
    const Image image = filled(4, 4, {128, 128, 128});
    const Image warm = applied("temperature", {60}, image);
    const Image cool = applied("temperature", {-40}, image);
    QVERIFY(at(warm, 0, 0, 0) > 133 && at(warm, 0, 0, 2) < 123);
    QVERIFY(at(cool, 0, 0, 0) < 123 && at(cool, 0, 0, 2) > 133);
    QCOMPARE(at(warm, 0, 0, 1), std::uint8_t {128});
    // Black-body light of 4000 K against 6500 K (96.2 mired apart), by the CIE's tables: red over blue in
    // linear sRGB goes from 1.00 to 2.9.
    const Image evening = applied("temperature", {96.2}, image);
    const auto light = [](int value) { return std::pow((value / 255.0 + 0.055) / 1.055, 2.4); };
    const double ratio = light(at(evening, 0, 0, 0)) / light(at(evening, 0, 0, 2));
    QVERIFY2(ratio > 2.5 && ratio < 3.3, qPrintable(QString::number(ratio)));
}

void TestLight::shadowDarkensOneSide()
{
    const Image image = filled(101, 51, {200, 100, 50});
    const Image got = applied("shadow", {0.4, 0, 0}, image); // on the right, the edge in the middle
    for (int y = 0; y < 51; y += 10) {
        QCOMPARE(int {at(got, 0, y, 0)}, 200);
        QCOMPARE(int {at(got, 100, y, 0)}, 120);
        QCOMPARE(int {at(got, 50, y, 0)}, 160);
        QCOMPARE(int {at(got, 100, y, 2)}, 30);
    }
    for (int x = 1; x < 101; ++x)
        QVERIFY(at(got, x, 20) <= at(got, x - 1, 20));
}

void TestLight::equaliseAgreesWithOpenCv()
{
    for (const auto& [width, height] : {std::pair {160, 128}, std::pair {101, 77}}) {
        const Image image = tests::greyOf(photo(width, height));
        cv::Mat grey(height, width, CV_8U);
        for (int y = 0; y < height; ++y)
            for (int x = 0; x < width; ++x)
                grey.at<std::uint8_t>(y, x) = at(image, x, y);
        cv::Mat expected;
        cv::createCLAHE(3.0, {8, 8})->apply(grey, expected);
        const Image got = applied("equalise", {3}, image);
        for (int y = 0; y < height; ++y)
            for (int x = 0; x < width; ++x)
                for (int c = 0; c < 3; ++c)
                    QVERIFY(std::abs(at(got, x, y, c) - expected.at<std::uint8_t>(y, x)) <= 1);
    }
}

void TestLight::aCropIsChangedAsAPictureOfItsOwn_data()
{
    QTest::addColumn<int>("index");
    for (int i = 0; i < std::ssize(ops()); ++i)
        if (ops()[static_cast<std::size_t>(i)].group != Group::Geometry)
            QTest::newRow(ops()[static_cast<std::size_t>(i)].id.data()) << i;
}

void TestLight::aCropIsChangedAsAPictureOfItsOwn()
{
    QFETCH(int, index);
    const OpSpec& op = ops()[static_cast<std::size_t>(index)];
    const Image source = photo(401, 120);
    for (const auto& [width, height] : {std::pair {301, 119}, std::pair {401, 100}, std::pair {6, 6}}) {
        Draws draws({.seed = 8});
        const DrawnStep step {0, &op, op.draw(initialStep(op.id).settings, draws)};
        Image crop {width, height, {}};
        crop.rgb.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3);
        applySteps(source, {}, {}, {width, height}, crop.rgb);
        Image got = crop;
        applySteps(source, {&step, 1}, {}, {width, height}, got.rgb);
        QVERIFY(got == together(crop, {step}));
    }
}

void TestLight::everyValueFindsItsEntry_data()
{
    QTest::addColumn<int>("kind");
    QTest::newRow("any entries, which registers hold") << 0;
    QTest::newRow("bits that are cleared and turned over") << 1;
    QTest::newRow("a single entry more") << 2;
    QTest::newRow("channels that differ") << 3;
}

/// Of all values, at every place of a register, with what is left at the end, and in place.
void TestLight::everyValueFindsItsEntry()
{
    QFETCH(const int, kind);
    Tables tables = Tables::identity();
    for (std::size_t c = 0; c < 3; ++c)
        for (unsigned v = 0; v < 256; ++v)
            tables.of[c][v] = kind == 0 || (kind == 3 && c == 1)
                ? static_cast<std::uint8_t>(v * v * 7 + v * 31 + 5)
                : static_cast<std::uint8_t>((v & 0xB4U) ^ 0x3CU);
    if (kind == 2)
        for (auto& table : tables.of)
            table[77] ^= 1U;
    for (const int width : {1, 5, 43, 256 + 11}) {
        Image image = filled(width, 3, {0, 0, 0});
        for (std::size_t i = 0; i < image.rgb.size(); ++i)
            image.rgb[i] = static_cast<std::uint8_t>(i * 59 + i / 256);
        Image expected = image;
        for (std::size_t i = 0; i < image.rgb.size(); ++i)
            expected.rgb[i] = tables.of[i % 3][image.rgb[i]];
        Image out = filled(width, 3, {1, 2, 3});
        apply(tables, {image.rgb.data(), width, 3}, {out.rgb.data(), width, 3});
        QCOMPARE(out.rgb, expected.rgb);
        apply(tables, {image.rgb.data(), width, 3}, {image.rgb.data(), width, 3});
        QCOMPARE(image.rgb, expected.rgb);
    }
}

void TestLight::joinedTablesGiveTheSameBytes()
{
    const Image image = photo(70, 50);
    std::vector<const OpSpec*> tables;
    for (const OpSpec& op : ops())
        if (std::holds_alternative<Tabulate>(op.effect))
            tables.push_back(&op);
    QVERIFY(tables.size() >= 8);
    for (std::uint32_t round = 0; round < 50; ++round) {
        Draws draws({.seed = 11, .sample = round});
        std::vector<DrawnStep> steps;
        Image stepwise = image;
        for (int i = 0; i < 5; ++i) {
            const auto& op = *tables[static_cast<std::size_t>(draws.uniform(0, double(tables.size())))];
            steps.push_back({0, &op, op.draw(initialStep(op.id).settings, draws)});
            stepwise = together(stepwise, {steps.back()});
        }
        QVERIFY(together(image, steps) == stepwise);
    }
}

void TestLight::joinedMixesAreWithinOneLevel()
{
    const Image image = photo(70, 50);
    const std::vector<DrawnStep> steps {{0, findOp("saturation"), {0.6}},
                                        {1, findOp("channel_shuffle"), {4}},
                                        {2, findOp("saturation"), {0.8}},
                                        {3, findOp("greyscale"), {}}};
    Image stepwise = image;
    for (const DrawnStep& step : steps)
        stepwise = together(stepwise, {step});
    QVERIFY(difference(together(image, steps).rgb, stepwise.rgb).largest <= 2);
}

void TestLight::clippingIsNotJoinedAway()
{
    // Twice the saturation cuts off colours; half of it afterwards must not bring them back.
    const Image image = filled(8, 8, {250, 20, 20});
    const std::vector<DrawnStep> steps {{0, findOp("saturation"), {2.0}}, {1, findOp("saturation"), {0.5}}};
    const Image stepwise = applied("saturation", {0.5}, applied("saturation", {2.0}, image));
    QVERIFY(together(image, steps) == stepwise);
    QVERIFY(stepwise != image);
}

QTEST_GUILESS_MAIN(TestLight)
#include "tst_light.moc"
