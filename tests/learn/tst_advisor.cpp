#include "core/base/error.h"
#include "core/base/random.h"
#include "core/learn/advice_json.h"
#include "core/learn/advisor.h"
#include "core/learn/strategy.h"

#include <QTest>

#include <algorithm>

using namespace graft;
using namespace graft::learn;

namespace {

Answers answers(double accuracy, int total)
{
    return {std::llround(accuracy * total), total};
}

/// What was measured, made up: accuracies of the linear classifier and the machine at an earlier cut and the
/// last.
struct Evidence {
    int classes = 2;
    int each = 100; ///< training pictures of a class
    double familiarity = 0.4;
    double earlierLinear = 0.9;
    double earlierSvm = 0.9;
    double lastLinear = 0.9;
    double lastSvm = 0.9;
    double half = 0.88; ///< linear, from half of the pictures
    double quarter = 0.85;
};

Advice measured(const Evidence& evidence)
{
    Advice advice;
    advice.backbone = "efficientnet-lite0";
    advice.classes = evidence.classes;
    advice.fewest = advice.most = evidence.each;
    advice.pictures = evidence.classes * evidence.each;
    advice.measuredOn = std::min(1000, advice.pictures);
    advice.familiarity = evidence.familiarity;
    const int n = advice.measuredOn;
    advice.cuts = {{"block5", 192, answers(evidence.earlierLinear, n), answers(evidence.earlierSvm, n)},
                   {"head", 1280, answers(evidence.lastLinear, n), answers(evidence.lastSvm, n)}};
    advice.chosenSvm = answers(std::max(evidence.earlierSvm, evidence.lastSvm), n);
    advice.curve = {{0.25, n / 5, answers(evidence.quarter, n)},
                    {0.5, 2 * n / 5, answers(evidence.half, n)},
                    {1.0, 4 * n / 5, advice.cuts.back().linear}};
    return advice;
}

Pace pace(int pictures, int tests)
{
    Pace now;
    now.allPictures = pictures;
    now.testPictures = tests;
    now.forwardPerSecond = 100.0;
    now.trainingPerSecond = 25.0;
    now.linearSeconds = 2.0;
    now.svmSeconds = 4.0;
    return now;
}

Advice advised(const Evidence& evidence, int tests = 60)
{
    Advice advice = measured(evidence);
    place(advice);
    forecast(advice, pace(advice.pictures, tests));
    recommend(advice);
    return advice;
}

// As measured with EfficientNet-Lite0.
constexpr Evidence catsDogs {2, 140, 0.40, 0.99, 0.988, 0.985, 0.985, 0.98, 0.975};
constexpr Evidence flowers {5, 70, 0.41, 0.882, 0.886, 0.91, 0.892, 0.88, 0.84};
constexpr Evidence chestXray {3, 70, 0.13, 0.873, 0.873, 0.83, 0.82, 0.81, 0.77};
constexpr Evidence digits {10, 70, 0.15, 0.891, 0.927, 0.884, 0.879, 0.836, 0.753};
constexpr Evidence clothes {10, 510, 0.2, 0.82, 0.83, 0.80, 0.79, 0.77, 0.74};

} // namespace

Q_DECLARE_METATYPE(Evidence)

class TestAdvisor : public QObject
{
    Q_OBJECT
private slots:

    void recommends_data()
    {
        QTest::addColumn<Evidence>("evidence");
        QTest::addColumn<QStringList>("expected");
        const auto row = [](const char* name, const Evidence& evidence, const QStringList& expected) {
            QTest::newRow(name) << evidence << expected;
        };
        const QStringList whole {QStringLiteral("finetune"), QStringLiteral("scratch")};
        row("few and similar: cats and dogs", catsDogs, {QStringLiteral("linear")});
        row("few and similar: flowers", flowers, {QStringLiteral("linear")});
        row("few and different: X-rays", chestXray, {QStringLiteral("svm")});
        row("few and different: digits", digits, {QStringLiteral("svm")});
        row("many: clothes", clothes, whole);
        Evidence now = flowers;
        now.each = 2000;
        row("many and similar", now, {QStringLiteral("finetune")});
        now = chestXray;
        now.each = 20'000;
        now.familiarity = 0.1;
        row("very many and different", now, {QStringLiteral("scratch")});
        now = catsDogs;
        now.each = 2000;
        now.lastLinear = 0.999;
        row("many, but nothing left to gain", now, {QStringLiteral("linear")});
        now = chestXray;
        now.each = 150;
        now.earlierSvm = now.lastSvm = 0.7;
        row("few and different, but linear is plainly better", now, {QStringLiteral("linear")});
        now = flowers;
        now.earlierSvm = 0.97;
        row("few and similar, but svm is plainly better", now, {QStringLiteral("svm")});
    }

