#include "tests/support/drawn_pictures.h"
#include "tests/support/fake_weights.h"
#include "tests/support/scratch.h"
#include "ui/jobs/weights_jobs.h"
#include "ui/models/answer_model.h"
#include "ui/models/english_plurals.h"
#include "ui/models/share_model.h"
#include "ui/pages/try_it_page.h"
#include "ui/paths.h"
#include "ui/session.h"
#include "ui/widgets/answer_card.h"
#include "ui/widgets/drop_area.h"
#include "ui/widgets/model_choice.h"

#include <QAbstractItemModelTester>
#include <QCoreApplication>
#include <QLabel>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableView>
#include <QTest>

#include <memory>

using namespace graft;
using namespace graft::ui;

namespace {

constexpr int patience = 60000; // milliseconds

QString plain(QString text)
{
    return text.replace(QChar(0x00A0), QLatin1Char(' '));
}

engine::Prediction prediction(const char* path, std::vector<float> probabilities)
{
    engine::Prediction result;
    result.path = path;
    result.best = static_cast<int>(std::max_element(probabilities.begin(), probabilities.end())
                                   - probabilities.begin());
    result.probabilities = std::move(probabilities);
    return result;
}

WeightsSource noWeights()
{
    return {[] { return std::vector<engine::WeightsStatus>(); }, {}, {}, {}};
}

} // namespace

class TestTryItPage : public QObject
{
    Q_OBJECT
private slots:

    void initTestCase() { QCoreApplication::installTranslator(&m_plurals); }

    void init()
    {
        // The offscreen platform knows no window managers and says so of every window.
        QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
        m_session = std::make_unique<Session>();
        m_page = std::make_unique<TryItPage>(*m_session, m_weights);
        m_page->resize(1072, 704);
        m_page->show();
    }

    void cleanup()
    {
        m_page.reset();
        m_session.reset();
    }

    void withoutAnyNetworkItOffersWeights()
    {
        QCOMPARE(m_page->state(), Page::State::Empty);
        QVERIFY(shownTexts().contains(QStringLiteral("No network is on this computer yet.")));
        m_page->addPaths({QStringLiteral("/nowhere/a.jpg")}); // and takes no pictures
        QCOMPARE(m_page->state(), Page::State::Empty);
        QVERIFY(!m_page->asker().isAsking());
        QSignalSpy asked(m_page.get(), &TryItPage::showWeights);
        m_page->askImagenet();
        QCOMPARE(asked.size(), 1);
    }

    void withoutAProjectANetworkAnswers()
    {
        test::FakeWeights fake;
        WeightsJobs weights(fake.source());
        TryItPage page(*m_session, weights);
        QTRY_COMPARE(page.asker().model(), (AskedModel {{}, QStringLiteral("efficientnet-lite0")}));
        QVERIFY(!page.findChild<DropArea*>()->accessibleDescription().contains(QStringLiteral("not seen")));
        const auto* choice = page.findChild<ModelChoice*>();
        QCOMPARE(choice->currentText(), QStringLiteral("ImageNet: EfficientNet-Lite0"));
        QCOMPARE(choice->count(), 2); // of those that are ready or were imported by hand
        weights.download(QStringLiteral("vgg19"));
        QTRY_COMPARE(choice->count(), 3);
        QCOMPARE(choice->currentText(),
                 QStringLiteral("ImageNet: EfficientNet-Lite0")); // it keeps its choice
    }

    void imagenetNamesFiveThings()
    {
        QSignalSpy known(&m_page->asker(), &Asker::classesKnown);
        m_page->asker().setClasses({{}, QStringLiteral("efficientnet-lite0")}, imagenetClasses());
        QCOMPARE(known.size(), 1);
        constexpr std::size_t tabby = 281; // in ImageNet's order
        constexpr std::size_t tiger = 282;
        std::vector<float> shares(1000, 0.0001F);
        shares[tabby] = 0.3F;
        shares[tiger] = 0.25F;
        m_page->asker().takeAnswers({prediction("/new/cat.jpg", shares)});
        QCOMPARE(m_page->card().answerText(), QStringLiteral("Tabby")); // 30 %, and no "none of these"
        QVERIFY(!m_page->findChild<QSpinBox*>()->isVisible());
        const auto* bars = m_page->card().findChild<QTableView*>();
        QCOMPARE(bars->model()->rowCount(), 5);
        QCOMPARE(bars->model()->index(1, ShareModel::Name).data().toString(), QStringLiteral("Tiger cat"));
        QCOMPARE(plain(bars->model()->index(0, ShareModel::Name).data(Qt::ToolTipRole).toString()),
                 QStringLiteral("tabby, tabby cat: 30 %"));
        QCOMPARE(QString::fromStdString(m_page->answers().csv()),
                 QStringLiteral("file,answer,probability,note\r\n/new/cat.jpg,Tabby,0.300000,\r\n"));
    }

