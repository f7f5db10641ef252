#include "ui/models/english_plurals.h"
#include "ui/models/race_model.h"
#include "ui/pages/race_page.h"
#include "ui/session.h"
#include "ui/widgets/race_plot.h"
#include "ui/widgets/waiting_band.h"

#include <QCoreApplication>
#include <QLabel>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

#include <memory>

using namespace graft;
using namespace graft::ui;

namespace {

using engine::Racer;

QString plain(QString text)
{
    return text.replace(QChar(0x00A0), QLatin1Char(' '));
}

/// The texts of all labels that can be seen.
QString texts(const QWidget& page)
{
    QStringList texts;
    for (const QLabel* label : page.findChildren<QLabel*>()) {
        if (label->isVisible())
            texts += plain(label->text());
    }
    return texts.join(QLatin1Char('\n'));
}

QStringList buttons(const QWidget& page)
{
    QStringList texts;
    for (const QPushButton* button : page.findChildren<QPushButton*>()) {
        if (button->isVisible())
            texts += button->text();
    }
    return texts;
}

engine::Race standing()
{
    engine::Race race;
    for (const char* id : {"linear", "finetune", "svm", "scratch"})
        race.racers.emplace_back().strategy = id;
    return race;
}

} // namespace

class TestRacePage : public QObject
{
    Q_OBJECT
private slots:

    void initTestCase() { QCoreApplication::installTranslator(&m_plurals); }

    void init()
    {
        // The offscreen platform knows no window managers and says so of every window.
        QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
        m_session = std::make_unique<Session>();
        m_page = std::make_unique<RacePage>(*m_session);
        m_page->resize(1072, 704);
        m_page->show();
        m_page->begin({}, 5);
    }

    void cleanup()
    {
        m_page.reset();
        m_session.reset();
    }

    void sayWhatRaces()
    {
        QVERIFY(texts(*m_page).contains(QStringLiteral("Race: four strategies, 5 minutes each")));
        QVERIFY(texts(*m_page).contains(
            QStringLiteral("EfficientNet-Lite0, one strategy after the other, started at ")));
        QCOMPARE(buttons(*m_page),
                 (QStringList {QStringLiteral("Pause"), QStringLiteral("Skip this one"),
                               QStringLiteral("End the race")}));
        QVERIFY(!button(QStringLiteral("Skip this one"))->isEnabled()); // none has begun
        QCOMPARE(table()->model()->rowCount(), 4);
        QVERIFY(!texts(*m_page).contains(QStringLiteral("On the map")));
    }

    void theBestIsOnTop()
    {
        half();
        QCOMPARE(table()->model()->index(0, RaceModel::Strategy).data().toString(),
                 QStringLiteral("Fine-tune the whole network"));
        QVERIFY(table()->isColumnHidden(RaceModel::Test));
        QCOMPARE(plain(plot()->labels().join(QLatin1Char('|'))), QStringLiteral("1: 91 %|2: 95 %||"));
        QVERIFY(plain(plot()->summary())
                    .contains(QStringLiteral("Fine-tune the whole network: 95 % after 1:00.")));
    }

    /// Everything that can be read fits: the page scrolls, not the table.
    void theTableIsAsHighAsItsRows()
    {
        half();
        QTRY_VERIFY(table()->viewport()->height() > 0);
        const int last = table()->model()->rowCount() - 1;
        QVERIFY(table()->rowViewportPosition(last) + table()->rowHeight(last)
                <= table()->viewport()->height());
    }

    void theMapIsRemembered()
    {
        emit m_session->raceNews({MapAdvice {"linear"}});
        QTRY_VERIFY(texts(*m_page).contains(QStringLiteral(
            "On the map Graft had recommended strategy 1. The winner is checked on the test pictures "
            "when the race is over.")));
    }

    void aFailureIsSaidInWords()
    {
        engine::Race race = standing();
        race.racers[3].state = Racer::State::Failed;
        race.racers[3].problem = "There is not enough memory. Close other programs.";
        emit m_session->raceNews({race});
        QTRY_VERIFY(texts(*m_page).contains(
            QStringLiteral("Strategy 4 failed. There is not enough memory. Close other programs.")));
    }

    /// Once for each strategy: a second press would end the next one.
    void skippingIsPossibleOnce()
    {
        half();
        QPushButton* skip = button(QStringLiteral("Skip this one"));
        QVERIFY(skip->isEnabled());
        skip->click();
        QVERIFY(!skip->isEnabled());
        engine::Race next = m_page->race().race;
        next.racers[2].state = Racer::State::Skipped;
        next.racers[3].state = Racer::State::Running;
        emit m_session->raceNews({next});
        QVERIFY(skip->isEnabled());
    }

