#include "core/base/error.h"
#include "core/learn/json.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

#include <limits>

using namespace graft;
using namespace graft::learn;

namespace {

/// As another reader of JSON understands it.
QJsonObject read(const std::string& text)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(text)).object();
}

QString string(const QJsonObject& object, const char* key)
{
    return object.value(QLatin1String(key)).toString();
}

double number(const QJsonObject& object, const char* key)
{
    return object.value(QLatin1String(key)).toDouble(-1.0);
}

} // namespace

class TestJson : public QObject
{
    Q_OBJECT

private slots:
    void planReturns();
    void resultReturns();
    void missingKeysKeepTheirDefault();
    void bytesThatAreNoUtf8DoNoHarm();
    void rejects_data();
    void rejects();
    void rejectsMatrices_data();
    void rejectsMatrices();
    void eventsAreLines_data();
    void eventsAreLines();
    void epochHasItsKeys();
};

void TestJson::planReturns()
{
    QCOMPARE(planFromJson(toJson(Plan {})), Plan {});
    Plan plan;
    plan.strategy = "scratch";
    plan.backbone = "resnet50";
    plan.cut = "layer3";
    plan.init = "random";
    plan.inputSize = 64;
    plan.recipe = "digits";
    plan.copies = 3;
    plan.loss = "mse";
    plan.pooling = "max";
    plan.headDropout = 0.3;
    plan.optimizer = "adamw";
    plan.learningRate = 0.1 + 0.2;
    plan.weightDecay = 1e-300;
    plan.epochs = 12;
    plan.batch = 4096;
    plan.minutes = 0.5;
    plan.patience = 4;
    plan.momentum = 0.8;
    plan.labelSmoothing = 0.1;
    plan.classWeights = "balanced";
    plan.clipNorm = 2.5;
    plan.trainFrom = "layer2";
    plan.batchStatistics = "batch";
    plan.kernel = "rbf";
    plan.penalty = 0.01;
    plan.gamma = 0.002;
    plan.device = "cuda:1";
    plan.precision = "bfloat16";
    plan.seed = std::numeric_limits<std::uint64_t>::max();
    QCOMPARE(planFromJson(toJson(plan)), plan);
    const QJsonObject object = read(toJson(plan));
    QCOMPARE(string(object, "cut"), u"layer3");
    QCOMPARE(number(object, "learning_rate"), 0.1 + 0.2);
    QCOMPARE(object.size(), 29);
}

void TestJson::resultReturns()
{
    RunResult result;
    result.epochs = 3;
    result.validation = ConfusionMatrix(2);
    result.crossValidation = ConfusionMatrix(2);
    result.crossValidation.add(1, 0);
    const std::string text = toJson(result);
    QVERIFY(read(text).contains(u"cross_validation"));
    const RunResult back = runResultFromJson(text);
    QCOMPARE(back.crossValidation, result.crossValidation);
    QCOMPARE(back.validation, result.validation);
    QCOMPARE(runResultFromJson("{}").crossValidation.total(), 0); // a run of an older Graft
}

void TestJson::missingKeysKeepTheirDefault()
{
    Plan wanted;
    wanted.epochs = 7;
    QCOMPARE(planFromJson("{\"epochs\": 7, \"of_the_future\": [1, {}]}"), wanted);
}

void TestJson::bytesThatAreNoUtf8DoNoHarm()
{
    Plan plan;
    plan.cut = "a\xFF\"\n";
    QCOMPARE(string(read(toJson(plan)), "cut"), QStringLiteral("a\uFFFD\"\n"));
}

void TestJson::rejects_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("nothing") << "";
    QTest::newRow("half") << "{\"epochs\": 7";
    QTest::newRow("a list") << "[]";
    QTest::newRow("two") << "{}{}";
    QTest::newRow("text for a number") << "{\"epochs\": \"7\"}";
    QTest::newRow("fraction for a whole number") << "{\"epochs\": 7.5}";
    QTest::newRow("below 0") << "{\"epochs\": -1}";
    QTest::newRow("too large for an int") << "{\"batch\": 3000000000}";
    QTest::newRow("too large for anything") << "{\"seed\": 18446744073709551616}";
    QTest::newRow("huge exponent") << "{\"epochs\": 1e300}";
    QTest::newRow("null") << "{\"cut\": null}";
    QTest::newRow("number for a text") << "{\"device\": 0}";
    QTest::newRow("history of numbers") << "{\"history\": [1]}";
    QTest::newRow("history that is no list") << "{\"history\": {}}";
    QTest::newRow("matrix that is no list") << "{\"test\": 3}";
    QTest::newRow("best that is no bool") << "{\"history\": [{\"best\": 1}]}";
}