    void aMessageKeepsItsDistance()
    {
        const auto top = [this] {
            const auto* drop = m_page->findChild<DropArea*>();
            QCoreApplication::processEvents();
            return drop->mapTo(m_page.get(), QPoint()).y();
        };
        m_page->asker().setClasses({{}, QStringLiteral("efficientnet-lite0")}, imagenetClasses());
        const int before = top();
        MessageBar* bar = m_page->messages();
        bar->display(MessageBar::Kind::Info, {}, QStringLiteral("There is no picture in the clipboard."));
        QVERIFY(top() >= bar->geometry().bottom() + 16);
        QCOMPARE(bar->geometry().top(), before); // where nothing is kept free for it
        bar->hide();
        QCOMPARE(top(), before);
    }

    void theFirstAnswerIsShown()
    {
        teach();
        QCOMPARE(m_page->state(), Page::State::Normal);
        QCOMPARE(m_page->card().answerText(), QStringLiteral("Sunflower"));
        QCOMPARE(plain(m_page->card().sentence()), QStringLiteral("97 % sure. Next is Daisy with 2 %."));
    }

    void underTheThresholdItIsNoneOfThese()
    {
        teach();
        auto* threshold = m_page->findChild<QSpinBox*>();
        QCOMPARE(threshold->value(), 50);
        threshold->setValue(71);
        auto* table = m_page->findChild<QTableView*>(QStringLiteral("answers"));
        table->selectRow(1);
        QCOMPARE(m_page->card().answerText(), QStringLiteral("None of these"));
        QCOMPARE(plain(m_page->card().sentence()),
                 QStringLiteral(
                     "Best guess Daisy, 70 %. This picture does not look like the ones the model learned "
                     "from."));
        const AnswerModel& answers = m_page->answers();
        QCOMPARE(answers.index(1, AnswerModel::Class).data().toString(), QStringLiteral("None of these"));
        QCOMPARE(answers.index(1, AnswerModel::Note).data().toString(), QStringLiteral("Best guess: Daisy"));
        QCOMPARE(answers.unsureCount(), 1);

        threshold->setValue(70); // 70 % is not below 70 %, though 0.7F < 0.7
        QCOMPARE(m_page->card().answerText(), QStringLiteral("Daisy"));
        QCOMPARE(answers.unsureCount(), 0);
        threshold->setValue(98);
        QCOMPARE(answers.unsureCount(), 2);
        threshold->setValue(50);
    }

    void theThresholdIsRemembered()
    {
        m_page->findChild<QSpinBox*>()->setValue(73);
        TryItPage other(*m_session, m_weights);
        QCOMPARE(other.card().threshold(), 0.73);
        m_page->findChild<QSpinBox*>()->setValue(50);
    }

    void problemsAreListedWithTheirReason()
    {
        teach();
        engine::PictureProblem problem;
        problem.path = "/new/notes.txt";
        problem.reason = "notes.txt is not a picture.";
        m_page->asker().takeProblems({problem});
        const AnswerModel& answers = m_page->answers();
        QCOMPARE(answers.rowCount(), 3);
        QCOMPARE(answers.index(2, AnswerModel::Class).data().toString(), QStringLiteral("No answer"));
        QCOMPARE(answers.index(2, AnswerModel::Note).data().toString(),
                 QStringLiteral("notes.txt is not a picture."));
        QCOMPARE(answers.problemCount(), 1);
    }

    void aPictureThatComesAgainKeepsItsRow()
    {
        teach();
        m_page->asker().takeAnswers({prediction("/new/b.jpg", {0.1F, 0.9F})});
        QCOMPARE(m_page->answers().rowCount(), 2);
        QCOMPARE(m_page->answers().index(1, AnswerModel::Class).data().toString(),
                 QStringLiteral("Sunflower"));
    }

    void exportedTablesHaveEveryClass()
    {
        AnswerModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setClasses({{QStringLiteral("Daisy"), QStringLiteral("Sun, flower")}});
        model.put({{"/new/a.jpg", {}, QStringLiteral("a.jpg"), {0.25F, 0.75F}, 1, {}},
                   {"/new/b.txt", {}, QStringLiteral("b.txt"), {}, 0, QStringLiteral("No picture.")}});
        QCOMPARE(QString::fromStdString(model.csv()),
                 QStringLiteral("file,answer,probability,note,Daisy,\"Sun, flower\"\r\n"
                                "/new/a.jpg,\"Sun, flower\",0.750000,,0.250000,0.750000\r\n"
                                "/new/b.txt,,,No picture.,,\r\n"));
        model.clear();
        QCOMPARE(model.rowCount(), 0);
    }

