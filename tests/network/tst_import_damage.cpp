// What damage may cost on the whole way from the bytes of a file to the weights of a network: reader, names
// of other libraries, recognition, shapes. tst_weights_damage has the readers alone.
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/random.h"
#include "core/network/backbone.h"
#include "core/network/weights/recognise.h"
#include "core/network/weights/weights_file.h"
#include "tests/support/peak_memory.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <array>
#include <functional>
#include <limits>

using namespace graft;
using namespace graft::network;

namespace {

constexpr std::uint32_t mutations = 10'000; // of each container, and of the tables

/// The network of the fixtures timm_*.pth, under the official names.
BackboneSpec smallNetwork()
{
    BackboneSpec spec = backbone("efficientnet-lite0");
    spec.title = "Small";
    spec.build = [](const BuildOptions& options) {
        GraphBuilder g({3, 8, 8});
        const auto stem = g.add("_conv_stem", Conv {.channels = 4, .kernel = 3}, {g.input()});
        const auto pooled = g.add("pool", GlobalPool {}, {g.add("_bn0", BatchNorm {}, {stem})});
        g.add("_fc", Linear {options.classes == BuildOptions().classes ? 3 : options.classes}, {pooled});
        return std::move(g).build();
    };
    return spec;
}

/// Whole numbers below a limit, by the number of the mutation.
class Dice
{
public:
    Dice(std::uint64_t seed, std::uint32_t mutation)
        : m_draws({.seed = seed, .sample = mutation})
    {
    }

    std::size_t below(std::size_t count)
    {
        return static_cast<std::size_t>(m_draws.uniform() * static_cast<double>(count));
    }

private:
    Draws m_draws;
};

/// Empty where nothing is thrown; otherwise the Error must be one that a person can read.
std::string sentence(const std::function<void()>& work)
{
    try {
        work();
        return {};
    } catch (const Error& error) {
        const std::string said = error.what();
        const bool whole =
            !error.subject().empty() && !error.happened().empty() && error.next().ends_with('.');
        const bool readable = std::ranges::all_of(said, [](char c) { return c >= ' ' && c <= '~'; });
        constexpr std::size_t longest = 400;
        if (!whole || !readable || said.size() > longest)
            qWarning("no clear sentence: %s", said.c_str());
        return said;
    }
}

/// One to four bytes changed, where half of the new ones are telling: zero, all ones, a digit, an opcode.
void damage(std::string& bytes, Dice& dice)
{
    constexpr std::string_view telling("\0\xff\x7f\x80(.RQb9", 10);
    for (std::size_t change = dice.below(4); change < 4; ++change)
        bytes[dice.below(bytes.size())] =
            dice.below(2) == 0 ? telling[dice.below(telling.size())] : static_cast<char>(dice.below(256));
}

std::string damagedName(std::string name, Dice& dice)
{
    switch (dice.below(5)) {
    case 0:
        return name.substr(0, dice.below(name.size()));
    case 1:
        return name.insert(dice.below(name.size()), std::string(dice.below(1000), '9')); // no number holds it
    case 2:
        return "blocks." + std::to_string(dice.below(1U << 31U)) + "." + name;
    case 3:
        return name + name;
    default:
        name[dice.below(name.size())] = static_cast<char>(dice.below(256));
        return name;
    }
}

void damageShape(std::vector<std::int64_t>& shape, Dice& dice)
{
    constexpr std::array<std::int64_t, 6> extents {0,
                                                   -1,
                                                   7,
                                                   1'000'001,
                                                   std::numeric_limits<std::int64_t>::max(),
                                                   std::numeric_limits<std::int64_t>::min()};
    if (shape.empty() || dice.below(4) == 0)
        shape.resize(dice.below(40), 1);
    else
        shape[dice.below(shape.size())] = extents.at(dice.below(extents.size()));
}

/// A tensor gets another name or shape, goes, comes twice, or comes from another network.
void damage(Shapes& shapes, const Shapes& others, Dice& dice)
{
    const auto some = [&](const Shapes& from) {
        return std::next(from.begin(), static_cast<std::ptrdiff_t>(dice.below(from.size())));
    };
    const auto [name, shape] = *some(shapes);
    switch (dice.below(5)) {
    case 0:
        shapes.erase(name);
        break;
    case 1:
        damageShape(shapes.at(name), dice);
        break;
    case 2:
        shapes.erase(name);
        [[fallthrough]];
    case 3:
        shapes.insert_or_assign(damagedName(name, dice), shape);
        break;
    default:
        shapes.insert(*some(others));
    }
}

} // namespace

