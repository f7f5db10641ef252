#include "core/learn/race_verdict.h"

#include <QTest>

#include <algorithm>

using namespace graft;
using namespace graft::learn;

namespace {

/// The pictures from `first` on, `wrong` of them, are answered wrongly, all others rightly.
std::vector<bool> answers(int total, int first, int wrong)
{
    std::vector<bool> right(static_cast<std::size_t>(total), true);
    std::fill_n(right.begin() + first, wrong, false);
    return right;
}

RaceEntry entry(const char* strategy, double seconds, std::int64_t validation, std::vector<bool> right)
{
    return {strategy, seconds, {validation, 100}, std::move(right)};
}

QString text(const RaceVerdict& verdict)
{
    return QString::fromStdString(verdict.sentence);
}

} // namespace

class TestRaceVerdict : public QObject
{
    Q_OBJECT
private slots:

    /// scipy.stats.binomtest(min, n, 0.5).pvalue, which is McNemar's exact test.
    void chanceIsThatOfScipy_data()
    {
        QTest::addColumn<int>("first");
        QTest::addColumn<int>("second");
        QTest::addColumn<double>("expected");
        QTest::newRow("never apart") << 0 << 0 << 1.0;
        QTest::newRow("one") << 1 << 0 << 1.0;
        QTest::newRow("even") << 4 << 4 << 1.0;
        QTest::newRow("5 to 0") << 5 << 0 << 0.0625;
        QTest::newRow("6 to 0") << 6 << 0 << 0.03125;
        QTest::newRow("2 to 12") << 2 << 12 << 0.012939453125;
        QTest::newRow("18 to 4") << 18 << 4 << 0.00434350967407;
        QTest::newRow("many") << 600 << 500 << 0.00281954499;
    }

    void chanceIsThatOfScipy()
    {
        QFETCH(const int, first);
        QFETCH(const int, second);
        QFETCH(const double, expected);
        QVERIFY(std::abs(mcNemar(first, second) / expected - 1.0) < 1e-3);
    }

    void whoIsClearlyBetterWins()
    {
        const RaceVerdict verdict = judgeRace({entry("linear", 12, 80, answers(100, 0, 18)),
                                               entry("finetune", 300, 96, answers(100, 0, 4)),
                                               entry("scratch", 300, 55, answers(100, 0, 45))},
                                              JudgedOn::Test);
        QCOMPARE(verdict.winner, 1);
        QCOMPARE(verdict.recommended, 1);
        QCOMPARE(text(verdict),
                 QStringLiteral("Fine-tuning won: 96 of 100 test pictures right, and the next, the linear "
                                "classifier, 82. Chance alone hardly makes such a difference."));
    }

    /// The difference is the same, but now both err on other pictures: that happens to equals.
    void theSamePicturesTellMoreThanTheShares()
    {
        std::vector<bool> slow = answers(100, 0, 6);
        std::vector<bool> quick = answers(100, 0, 13);
        QCOMPARE(
            judgeRace({entry("svm", 12, 86, quick), entry("finetune", 300, 95, slow)}, JudgedOn::Test).winner,
            1); // 7 to 0
        quick = answers(100, 50, 13);
        const RaceVerdict verdict =
            judgeRace({entry("svm", 12, 86, quick), entry("finetune", 300, 95, slow)}, JudgedOn::Test);
        QCOMPARE(verdict.winner, -1); // 13 to 6
        QCOMPARE(verdict.recommended, 0);
    }

    void ofThoseThatCannotBeToldApartTheCheapestIsTaken()
    {
        const RaceVerdict verdict = judgeRace({entry("svm", 12.3, 90, answers(100, 0, 8)),
                                               entry("finetune", 302, 95, answers(100, 0, 6)),
                                               entry("scratch", 3, 40, answers(100, 0, 60))},
                                              JudgedOn::Test);
        QCOMPARE(verdict.winner, -1);
        QCOMPARE(verdict.recommended, 0);
        QCOMPARE(
            text(verdict),
            QStringLiteral("No clear winner: fine-tuning and the SVM cannot be told apart, 94 and 92 of 100 "
                           "test pictures right. The SVM took 12 s instead of 5 min 2 s, so take that one."));
    }

    void whoTookAsLongIsChosenByValidation()
    {
        const RaceVerdict verdict = judgeRace(
            {entry("scratch", 300, 92, answers(100, 0, 6)), entry("finetune", 310, 95, answers(100, 0, 6))},
            JudgedOn::Test);
        QCOMPARE(verdict.winner, -1);
        QCOMPARE(verdict.recommended, 1);
        QVERIFY2(text(verdict).contains(QStringLiteral("They took about as long, so take fine-tuning")),
                 verdict.sentence.c_str());
    }

    void aTieInEverythingGoesToTheQuicker()
    {
        const RaceVerdict verdict =
            judgeRace({entry("linear", 60, 95, answers(100, 0, 6)), entry("svm", 20, 95, answers(100, 0, 6)),
                       entry("finetune", 60, 95, answers(100, 0, 6))},
                      JudgedOn::Test);
        QCOMPARE(verdict.winner, -1);
        QCOMPARE(verdict.recommended, 1);
        QVERIFY2(text(verdict).contains(QStringLiteral("instead of up to 1 min,")), verdict.sentence.c_str());
    }

