#include "core/engine/machine.h"
#include "tests/support/drawn_pictures.h"
#include "tests/support/scratch.h"
#include "tests/support/weights.h"
#include "ui/session.h"
#include "ui/widgets/copies_card.h"
#include "ui/widgets/copies_curve.h"

#include <QPushButton>
#include <QSignalSpy>
#include <QSlider>
#include <QSpinBox>
#include <QTest>

#include <memory>

using namespace graft;
using namespace graft::ui;
using namespace Qt::StringLiterals;

namespace {

constexpr int patience = 60'000; // milliseconds

QPushButton* button(const QWidget& card, const QString& text)
{
    for (auto* found : card.findChildren<QPushButton*>()) {
        if (found->text() == text)
            return found;
    }
    return nullptr;
}

} // namespace

class TestCopiesCard : public QObject
{
    Q_OBJECT
private slots:

    void initTestCase()
    {
        engine::initialise("tst_copies_card");
        const QString pictures = test::drawPictures(m_scratch.path(), u"Shapes"_s, 20);
        Session session;
        QSignalSpy ended(&session, &Session::importEnded);
        session.importFolder(pictures, {}, false);
        QVERIFY(ended.wait(patience));
        m_project = session.folder();
        QSignalSpy closed(&session, &Session::closed);
        session.closeProject();
    }

    void init()
    {
        m_session = std::make_unique<Session>();
        QSignalSpy opened(m_session.get(), &Session::opened);
        m_session->openProject(m_project);
        QVERIFY(opened.wait(patience));
        m_session->setRecipe("gentle_photo");
        m_card = std::make_unique<CopiesCard>(*m_session);
        m_card->show();
    }

    void cleanup()
    {
        m_card.reset();
        m_session.reset();
    }

    void sliderAndNumberAreOneThingAndTheProjectKeepsIt()
    {
        m_card->findChild<QSlider*>()->setValue(7);
        QCOMPARE(m_card->findChild<QSpinBox*>()->value(), 7);
        QCOMPARE(m_session->copies(), 7);
        m_card->findChild<QSpinBox*>()->setValue(60); // beyond the slider's end, which follows
        QCOMPARE(m_card->findChild<QSlider*>()->value(), 60);
        cleanup();
        init();
        QCOMPARE(m_session->copies(), 60);
        QCOMPARE(m_card->findChild<QSpinBox*>()->value(), 60);
    }

    void withoutAugmentationThereIsNothingToCopy()
    {
        m_session->setRecipe("none");
        m_card->refresh();
        QVERIFY(!m_card->findChild<QSlider*>()->isEnabled());
        QVERIFY(!button(*m_card, u"Measure"_s)->isEnabled());
        m_session->setRecipe("strong_photo");
        m_card->refresh();
        QVERIFY(m_card->findChild<QSlider*>()->isEnabled());
    }

    void asManyAsThisComputerCanHandle()
    {
        GRAFT_NEED_WEIGHTS("efficientnet-lite0");
        QVERIFY(!m_card->costs());
        button(*m_card, u"As many as this computer can handle"_s)->click();
        QTRY_VERIFY_WITH_TIMEOUT(m_card->costs(), patience);
        QCOMPARE(m_session->copies(),
                 engine::copiesWithin(*m_card->costs(), engine::copyBudget(*m_session->project())));
        QVERIFY(m_session->copies() > 0);
        m_session->setRecipe("strong_photo"); // what was measured was another recipe
        m_card->refresh();
        QVERIFY(!m_card->costs());
    }

    void measuringCanBeStopped()
    {
        GRAFT_NEED_WEIGHTS("efficientnet-lite0");
        QSignalSpy failed(m_card.get(), &CopiesCard::failed);
        button(*m_card, u"Measure"_s)->click();
        QPushButton* stop = button(*m_card, u"Stop"_s);
        QVERIFY(m_card->isMeasuring() && stop && stop->isEnabled());
        QVERIFY(!button(*m_card, u"Measure"_s));
        stop->click();
        QTRY_VERIFY_WITH_TIMEOUT(!m_card->isMeasuring(), patience);
        QVERIFY(!m_card->costs()); // it did not go on to its end
        QVERIFY(failed.isEmpty()); // and nothing went wrong
        QVERIFY(button(*m_card, u"Measure"_s));
    }

    void aFailureIsASentence()
    {
        const QByteArray before = qgetenv("XDG_DATA_HOME");
        qputenv("XDG_DATA_HOME", m_scratch.path().toUtf8()); // no weights there
        QSignalSpy failed(m_card.get(), &CopiesCard::failed);
        m_card->measure(false);
        QVERIFY(failed.wait(patience));
        before.isNull() ? qunsetenv("XDG_DATA_HOME") : qputenv("XDG_DATA_HOME", before);
        QVERIFY(failed[0][0].toString().contains(u"Network weights"_s));
        QVERIFY(!m_card->costs());
    }

    void theCurveHasAPointForEachNumber()
    {
        GRAFT_NEED_WEIGHTS("efficientnet-lite0");
        learn::Plan plan;
        plan.recipe = "gentle_photo";
        CopiesCurve curve(m_session->project(), plan);
        curve.show();
        QSignalSpy measured(&curve, &CopiesCurve::measured);
        QVERIFY(measured.wait(2 * patience));
        QCOMPARE(curve.points().size(), std::size_t {6});
        QCOMPARE(curve.points().front().copies, 0);
        QVERIFY(curve.points().back().validation.total() > 0);
    }

private:
    test::Scratch m_scratch;
    QString m_project;
    std::unique_ptr<Session> m_session;
    std::unique_ptr<CopiesCard> m_card;
};

QTEST_MAIN(TestCopiesCard)
#include "tst_copies_card.moc"