class TestImportDamage : public QObject
{
    Q_OBJECT
private slots:

    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral("no clear sentence"))); }

    void mutatedFiles_data()
    {
        QTest::addColumn<QByteArray>("container");
        for (const char* container : {"legacy", "zip", "safetensors"})
            QTest::newRow(container) << QByteArray(container);
    }

    void mutatedFiles()
    {
        QFETCH(QByteArray, container);
        const BackboneSpec spec = smallNetwork();
        const std::string whole = smallFile(container.toStdString());
        QCOMPARE(sentence([&] { readWeights(whole, "f.pth", spec); }), std::string());
        const qint64 before = tests::peakKilobytes();
        std::uint32_t refusals = 0;
        for (std::uint32_t i = 0; i < mutations; ++i) {
            Dice dice(11, i);
            std::string bytes = whole;
            damage(bytes, dice);
            const std::string said = sentence([&] { readWeights(bytes, "f.pth", spec); });
            const std::string asked =
                sentence([&] { requireWeightsOf(spec, readShapes(bytes, "f.pth"), "f.pth"); });
            QCOMPARE(asked, said); // what an import asks is what loading finds
            refusals += said.empty() ? 0 : 1;
        }
        QVERIFY(refusals > mutations / 4);
        QVERIFY(refusals < mutations); // some changes only touch numbers
        tests::requireLittleMemorySince(before);
    }

    // Every backbone under each name that its weights have.
    void mutatedTables()
    {
        std::vector<std::pair<const BackboneSpec*, Shapes>> tables;
        for (const BackboneSpec& spec : backbones())
            tables.emplace_back(&spec, shapesOf(spec));
        tables.emplace_back(&m_small, readShapes(smallFile("zip"), "f.pth"));
        const qint64 before = tests::peakKilobytes();
        std::uint32_t refusals = 0;
        for (std::uint32_t i = 0; i < mutations; ++i) {
            Dice dice(12, i);
            Shapes shapes = tables[i % tables.size()].second;
            for (std::size_t change = dice.below(3); change < 3 && !shapes.empty(); ++change)
                damage(shapes, tables[dice.below(tables.size())].second, dice);
            const BackboneSpec& spec =
                *tables[dice.below(2) == 0 ? i % tables.size() : dice.below(tables.size())].first;
            const std::string said = sentence([&] { requireWeightsOf(spec, shapes, "f.pth"); });
            refusals += said.empty() ? 0 : 1;
            const std::string_view title = recogniseNetwork(shapes);
            QVERIFY(title.size() < 40);
        }
        QVERIFY(refusals > mutations * 9 / 10);
        tests::requireLittleMemorySince(before);
    }

private:
    static Shapes shapesOf(const BackboneSpec& spec)
    {
        Shapes shapes;
        for (const Parameter& parameter : parameters(spec.build({.inputSize = spec.preprocess.crop})))
            shapes.emplace(parameter.name, parameter.shape);
        return shapes;
    }

    static std::string smallFile(const std::string& container)
    {
        const std::string fixtures = GRAFT_SOURCE_DIR "/tests/network/fixtures/timm_";
        if (container != "safetensors")
            return readFile(fixtures + container + ".pth");
        const QTemporaryDir folder;
        const std::filesystem::path file = folder.filePath(QStringLiteral("f")).toStdString();
        writeSafetensors(file, readWeights(fixtures + "zip.pth"), {});
        return readFile(file);
    }

    BackboneSpec m_small = smallNetwork();
};

QTEST_GUILESS_MAIN(TestImportDamage)
#include "tst_import_damage.moc"
