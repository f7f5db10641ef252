#include "core/base/error.h"
#include "core/base/file.h"
#include "core/dataset/split.h"

#include <QTest>

#include <algorithm>
#include <map>
#include <random>

using namespace graft;
using namespace graft::dataset;

namespace {

/// groupSizes[class] = sizes of its groups.
Dataset make(const std::vector<std::vector<int>>& groupSizes)
{
    Dataset dataset;
    int group = 0;
    int number = 0;
    for (std::size_t label = 0; label < groupSizes.size(); ++label) {
        dataset.classes.push_back("class" + std::to_string(label));
        for (const int size : groupSizes[label]) {
            for (int i = 0; i < size; ++i) {
                Picture picture;
                picture.path = "/p/" + std::to_string(number) + ".jpg";
                picture.label = static_cast<int>(label);
                picture.sha256 = sha256(std::to_string(number++));
                picture.group = group;
                dataset.pictures.push_back(picture);
            }
            ++group;
        }
    }
    return dataset;
}

std::vector<int> counts(const Dataset& dataset, std::size_t label = 0)
{
    const ClassCount count = countClasses(dataset)[label];
    return {count.training, count.validation, count.test};
}

std::map<std::string, Side> sides(const Dataset& dataset)
{
    std::map<std::string, Side> result;
    for (const auto& picture : dataset.pictures)
        result[picture.sha256] = picture.side;
    return result;
}

bool groupsAreWhole(const Dataset& dataset)
{
    std::map<int, Side> seen;
    return std::ranges::all_of(dataset.pictures, [&](const Picture& picture) {
        return seen.emplace(picture.group, picture.side).first->second == picture.side;
    });
}

using Counts = std::vector<int>;
using Percent = std::array<int, 3>;

} // namespace

Q_DECLARE_METATYPE(Percent)

class TstSplit : public QObject
{
    Q_OBJECT

private slots:

    void shares_data()
    {
        QTest::addColumn<int>("pictures");
        QTest::addColumn<Percent>("percent");
        QTest::addColumn<Counts>("expected");
        const Percent usual {70, 15, 15};
        QTest::newRow("200") << 200 << usual << Counts {140, 30, 30};
        QTest::newRow("100") << 100 << usual << Counts {70, 15, 15};
        QTest::newRow("10: the spare one is for the test") << 10 << usual << Counts {7, 1, 2};
        QTest::newRow("4") << 4 << usual << Counts {2, 1, 1};
        QTest::newRow("3") << 3 << usual << Counts {1, 1, 1};
        QTest::newRow("2") << 2 << usual << Counts {1, 0, 1};
        QTest::newRow("1") << 1 << usual << Counts {1, 0, 0};
        QTest::newRow("no validation") << 10 << Percent {80, 0, 20} << Counts {8, 0, 2};
        QTest::newRow("no test, two pictures") << 2 << Percent {50, 50, 0} << Counts {1, 1, 0};
        QTest::newRow("all to learn from") << 7 << Percent {100, 0, 0} << Counts {7, 0, 0};
        QTest::newRow("nearly nothing to learn from") << 3 << Percent {1, 49, 50} << Counts {1, 1, 1};
    }

    void shares()
    {
        QFETCH(int, pictures);
        QFETCH(Percent, percent);
        QFETCH(Counts, expected);
        Dataset dataset = make({std::vector<int>(static_cast<std::size_t>(pictures), 1), {1, 1, 1, 1, 1}});
        split(dataset, {7, percent});
        QCOMPARE(counts(dataset), expected);
    }

    void groupsStayWhole_data()
    {
        QTest::addColumn<int>("seed");
        for (int seed = 0; seed < 30; ++seed)
            QTest::addRow("seed %d", seed) << seed;
    }