    /// 6 to 0 is enough for one comparison, and not for the first of three.
    void moreComparisonsNeedMoreEvidence()
    {
        const RaceEntry leader = entry("finetune", 300, 95, answers(100, 0, 0));
        const RaceEntry other = entry("linear", 10, 90, answers(100, 0, 6));
        QCOMPARE(judgeRace({leader, other}, JudgedOn::Test).winner, 0);
        const RaceEntry third = entry("svm", 11, 90, answers(100, 0, 6));
        QCOMPARE(judgeRace({leader, other, third}, JudgedOn::Test).winner, -1);
        // Holm: where the first is far enough apart, the second needs less.
        const RaceEntry poor = entry("scratch", 300, 40, answers(100, 0, 60));
        QCOMPARE(judgeRace({leader, other, poor}, JudgedOn::Test).winner, 0);
    }

    void whatValidationChoseWinsOnlyWhereTestAgrees()
    {
        const RaceVerdict verdict = judgeRace(
            {entry("linear", 10, 90, answers(100, 0, 2)), entry("finetune", 300, 95, answers(100, 0, 20))},
            JudgedOn::Test);
        QCOMPARE(verdict.winner, -1);
        QCOMPARE(verdict.recommended, 0);
        QCOMPARE(
            text(verdict),
            QStringLiteral("No clear winner: fine-tuning did best on validation pictures, but the linear "
                           "classifier on test pictures, 98 and 80 of 100 right. Take the linear "
                           "classifier."));
    }

    void fewPicturesAreSaid()
    {
        const RaceVerdict verdict = judgeRace(
            {entry("linear", 10, 90, answers(9, 0, 4)), entry("finetune", 300, 95, answers(9, 0, 0))},
            JudgedOn::Test);
        QCOMPARE(verdict.winner, -1); // 4 to 0
        QVERIFY2(
            text(verdict).contains(QStringLiteral("cannot be told apart by so few pictures, 9 and 5 of 9")),
            verdict.sentence.c_str());
    }

    /// Validation pictures chose the best already: three racers are three comparisons, not two.
    void validationHasToTellMore()
    {
        const std::vector<RaceEntry> entries {entry("linear", 10, 93, answers(100, 0, 7)),
                                              entry("svm", 10, 93, answers(100, 0, 7)),
                                              entry("finetune", 300, 100, answers(100, 0, 0))};
        QVERIFY(mcNemar(7, 0) < 0.05 / 2);
        QCOMPARE(judgeRace(entries, JudgedOn::Test).winner, 2);
        std::vector<RaceEntry> less = entries;
        less.push_back(entry("scratch", 300, 93, answers(100, 0, 7))); // 6 comparisons: 0.0083
        QCOMPARE(judgeRace(less, JudgedOn::Test).winner, 2);
        const RaceVerdict verdict = judgeRace(less, JudgedOn::Validation);
        QCOMPARE(verdict.winner, -1);
        QVERIFY2(text(verdict).contains(QStringLiteral("validation pictures right")),
                 verdict.sentence.c_str());
    }

    void whoFailedIsNotCompared()
    {
        const RaceVerdict verdict =
            judgeRace({entry("linear", 10, 0, {}), entry("svm", 12, 90, answers(100, 0, 8)),
                       entry("finetune", 300, 95, answers(100, 0, 6)), entry("scratch", 0, 0, {})},
                      JudgedOn::Test);
        QCOMPARE(verdict.recommended, 1);
        QVERIFY(!text(verdict).contains(QStringLiteral("linear")));
        QVERIFY(!text(verdict).contains(QStringLiteral("scratch")));
    }

    void oneAloneWinsNothing()
    {
        const RaceVerdict verdict =
            judgeRace({entry("linear", 10, 0, {}), entry("svm", 12, 90, answers(100, 0, 8))}, JudgedOn::Test);
        QCOMPARE(verdict.winner, -1);
        QCOMPARE(verdict.recommended, 1);
        QCOMPARE(
            text(verdict),
            QStringLiteral("Only the SVM has a model, so there is nothing to compare it with: 92 of 100 test "
                           "pictures right."));
    }

    void nobodyWasMeasured()
    {
        for (const auto& entries : {std::vector<RaceEntry> {}, {entry("linear", 10, 0, {})}}) {
            const RaceVerdict verdict = judgeRace(entries, JudgedOn::Test);
            QCOMPARE(verdict.winner, -1);
            QCOMPARE(verdict.recommended, -1);
            QVERIFY(text(verdict).contains(QStringLiteral("nothing to compare")));
        }
    }

    void withoutValidationTheJudgedPicturesChoose()
    {
        RaceEntry first = entry("linear", 10, 0, answers(100, 0, 30));
        RaceEntry second = entry("finetune", 300, 0, answers(100, 0, 2));
        first.validation = second.validation = {};
        QCOMPARE(judgeRace({first, second}, JudgedOn::Test).winner, 1);
    }
};

QTEST_APPLESS_MAIN(TestRaceVerdict)
#include "tst_race_verdict.moc"