    void recommends()
    {
        QFETCH(const Evidence, evidence);
        QFETCH(const QStringList, expected);
        const Advice advice = advised(evidence);
        QVERIFY2(expected.contains(QString::fromStdString(advice.recommended)), advice.reason.c_str());
        QCOMPARE(std::ranges::count(advice.reason, '.') >= 2, true);
        QVERIFY(advice.reason.ends_with('.'));
        QCOMPARE(advice.init, std::string(advice.recommended == "scratch" ? "weights" : ""));
        QCOMPARE(advice.strategies.size(), strategies().size());
        for (std::size_t i = 0; i < advice.strategies.size(); ++i)
            QCOMPARE(advice.strategies[i].strategy, std::string(strategies()[i].id));
    }

    void theMapFollowsTheMeasurements()
    {
        const auto placed = [](const Evidence& evidence) {
            Advice advice = measured(evidence);
            place(advice);
            return advice;
        };
        QVERIFY(placed(catsDogs).similar > 0.2);
        QVERIFY(placed(chestXray).similar < -0.4);
        QVERIFY(placed(catsDogs).many < 0.0);
        QVERIFY(placed(clothes).many > 0.0);
        Evidence same = flowers;
        same.familiarity = 0.72; // ImageNet's own
        same.earlierLinear = same.lastLinear;
        QVERIFY(std::abs(placed(same).similar - 1.0) < 1e-9);
        same.familiarity = 0.25;
        QVERIFY(std::abs(placed(same).similar) < 1e-9);
        same.earlierLinear = 1.0; // an earlier cut wins: less similar than the network thinks
        QVERIFY(placed(same).similar < -0.3);
        Evidence rising = flowers;
        rising.half = 0.7;
        Evidence flat = flowers;
        flat.half = flat.lastLinear;
        QVERIFY(placed(rising).many + 0.2 < placed(flat).many);
        Advice unequal = measured(flowers);
        unequal.fewest = 5;
        place(unequal);
        QVERIFY(unequal.manyError > placed(flowers).manyError);
        Advice unknown = measured(flowers);
        unknown.familiarity.reset();
        place(unknown);
        QCOMPARE(unknown.similarError, 1.0);
    }

    /// The interval holds the later test in 19 of 20 cases: pictures are right with a probability that nobody
    /// knows, and both the measurement and the test are drawn from it.
    void anIntervalHoldsWhatItPromises_data()
    {
        QTest::addColumn<double>("truth");
        QTest::addColumn<int>("each");
        QTest::addColumn<int>("tests");
        QTest::newRow("hard") << 0.7 << 70 << 45;
        QTest::newRow("easy") << 0.97 << 70 << 60;
        QTest::newRow("few") << 0.85 << 20 << 10;
        QTest::newRow("large test") << 0.9 << 70 << 2000;
    }

    void anIntervalHoldsWhatItPromises()
    {
        QFETCH(const double, truth);
        QFETCH(const int, each);
        QFETCH(const int, tests);
        constexpr int rounds = 400;
        int held = 0;
        double width = 0.0;
        for (std::uint32_t round = 0; round < rounds; ++round) {
            Draws draws({.seed = 11, .sample = round});
            const auto drawn = [&](int total) {
                int right = 0;
                for (int i = 0; i < total; ++i)
                    right += draws.uniform() < truth ? 1 : 0;
                return static_cast<double>(right) / total;
            };
            Evidence evidence {2, each};
            evidence.lastLinear = drawn(2 * each);
            evidence.half = evidence.quarter = evidence.lastLinear; // a flat curve: more would bring nothing
            const Advice advice = advised(evidence, tests);
            const Forecast& linear = *forecastOf(advice, "linear");
            const double test = drawn(tests);
            held += test >= linear.likely.low && test <= linear.likely.high ? 1 : 0;
            width += (linear.likely.high - linear.likely.low) / rounds;
        }
        QVERIFY2(held >= 0.93 * rounds, qPrintable(QString::number(held)));
        // And promises no more than it must: twice the deviations of both, and a few points.
        const double chance = 2.0 * 1.96 * std::sqrt(truth * (1 - truth) * (1.0 / (2 * each) + 1.0 / tests));
        QVERIFY2(width < 1.35 * chance + 0.06, qPrintable(QString::number(width)));
    }

    void errorsFallAlongTheCurve()
    {
        // error = 2 n^-0.5 on many pictures: measured from 800, expected at 5,100
        Evidence evidence = clothes;
        const auto right = [](double n) { return 1.0 - 2.0 / std::sqrt(n); };
        evidence.quarter = right(200);
        evidence.half = right(400);
        evidence.lastLinear = right(800);
        const Forecast linear = *forecastOf(advised(evidence), "linear");
        QVERIFY2(std::abs(linear.accuracy - right(5100)) < 0.012,
                 qPrintable(QString::number(linear.accuracy)));
        evidence.quarter = evidence.half = evidence.lastLinear; // flat
        const Forecast flat = *forecastOf(advised(evidence), "linear");
        QVERIFY(flat.accuracy < linear.accuracy - 0.01);
        QVERIFY(flat.accuracy >= evidence.lastLinear - 1e-9);
    }