    void groupsStayWhole()
    {
        QFETCH(int, seed);
        std::mt19937 random(static_cast<unsigned>(seed));
        std::vector<std::vector<int>> sizes(4);
        for (auto& ofClass : sizes) {
            for (unsigned i = 0; i < 3 + random() % 40; ++i)
                ofClass.push_back(random() % 4 == 0 ? static_cast<int>(1 + random() % 9) : 1);
        }
        Dataset dataset = make(sizes);
        // Some groups have pictures of two classes.
        for (int i = 0; i < 3; ++i)
            dataset.pictures[random() % dataset.pictures.size()].group = dataset.pictures[0].group;
        split(dataset, {static_cast<std::uint64_t>(seed), {70, 15, 15}});
        QVERIFY(groupsAreWhole(dataset));
        for (std::size_t label = 0; label < 4; ++label) {
            const ClassCount count = countClasses(dataset)[label];
            std::map<int, int> groups;
            for (const auto& picture : dataset.pictures)
                groups[picture.group] += picture.label == static_cast<int>(label) ? 1 : 0;
            if (groups.size() >= 3 && count.all >= 12)
                QVERIFY(count.training > 0 && count.validation > 0 && count.test > 0);
            int largest = 0;
            for (const auto& [group, size] : groups)
                largest = std::max(largest, size);
            QVERIFY2(std::abs(count.test - count.all * 0.15) <= largest + 1, "far from its share");
        }
    }

    void smallClassesWithGroups()
    {
        Dataset dataset = make({{5, 4, 3}, {9, 1}, {6}});
        split(dataset, {});
        for (const int count : counts(dataset, 0))
            QVERIFY(count >= 3);
        QCOMPARE(counts(dataset, 1), (Counts {9, 0, 1}));
        QCOMPARE(counts(dataset, 2), (Counts {6, 0, 0}));
    }

    void orderAndPlaceDoNotMatter()
    {
        Dataset dataset = make({std::vector<int>(40, 1), {3, 2, 2, 1, 1, 1, 1, 1, 1, 1}});
        Dataset other = dataset;
        std::ranges::shuffle(other.pictures, std::mt19937(3));
        for (auto& picture : other.pictures) {
            picture.path = "/elsewhere" + picture.path.string();
            picture.group = 1000 - picture.group;
        }
        split(dataset, {});
        split(other, {});
        QCOMPARE(sides(other), sides(dataset));
    }

    void theSeedMatters()
    {
        Dataset first = make({std::vector<int>(100, 1)});
        Dataset second = first;
        split(first, {1, {70, 15, 15}});
        split(second, {2, {70, 15, 15}});
        QVERIFY(sides(first) != sides(second));
        split(second, {1, {70, 15, 15}});
        QCOMPARE(sides(first), sides(second));
        // Every picture is tested under some seed: no place in the order is special.
        std::map<std::string, int> tested;
        for (std::uint64_t seed = 0; seed < 100; ++seed) {
            split(first, {seed, {70, 15, 15}});
            for (const auto& [content, side] : sides(first))
                tested[content] += side == Side::Test ? 1 : 0;
        }
        for (const auto& [content, times] : tested)
            QVERIFY2(times >= 2 && times <= 35, qPrintable(QString::number(times)));
    }

    void keeping()
    {
        Dataset before = make({std::vector<int>(40, 1)});
        split(before, {});
        Dataset after = make({std::vector<int>(100, 1)}); // the first 40 are the same
        after.pictures[99].group = after.pictures[0].group;
        splitKeeping(after, before, {9, {70, 15, 15}});
        const auto now = sides(after);
        for (const auto& [content, side] : sides(before))
            QVERIFY(now.at(content) == side);
        QVERIFY(groupsAreWhole(after));
        QCOMPARE(counts(after), (Counts {70, 15, 15}));
    }

    void keepingTwoGroupsThatMeet()
    {
        Dataset before = make({std::vector<int>(20, 1)});
        split(before, {});
        const auto was = sides(before);
        Dataset after = make({std::vector<int>(21, 1)});
        // The new picture joins all groups; each keeps its side, and the new one learns, as most do.
        for (auto& picture : after.pictures)
            picture.group = 0;
        splitKeeping(after, before, {});
        for (const auto& [content, side] : was)
            QVERIFY(sides(after).at(content) == side);
        QVERIFY(after.pictures[20].side == Side::Training);
    }

    void wrongShares()
    {
        QVERIFY_THROWS_EXCEPTION(Error, requireUsable({1, {70, 15, 14}}));
        QVERIFY_THROWS_EXCEPTION(Error, requireUsable({1, {0, 50, 50}}));
        QVERIFY_THROWS_EXCEPTION(Error, requireUsable({1, {120, -10, -10}}));
        requireUsable({});
    }

    void nothingToSplit()
    {
        Dataset empty;
        split(empty, {});
        QVERIFY(empty.pictures.empty());
    }
};

QTEST_APPLESS_MAIN(TstSplit)
#include "tst_split.moc"
