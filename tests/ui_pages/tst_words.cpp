#include "ui/models/english_plurals.h"
#include "ui/models/words.h"

#include <QCoreApplication>
#include <QLocale>
#include <QRegularExpression>
#include <QTest>

using namespace graft;
using namespace graft::ui;

namespace {

ConfusionMatrix matrix(int right, int wrong)
{
    ConfusionMatrix result(3);
    for (int i = 0; i < right; ++i)
        result.add(i % 3, i % 3);
    for (int i = 0; i < wrong; ++i)
        result.add(0, 1);
    return result;
}

QString plain(QString text)
{
    return text.replace(QChar(0x00A0), QLatin1Char(' '));
}

} // namespace

class TestWords : public QObject
{
    Q_OBJECT
private slots:

    void initTestCase() { QCoreApplication::installTranslator(&m_plurals); }

    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".?"))); }

    void percents_data()
    {
        QTest::addColumn<double>("share");
        QTest::addColumn<QString>("shown");
        QTest::newRow("half") << 0.5 << QStringLiteral("50 %");
        QTest::newRow("rounded") << 0.974 << QStringLiteral("97 %");
        QTest::newRow("all") << 1.0 << QStringLiteral("100 %");
        QTest::newRow("nearly all") << 0.9971 << QStringLiteral("99.7 %");
        QTest::newRow("not quite all") << 0.99999 << QStringLiteral("99.9 %");
        QTest::newRow("none") << 0.0 << QStringLiteral("0 %");
    }

    void percents()
    {
        QFETCH(double, share);
        QFETCH(QString, shown);
        QCOMPARE(plain(percent(share)), shown);
    }

    void durations_data()
    {
        QTest::addColumn<double>("seconds");
        QTest::addColumn<QString>("shown");
        QTest::newRow("short") << 0.2 << QStringLiteral("under 1\u00A0s");
        QTest::newRow("seconds") << 42.4 << QStringLiteral("42\u00A0s");
        QTest::newRow("minutes") << 1080.0 << QStringLiteral("18\u00A0min");
        QTest::newRow("hours") << 3900.0 << QStringLiteral("1\u00A0h 5\u00A0min");
    }

    void durations()
    {
        QFETCH(double, seconds);
        QFETCH(QString, shown);
        QCOMPARE(duration(seconds), shown);
    }

    void verdicts_data()
    {
        QTest::addColumn<int>("right");
        QTest::addColumn<int>("wrong");
        QTest::addColumn<bool>("test");
        QTest::addColumn<QString>("shown");
        QTest::addColumn<bool>("warns");
        // The intervals were computed from Wilson's formula in another language.
        QTest::newRow("60 test pictures")
            << 59 << 1 << true
            << QStringLiteral(
                   "98.3 % right: 59 of 60 test pictures, kept secret until now. 95 % interval 91 to 99.7 %.")
            << false;
        QTest::newRow("one test picture")
            << 1 << 0 << true
            << QStringLiteral(
                   "100 % right: 1 of 1 test picture, kept secret until now. 95 % interval 21 to 100 %.")
            << true;
        QTest::newRow("validation only")
            << 40 << 10 << false
            << QStringLiteral("80 % right: 40 of 50 validation pictures. 95 % interval 67 to 89 %.") << true;
    }

    void verdicts()
    {
        QFETCH(int, right);
        QFETCH(int, wrong);
        QFETCH(bool, test);
        QFETCH(QString, shown);
        QFETCH(bool, warns);
        learn::RunResult result;
        (test ? result.test : result.validation) = matrix(right, wrong);
        const Verdict found = verdict(result);
        QCOMPARE(plain(found.sentence), shown);
        QCOMPARE(!found.warning.isEmpty(), warns);
        QCOMPARE(found.onTest, test);
    }

    void backbonesAreCalledByTheirTitles_data()
    {
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("shown");
        QTest::newRow("one recipe") << QStringLiteral("vgg16") << QStringLiteral("VGG16");
        QTest::newRow("the recipe that is here") << QStringLiteral("resnet50") << QStringLiteral("ResNet50");
        QTest::newRow("a recipe") << QStringLiteral("resnet50:v2") << QStringLiteral("ResNet50 V2");
        QTest::newRow("of a newer Graft") << QStringLiteral("vit:large") << QStringLiteral("vit:large");
    }

    void backbonesAreCalledByTheirTitles()
    {
        QFETCH(QString, id);
        QFETCH(QString, shown);
        learn::Plan plan;
        plan.backbone = id.toStdString();
        QCOMPARE(backboneTitle(plan), shown);
    }

    void strategiesAreCalledByWhatTheyBeginWith()
    {
        learn::Plan plan;
        QCOMPARE(strategyTitle(plan), QStringLiteral("Linear classifier"));
        plan.strategy = "scratch";
        QCOMPARE(strategyTitle(plan), QStringLiteral("All layers from weights"));
        plan.init = "random";
        QCOMPARE(strategyTitle(plan), QStringLiteral("From scratch"));
        plan.strategy = "of-a-newer-graft";
        QCOMPARE(strategyTitle(plan), QStringLiteral("of-a-newer-graft"));
    }

    // A number never stands at the end of a line and its unit on the next.
    void sizesAreInOnePiece()
    {
        QCOMPARE(megabytes(183'900'000), QStringLiteral("184\u00A0MB"));
        QCOMPARE(megabytesOf(61'000'000, 553'000'000), QStringLiteral("61 of 553\u00A0MB"));
        QCOMPARE(memoryUse(2'400'000'000, 8'000'000'000), QStringLiteral("2.4 of 8\u00A0GB"));
    }

    // Never the accuracy of three pictures, where all have been asked.
    void fewPicturesAreCrossValidated()
    {
        learn::RunResult result;
        result.validation = matrix(3, 0);
        result.test = matrix(2, 1);
        result.crossValidation = matrix(18, 2);
        const Verdict found = verdict(result);
        QCOMPARE(
            plain(found.sentence),
            QStringLiteral("90 % right: 18 of 20 pictures, each answered without having learned from it. "
                           "95 % interval 70 to 97 %."));
        QVERIFY(found.warning.contains(QStringLiteral("cross-validation")));
        QVERIFY(!found.onTest);
        QCOMPARE(&measured(result), &result.crossValidation);
    }

    void nothingMeasuredIsSaid()
    {
        const Verdict found = verdict(learn::RunResult());
        QCOMPARE(found.total, 0);
        QVERIFY(found.sentence.startsWith(QStringLiteral("Nothing was measured")));
    }

private:
    EnglishPlurals m_plurals;
};

QTEST_MAIN(TestWords)
#include "tst_words.moc"