    void timesFollowThePace()
    {
        const Advice advice = advised(clothes);
        const Forecast& finetune = *forecastOf(advice, "finetune");
        const double epoch = 5100 / 25.0;
        QCOMPARE(finetune.lowSeconds, 6 * epoch); // patience of 5
        QCOMPARE(finetune.highSeconds, 20 * epoch * 1.25);
        QCOMPARE(forecastOf(advice, "scratch")->lowSeconds, 11 * epoch);
        const Forecast& linear = *forecastOf(advice, "linear");
        QVERIFY(linear.lowSeconds <= 2.0 && linear.highSeconds >= 51.0 + 2.0);
        QVERIFY(linear.highSeconds < finetune.lowSeconds);
        QVERIFY(linear.measured && forecastOf(advice, "svm")->measured && !finetune.measured);
        QCOMPARE(forecastOf(advice, "svm")->cut, std::string("block5"));
        QCOMPARE(linear.cut, std::string("head"));
    }

    void derivedForecastsAreLessCertain()
    {
        const Advice advice = advised(flowers);
        const auto width = [&](const char* strategy) {
            const Interval& likely = forecastOf(advice, strategy)->likely;
            return likely.high - likely.low;
        };
        QVERIFY(width("finetune") > width("linear"));
        QVERIFY(width("scratch") > width("finetune"));
        for (const Forecast& forecast : advice.strategies) {
            QVERIFY(forecast.likely.low >= 0.0 && forecast.likely.high <= 1.0);
            QVERIFY(forecast.likely.low <= forecast.accuracy && forecast.accuracy <= forecast.likely.high);
        }
    }

    void nothingIsRecommendedByChance()
    {
        Evidence evidence {2, 50};
        evidence.earlierLinear = evidence.earlierSvm = evidence.lastLinear = evidence.lastSvm = 0.53;
        const Advice advice = advised(evidence);
        QVERIFY(advice.recommended.empty());
        QVERIFY(advice.complete());
        QVERIFY2(advice.reason.find("right folders") != std::string::npos, advice.reason.c_str());
        evidence.earlierLinear = evidence.earlierSvm = evidence.lastLinear = evidence.lastSvm = 0.8;
        QVERIFY(!advised(evidence).recommended.empty());
    }

    void jsonKeepsEverything()
    {
        Advice advice = advised(digits);
        advice.oftenSeenAs = "nematode, \"worm\"";
        advice.backbones = {{"efficientnet-lite1", 0.125, {198, 240}, 71.5},
                            {"efficientnet-lite0", -0.1, {1, 2}, 9.0}};
        advice.seconds = 12.25;
        advice.created = 1'790'000'000;
        advice.dataFingerprint = "ab12";
        const Advice read = adviceFromJson(toJson(advice));
        QCOMPARE(toJson(read), toJson(advice));
        QCOMPARE(read.cuts.at(0).svm.correct, advice.cuts.at(0).svm.correct);
        QCOMPARE(read.chosenSvm.total, advice.chosenSvm.total);
        QCOMPARE(read.curve.at(1).pictures, advice.curve.at(1).pictures);
        QCOMPARE(read.backbones.at(0).logMe, 0.125);
        QCOMPARE(read.strategies.at(3).init, std::string("weights"));
        QCOMPARE(read.strategies.at(2).likely.low, advice.strategies.at(2).likely.low);
        QCOMPARE(*read.familiarity, 0.15);
        QCOMPARE(read.oftenSeenAs, advice.oftenSeenAs);
        QCOMPARE(read.reason, advice.reason);
        QCOMPARE(read.many, advice.many);
        QCOMPARE(read.created, advice.created);
        QVERIFY(!adviceFromJson("{}").familiarity);
        advice.familiarity.reset(); // written as null
        QCOMPARE(toJson(adviceFromJson(toJson(advice))), toJson(advice));
        const Forecast forecast = forecastFromJson(toJson(advice.strategies.at(1)));
        QCOMPARE(toJson(forecast), toJson(advice.strategies.at(1)));
    }

    void damagedJsonIsAnError_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char* text :
             {"", "[]", "{\"cuts\": 3}", "{\"cuts\": [3]}", "{\"familiarity\": \"high\"}",
              "{\"chosen_svm\": {\"correct\": 5, \"total\": 3}}", "{\"strategies\": [{\"likely\": [1]}]}"})
            QTest::newRow(text) << QByteArray(text);
    }

    void damagedJsonIsAnError()
    {
        QFETCH(const QByteArray, text);
        try {
            adviceFromJson(text.toStdString());
            QFAIL("it was read");
        } catch (const Error& error) {
            QCOMPARE(error.next(), std::string("Ask for advice again."));
        }
    }
};

QTEST_GUILESS_MAIN(TestAdvisor)
#include "tst_advisor.moc"