    void endingItIsPossibleOnce()
    {
        half();
        button(QStringLiteral("End the race"))->click();
        half();
        for (const char* name : {"Pause", "Skip this one", "End the race"})
            QVERIFY(!button(QString::fromLatin1(name))->isEnabled());
    }

    void theWinnerCanBeTried()
    {
        half();
        engine::Race race = m_page->race().race;
        race.racers[1].test = {56, 60};
        race.racers[1].run = "run-8";
        race.winner = race.recommended = 1;
        race.sentence = "Fine-tuning won: 93 %.";
        emit m_session->raceNews({race});
        QVERIFY(!buttons(*m_page).contains(QStringLiteral("Try it"))); // it is not over
        emit m_session->raceEnded({});
        QVERIFY(texts(*m_page).contains(QStringLiteral("Fine-tuning won: 93 %.")));
        QVERIFY(texts(*m_page).contains(QStringLiteral("Try it uses Run 8: Fine-tune the whole network.")));
        QVERIFY(!texts(*m_page).contains(QStringLiteral("when the race is over")));
        QVERIFY(!table()->isColumnHidden(RaceModel::Test));
        QCOMPARE(buttons(*m_page), (QStringList {QStringLiteral("New training…"), QStringLiteral("Try it")}));
        QVERIFY(button(QStringLiteral("Try it"))->property("primary").toBool());
        const QSignalSpy tried(m_page.get(), &RacePage::tryIt);
        const QSignalSpy again(m_page.get(), &RacePage::newTraining);
        button(QStringLiteral("Try it"))->click();
        button(QStringLiteral("New training…"))->click();
        QCOMPARE(tried.size(), 1);
        QCOMPARE(tried.first().first().toString(), QStringLiteral("run-8"));
        QCOMPARE(again.size(), 1);
    }

    void withoutAResultThereIsNothingToTry()
    {
        emit m_session->raceNews({standing()});
        emit m_session->raceEnded({});
        QVERIFY(texts(*m_page).contains(QStringLiteral("The race ended before a strategy had a result.")));
        QCOMPARE(buttons(*m_page), (QStringList {QStringLiteral("New training…")}));
    }

    void aRaceThatCannotBeginSaysWhy()
    {
        emit m_session->raceEnded(QStringLiteral("There are no weights."));
        QCOMPARE(m_page->state(), Page::State::Error);
        QVERIFY(texts(*m_page).contains(QStringLiteral("There are no weights.")));
        const QSignalSpy again(m_page.get(), &RacePage::newTraining);
        emit m_page->errorAction();
        QCOMPARE(again.size(), 1);
    }

    /// The next race begins afresh.
    void nothingOfTheLastRaceStays()
    {
        half();
        emit m_session->raceEnded({});
        m_page->begin({}, 1);
        QCOMPARE(m_page->race().minutes, 1);
        QVERIFY(texts(*m_page).contains(QStringLiteral("Race: four strategies, 1 minute each")));
        QCOMPARE(plot()->labels().join(QString()), QString());
        QVERIFY(buttons(*m_page).contains(QStringLiteral("End the race")));
        QVERIFY(!m_page->findChild<QLabel*>(QStringLiteral("verdict"))->isVisible());
    }

private:
    QTableView* table() const { return m_page->findChild<QTableView*>(); }

    RacePlot* plot() const { return m_page->findChild<RacePlot*>(); }

    QPushButton* button(const QString& text) const
    {
        for (QPushButton* button : m_page->findChildren<QPushButton*>()) {
            if (button->text() == text)
                return button;
        }
        qFatal("there is no button \"%s\"", qUtf8Printable(text));
    }

    /// Two strategies are done, the third runs.
    void half()
    {
        engine::Race race = standing();
        QList<RaceNews> news {race};
        const auto finish = [&](int i, double accuracy, learn::Answers answers) {
            EpochDone done;
            done.epoch = 1;
            done.seconds = 30.0;
            done.validationAccuracy = accuracy - 0.1;
            news += RacerEvent {i, done};
            done.seconds = 60.0;
            done.validationAccuracy = accuracy;
            news += RacerEvent {i, done};
            Racer& racer = race.racers[static_cast<std::size_t>(i)];
            racer.state = Racer::State::Done;
            racer.seconds = 60.0;
            racer.validation = answers;
        };
        finish(0, 0.91, {67, 74});
        finish(1, 0.946, {70, 74});
        race.racers[2].state = Racer::State::Running;
        news += race;
        emit m_session->raceNews(news);
    }

    EnglishPlurals m_plurals;
    std::unique_ptr<Session> m_session;
    std::unique_ptr<RacePage> m_page;
};

QTEST_MAIN(TestRacePage)
#include "tst_race_page.moc"