    void barsAreLargestFirst()
    {
        ShareModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setShares({{QStringLiteral("A"), QStringLiteral("B"), QStringLiteral("C")}},
                        {0.2F, 0.7F, 0.1F});
        QCOMPARE(model.index(0, ShareModel::Name).data().toString(), QStringLiteral("B"));
        QCOMPARE(plain(model.index(0, ShareModel::Bar).data().toString()), QStringLiteral("70 %"));
        QCOMPARE(model.index(2, ShareModel::Name).data().toString(), QStringLiteral("C"));
    }

    /// What a race recommended answers, although newer runs have models, until a person chooses.
    void theRecommendedRunAnswers()
    {
        const test::Scratch scratch;
        const QString folder = scratch.path() + QStringLiteral("/Flowers.graft");
        {
            store::Project project = store::Project::create(toPath(folder));
            addRuns(project, 3);
            project.recommendRun("run-2");
        }
        open(folder);
        QCOMPARE(m_page->asker().model(), (AskedModel {QStringLiteral("run-2")}));
        const auto* choice = m_page->findChild<ModelChoice*>();
        QVERIFY2(choice->currentText().startsWith(QStringLiteral("Run 2")),
                 qPrintable(choice->currentText()));
        emit m_session->runsChanged();
        QCOMPARE(m_page->asker().model(), (AskedModel {QStringLiteral("run-2")}));
        m_page->askRun(QStringLiteral("run-1"));
        emit m_session->runsChanged(); // nothing has changed of who answers
        QCOMPARE(m_page->asker().model(), (AskedModel {QStringLiteral("run-1")}));
    }

    /// A newer run takes over, but not from what a person chose.
    void whatAPersonChoseAnswers()
    {
        const test::Scratch scratch;
        const QString pictures = test::drawPictures(scratch.path(), QStringLiteral("Shapes"), 5);
        QSignalSpy ended(m_session.get(), &Session::importEnded);
        m_session->importFolder(pictures, {}, false);
        QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, patience);
        addRuns(*m_session->project(), 2);
        const QString folder = m_session->folder();
        m_session->closeProject();
        open(folder);
        QCOMPARE(m_page->asker().model(), (AskedModel {QStringLiteral("run-2")}));
        const TryItPage other(*m_session, m_weights);
        const QSignalSpy changed(m_page.get(), &TryItPage::modelChanged);
        auto* choice = m_page->findChild<ModelChoice*>();
        choice->setCurrentIndex(1); // the newest is on top
        emit choice->activated(1);
        QCOMPARE(m_page->asker().model(), (AskedModel {QStringLiteral("run-1")}));
        QCOMPARE(changed.size(), 1);
        learn::Plan plan; // needs no weights
        plan.strategy = "scratch";
        plan.init = "random";
        plan.inputSize = 32;
        plan.epochs = 1;
        QSignalSpy trained(m_session.get(), &Session::trainingEnded);
        m_session->train(plan);
        QTRY_COMPARE_WITH_TIMEOUT(trained.size(), 1, patience);
        QCOMPARE(choice->count(), 3);
        QCOMPARE(m_page->asker().model(), (AskedModel {QStringLiteral("run-1")}));
        QCOMPARE(other.asker().model(), (AskedModel {QStringLiteral("run-3")}));
    }

private:
    /// So many that have a model.
    static void addRuns(store::Project& project, int runs)
    {
        for (int i = 0; i < runs; ++i) {
            store::RunRecord run = project.addRun({});
            run.state = store::RunState::Finished;
            run.hasModel = true;
            project.updateRun(run);
        }
    }

    void open(const QString& folder)
    {
        QSignalSpy opened(m_session.get(), &Session::opened);
        m_session->openProject(folder);
        QTRY_COMPARE(opened.size(), 1);
    }

    QString shownTexts() const
    {
        QString all;
        for (const QLabel* label : m_page->findChildren<QLabel*>()) {
            if (label->isVisible())
                all += label->text() + QLatin1Char('\n');
        }
        return all;
    }

    void teach()
    {
        m_page->asker().setClasses({QStringLiteral("run-3")},
                                   {{QStringLiteral("Daisy"), QStringLiteral("Sunflower")}});
        m_page->asker().takeAnswers(
            {prediction("/new/a.jpg", {0.02F, 0.97F}), prediction("/new/b.jpg", {0.7F, 0.25F})});
    }

    EnglishPlurals m_plurals;
    test::Scratch m_scratch;
    WeightsJobs m_weights {noWeights()};
    std::unique_ptr<Session> m_session;
    std::unique_ptr<TryItPage> m_page;
};

QTEST_MAIN(TestTryItPage)
#include "tst_try_it_page.moc"