void TestJson::rejects()
{
    QFETCH(QString, text);
    const auto both = [&] {
        planFromJson(text.toStdString());
        runResultFromJson(text.toStdString());
    };
    QVERIFY_THROWS_EXCEPTION(Error, both());
}

void TestJson::rejectsMatrices_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("uneven rows") << "[[1, 2], [3]]";
    QTest::newRow("more columns than rows") << "[[1, 2]]";
    QTest::newRow("numbers, not rows") << "[1]";
    QTest::newRow("negative") << "[[-1]]";
    QTest::newRow("fraction") << "[[0.5]]";
    QTest::newRow("a count that would take for ever") << "[[9223372036854775807]]";
    QTest::newRow("a sum that would take for ever") << "[[60000000, 60000000], [0, 0]]";
}

void TestJson::rejectsMatrices()
{
    QFETCH(QString, text);
    QVERIFY_THROWS_EXCEPTION(Error, confusionMatrixFromJson(text.toStdString()));
}

void TestJson::eventsAreLines_data()
{
    QTest::addColumn<int>("index");
    QTest::addColumn<QString>("event");
    QTest::addColumn<QString>("key");
    QTest::newRow("started") << 0 << "train_started"
                             << "classes";
    QTest::newRow("preparing") << 1 << "train_preparing"
                               << "pictures_per_second";
    QTest::newRow("batch") << 2 << "batch_done"
                           << "batches";
    QTest::newRow("epoch") << 3 << "epoch_done"
                           << "learning_rate";
    QTest::newRow("guesses") << 4 << "guesses"
                             << "guesses";
    QTest::newRow("note") << 5 << "train_note"
                          << "warning";
    QTest::newRow("paused") << 7 << "train_paused"
                            << "event";
    QTest::newRow("continued") << 8 << "train_continued"
                               << "seconds";
    QTest::newRow("ended") << 6 << "train_ended"
                           << "outcome";
}

void TestJson::eventsAreLines()
{
    QFETCH(int, index);
    QFETCH(QString, event);
    QFETCH(QString, key);
    TrainStarted started;
    started.classes = {"a\nb", "\xFF"};
    const std::array<TrainEvent, 9> events {started,
                                            TrainPreparing {"line\nbreak"},
                                            BatchDone {},
                                            EpochDone {},
                                            Guesses {1, {{"p\xFF", 0, 1, 0.5}}},
                                            TrainNote {true, "x\ny"},
                                            TrainEnded {},
                                            TrainPaused {},
                                            TrainContinued {2.5}};
    const std::string line = toJson(events.at(static_cast<std::size_t>(index)));
    QVERIFY(line.find('\n') == std::string::npos);
    QCOMPARE(string(read(line), "event"), event);
    QVERIFY(read(line).contains(key));
}

void TestJson::epochHasItsKeys()
{
    const QJsonObject object =
        read(toJson(TrainEvent(EpochDone {3, 9, 0.5, 0.6, 0.7, 0.8, 0.01, true, 2.5, 21.5, 15.0, 1000})));
    QCOMPARE(number(object, "epoch"), 3.0);
    QCOMPARE(number(object, "epochs"), 9.0);
    QCOMPARE(number(object, "train_loss"), 0.5);
    QCOMPARE(number(object, "train_accuracy"), 0.6);
    QCOMPARE(number(object, "validation_loss"), 0.7);
    QCOMPARE(number(object, "validation_accuracy"), 0.8);
    QCOMPARE(number(object, "learning_rate"), 0.01);
    QCOMPARE(object.value(u"best").toBool(), true);
    QCOMPARE(number(object, "seconds"), 2.5);
    QCOMPARE(number(object, "pictures_per_second"), 21.5);
    QCOMPARE(number(object, "seconds_left"), 15.0);
    QCOMPARE(number(object, "memory_bytes"), 1000.0);
}

QTEST_APPLESS_MAIN(TestJson)
#include "tst_json.moc"
