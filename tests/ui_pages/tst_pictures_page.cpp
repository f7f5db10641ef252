#include "core/engine/import.h"
#include "tests/support/drawn_pictures.h"
#include "tests/support/scratch.h"
#include "ui/models/class_model.h"
#include "ui/models/english_plurals.h"
#include "ui/pages/pictures_page.h"
#include "ui/session.h"
#include "ui/widgets/problems_panel.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace graft;
using namespace graft::ui;

namespace {

constexpr int Each = 12; // pictures of a class
constexpr int Patience = 30'000; // milliseconds

} // namespace

class TestPicturesPage : public QObject
{
    Q_OBJECT
private slots:

    void initTestCase() { QCoreApplication::installTranslator(&m_plurals); }

    void init()
    {
        // The offscreen platform knows no window managers and says so of every window.
        QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
        m_scratch = std::make_unique<test::Scratch>();
        m_pictures = test::drawPictures(m_scratch->path(), QStringLiteral("Shapes"), Each);
        m_session = std::make_unique<Session>();
        m_page = std::make_unique<PicturesPage>(*m_session);
        m_page->resize(1072, 704);
        m_page->show();
    }

    void cleanup()
    {
        m_page.reset();
        m_session.reset();
    }

    void emptyAsksForPictures()
    {
        QCOMPARE(m_page->state(), Page::State::Empty);
        QSignalSpy asked(m_page.get(), &PicturesPage::addPictures);
        emit m_page->emptyAction();
        QCOMPARE(asked.size(), 1);
    }

    void showsWhatWasImported()
    {
        import();
        const auto* grid = m_page->findChild<QListView*>(QStringLiteral("grid"));
        const auto* classes = m_page->findChild<QListView*>(QStringLiteral("classes"));
        const auto pictures = static_cast<int>(m_session->dataset().pictures.size());
        QVERIFY(pictures > 0);
        QCOMPARE(grid->model()->rowCount(), pictures);
        QCOMPARE(classes->model()->rowCount(), static_cast<int>(m_session->dataset().classes.size()) + 1);
        QVERIFY(!m_page->messages()->isHidden()); // twelve pictures are few
        QVERIFY(m_page->findChild<ProblemsPanel*>()->isHidden() == m_session->dataset().problems.empty());
    }

    void listAndBoxChooseTheSameClass()
    {
        import();
        auto* grid = m_page->findChild<QListView*>(QStringLiteral("grid"));
        auto* classes = m_page->findChild<QListView*>(QStringLiteral("classes"));
        auto* box = m_page->findChild<QComboBox*>(QStringLiteral("classChoice"));
        classes->setCurrentIndex(classes->model()->index(1, 0));
        QCOMPARE(box->currentData().toInt(), 0);
        const int shown = grid->model()->rowCount();
        QCOMPARE(shown, classes->model()->index(1, 0).data(ClassModel::CountRole).toInt());

        box->setCurrentIndex(0);
        emit box->activated(0);
        QCOMPARE(classes->currentIndex().row(), 0);
        QVERIFY(grid->model()->rowCount() > shown);
        m_page->findChild<QLineEdit*>()->setText(QStringLiteral("no such name"));
        QCOMPARE(grid->model()->rowCount(), 0);
        QVERIFY(!grid->isVisible()); // a sentence is there instead
    }

    void aFolderThatIsGoneIsSaid()
    {
        import();
        QVERIFY(QFile::rename(m_pictures, m_pictures + QStringLiteral(" moved")));
        emit m_session->datasetChanged();
        QTRY_COMPARE(m_page->state(), Page::State::Error);
    }

private:
    void import()
    {
        QSignalSpy ended(m_session.get(), &Session::importEnded);
        m_session->importFolder(m_pictures, {}, false);
        QTRY_VERIFY_WITH_TIMEOUT(!ended.isEmpty(), Patience);
        QCOMPARE(m_page->state(), Page::State::Normal);
    }

    EnglishPlurals m_plurals;
    std::unique_ptr<test::Scratch> m_scratch;
    QString m_pictures;
    std::unique_ptr<Session> m_session;
    std::unique_ptr<PicturesPage> m_page;
};

QTEST_MAIN(TestPicturesPage)
#include "tst_pictures_page.moc"
