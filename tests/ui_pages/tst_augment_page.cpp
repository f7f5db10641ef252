#include "core/engine/import.h"
#include "core/engine/training_view.h"
#include "core/network/weights/catalogue.h"
#include "tests/support/drawn_pictures.h"
#include "tests/support/scratch.h"
#include "ui/models/english_plurals.h"
#include "ui/models/recipe_model.h"
#include "ui/models/tile_model.h"
#include "ui/models/words.h"
#include "ui/pages/augment_page.h"
#include "ui/picture_input.h"
#include "ui/session.h"
#include "ui/widgets/op_row.h"
#include "ui/widgets/param_form.h"
#include "ui/widgets/preview_panel.h"
#include "ui/widgets/recipe_editor.h"
#include "ui/widgets/tile_grid.h"

#include <QCheckBox>
#include <QComboBox>
#include <QCoreApplication>
#include <QDir>
#include <QDoubleSpinBox>
#include <QFile>
#include <QLabel>
#include <QListView>
#include <QMenu>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QSlider>
#include <QTest>
#include <QToolButton>

#include <memory>

using namespace graft;
using namespace graft::ui;

namespace {

constexpr int each = 3; // pictures of a class
constexpr int patience = 30'000; // milliseconds
constexpr int tileCount = 12;

const PreprocessSpec& preprocess()
{
    return network::weightsEntries("efficientnet-lite0").front().preprocess;
}

} // namespace

class TestAugmentPage : public QObject
{
    Q_OBJECT
private slots:

    void initTestCase() { QCoreApplication::installTranslator(&m_plurals); }

    void init()
    {
        // The offscreen platform knows no window managers and says so of every window.
        QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
        m_scratch = std::make_unique<test::Scratch>();
        m_pictures = test::drawPictures(m_scratch->path(), QStringLiteral("Shapes"), each);
        begin();
    }

    void cleanup()
    {
        m_page.reset();
        m_session.reset();
    }

    void emptyAsksForPictures()
    {
        QCOMPARE(m_page->state(), Page::State::Empty);
        QSignalSpy asked(m_page.get(), &AugmentPage::addPictures);
        emit m_page->emptyAction();
        QCOMPARE(asked.size(), 1);
    }

    void aPresetFillsTheRows()
    {
        import();
        choose("gentle_photo");
        const augment::Recipe& gentle = augment::preset("gentle_photo").recipe;
        QCOMPARE(m_page->recipe().recipe(), gentle);
        for (std::size_t i = 0; i < gentle.steps.size(); ++i) {
            const OpRow* row = m_page->editor().row(static_cast<int>(i));
            QCOMPARE(row->op().id, gentle.steps[i].op);
            QCOMPARE(row->findChild<QCheckBox*>()->text(), coreText(row->op().title));
        }
        auto* presets = m_page->findChild<QComboBox*>(QStringLiteral("presets"));
        const auto known = static_cast<int>(augment::presets().size());
        QCOMPARE(presets->count(), known);
        m_page->editor().row(0)->findChild<QCheckBox*>()->click();
        QCOMPARE(presets->count(), known + 1);
        QCOMPARE(presets->currentText(), QStringLiteral("Your own"));
        m_page->recipe().undoStack().undo();
        QCOMPARE(presets->count(), known);
        QCOMPARE(presets->currentText(), QStringLiteral("Photos, gentle"));
    }

    void tilesAreTheCopiesOfTraining()
    {
        import();
        choose("strong_photo");
        comparesWithTraining(m_page->recipe().recipe(), 1);
        m_page->findChild<QSpinBox*>()->setValue(5);
        QVERIFY(waitForTiles());
        comparesWithTraining(m_page->recipe().recipe(), 5);
        clickButton(QStringLiteral("Re-roll"));
        QVERIFY(waitForTiles());
        comparesWithTraining(m_page->recipe().recipe(), 5 + tileCount);
    }

    void aSliderChangesTheTiles()
    {
        import();
        choose("digits");
        const QList<QImage> before = images();
        OpRow* rotate = m_page->editor().row(0);
        rotate->setOpen(true);
        auto* form = rotate->findChild<ParamForm*>();
        const auto sliders = form->findChildren<QSlider*>();
        const auto fields = form->findChildren<QDoubleSpinBox*>();
        QCOMPARE(sliders.size(), 2); // chance, angle
        sliders[1]->setValue(90);
        QCOMPARE(fields[1]->value(), 90.0);
        QCOMPARE(m_page->recipe().step(0).settings.front(), 90.0);
        QVERIFY(waitForTiles());
        QVERIFY(images() != before);
        fields[0]->setValue(0.0); // never
        QCOMPARE(sliders[0]->value(), 0);
        QCOMPARE(m_page->recipe().step(0).probability, 0.0);
        QVERIFY(waitForTiles());
        comparesWithTraining(m_page->recipe().recipe(), 1);
        m_page->recipe().undoStack().undo(); // each slider is one step back
        m_page->recipe().undoStack().undo();
        QVERIFY(waitForTiles());
        QCOMPARE(images(), before);
        QCOMPARE(fields[1]->value(), 12.0);
    }

    void rowsAreMovedByKeysAndDrag()
    {
        import();
        choose("digits"); // rotate, shift, zoom, ...
        OpRow* rotate = m_page->editor().row(0);
        OpRow* shift = m_page->editor().row(1);
        auto* handle = rotate->findChild<QToolButton*>();
        handle->setFocus();
        QTest::keyClick(handle, Qt::Key_Down, Qt::AltModifier);
        QCOMPARE(m_page->editor().row(0), shift); // the widgets stay and change places
        QCOMPARE(m_page->editor().row(1), rotate);
        QVERIFY(handle->hasFocus());
        QCOMPARE(m_page->recipe().step(1).op, std::string("rotate"));
        QTest::keyClick(handle, Qt::Key_Up, Qt::AltModifier);
        QTest::keyClick(handle, Qt::Key_Up, Qt::AltModifier); // stays at the top
        QCOMPARE(m_page->recipe().step(0).op, std::string("rotate"));
        QCoreApplication::processEvents(); // the layout puts them there
        const OpRow* third = m_page->editor().row(2);
        emit rotate->draggedTo(third->mapToGlobal(QPoint(0, third->height() - 1)).y());
        QCOMPARE(m_page->recipe().step(2).op, std::string("rotate"));
        QVERIFY(waitForTiles());
        comparesWithTraining(m_page->recipe().recipe(), 1);
    }

    void aStepIsSwitchedOffAndShownAlone()
    {
        import();
        choose("strong_photo");
        const QList<QImage> before = images();
        m_page->editor().row(0)->findChild<QCheckBox*>()->click();
        QVERIFY(!m_page->recipe().step(0).enabled);
        QVERIFY(waitForTiles());
        QVERIFY(images() != before);

        const augment::Recipe whole = m_page->recipe().recipe();
        m_page->editor().setSolo(m_page->recipe().number(1));
        QVERIFY(waitForTiles());
        augment::Recipe alone = whole;
        for (std::size_t i = 0; i < alone.steps.size(); ++i)
            alone.steps[i].enabled = i == 1;
        comparesWithTraining(alone, 1);
        QCOMPARE(m_page->recipe().recipe(), whole); // for the eyes only
        m_page->recipe().remove(m_page->recipe().number(1));
        QCOMPARE(m_page->editor().solo(), 0);
        QVERIFY(waitForTiles());
        comparesWithTraining(m_page->recipe().recipe(), 1);
    }

    void someOfTheStepsAreChosen()
    {
        import();
        choose("strong_photo");
        m_page->findChild<QCheckBox*>(QStringLiteral("some"))->click();
        QCOMPARE(m_page->recipe().recipe().choice.count, 2);
        QVERIFY(waitForTiles());
        const auto& tiles = m_page->preview().tiles();
        for (int i = 0; i < tileCount; ++i)
            QVERIFY(tiles.tile(i).draws.size() <= 2);
        comparesWithTraining(m_page->recipe().recipe(), 1);
    }

    void theLastOfManyRequestsWins()
    {
        import();
        choose("digits");
        QSignalSpy shown(&m_page->preview(), &PreviewPanel::previewed);
        constexpr int changes = 300;
        const int rotate = m_page->recipe().number(0);
        for (int i = 1; i <= changes; ++i)
            m_page->recipe().setSetting(rotate, 0, 180.0 * i / changes);
        QVERIFY(waitForTiles());
        comparesWithTraining(m_page->recipe().recipe(), 1);
        QVERIFY2(shown.size() <= changes / 4, qPrintable(QString::number(shown.size()))); // no queue
        m_page->recipe().undoStack().undo(); // as one
        QCOMPARE(m_page->recipe().recipe(), augment::preset("digits").recipe);
    }

    void compareShowsThePictureAsItIs()
    {
        import();
        choose("strong_photo");
        const QList<QImage> before = images();
        auto* compare = button(QStringLiteral("Compare"));
        QSignalSpy shown(&m_page->preview(), &PreviewPanel::previewed);
        QTest::mousePress(compare, Qt::LeftButton);
        QTRY_COMPARE(shown.size(), 1);
        const QImage original = copyOf({}, 0);
        for (const QImage& image : images())
            QCOMPARE(image, original);
        QTest::mouseRelease(compare, Qt::LeftButton);
        QTRY_COMPARE(shown.size(), 2);
        QCOMPARE(images(), before);
    }

    void aTileIsEnlargedAndEscGoesBack()
    {
        import();
        choose("strong_photo");
        auto* tiles = m_page->findChild<QListView*>(QStringLiteral("tiles"));
        tiles->setCurrentIndex(tiles->model()->index(2, 0));
        QTest::keyClick(tiles, Qt::Key_Return);
        QVERIFY(!tiles->isVisible());
        QVERIFY(shownTexts().contains(QStringLiteral("Draw 3")));
        QVERIFY(shownTexts().contains(m_page->preview().tiles().tile(2).draws.join(QStringLiteral(", "))));
        auto* inside = m_page->preview().findChild<QPushButton*>(QStringLiteral("back"));
        QTest::keyClick(inside, Qt::Key_Right);
        QVERIFY(shownTexts().contains(QStringLiteral("Draw 4")));
        QTest::keyClick(inside, Qt::Key_Escape);
        QVERIFY(tiles->isVisible());
        QCOMPARE(tiles->currentIndex().row(), 3);
    }

    void aBrokenPictureGivesItsReason()
    {
        import();
        choose("digits");
        const auto file =
            m_session->dataset().pictures[static_cast<std::size_t>(m_page->preview().picture())];
        QFile broken(QFile::decodeName(file.path.c_str()));
        QVERIFY(broken.open(QIODevice::WriteOnly | QIODevice::Truncate));
        broken.write("no picture");
        broken.close();
        m_page->preview().forget();
        choose("top_view");
        QTRY_VERIFY(m_page->preview().grid().problem().contains(QStringLiteral("is not a picture")));
        QVERIFY(shownTexts().contains(m_page->preview().grid().problem()));
        m_page->preview().setPicture(m_page->preview().picture() + 1); // the next one is whole
        QTRY_VERIFY(m_page->preview().grid().problem().isEmpty());
        comparesWithTraining(m_page->recipe().recipe(), 1);
    }

    void theRecipeIsKeptInTheProject()
    {
        import();
        QCOMPARE(m_session->recipe(), std::string("none"));
        choose("gentle_photo");
        QCOMPARE(m_session->recipe(), std::string("gentle_photo"));
        m_page->recipe().setProbability(m_page->recipe().number(1), 0.25);
        const augment::Recipe mine = m_page->recipe().recipe();
        const QString project = m_session->folder();
        cleanup(); // at once: what was not written yet is written then
        begin();
        open(project);
        QCOMPARE(m_page->recipe().recipe(), mine);
        QCOMPARE(augment::readRecipe(m_session->recipe()), mine);
        // And into the next project none of it comes along.
        m_session->closeProject();
        m_session->openProject(project); // after the old one was closed
        QTRY_VERIFY_WITH_TIMEOUT(m_session->isOpen(), patience);
        QCOMPARE(m_page->recipe().recipe(), mine);
    }

    void recipesComeAndGoAsFiles()
    {
        import();
        choose("document");
        const QString file = m_scratch->path() + QStringLiteral("/mine.json");
        m_page->exportRecipe(file);
        choose("none");
        m_page->importRecipe(file);
        QCOMPARE(m_page->recipe().recipe(), augment::preset("document").recipe);
        QFile damaged(file);
        QVERIFY(damaged.open(QIODevice::WriteOnly | QIODevice::Truncate));
        damaged.write("{\"steps\": [{\"op\": \"rotat\"}]}");
        damaged.close();
        m_page->importRecipe(file);
        QVERIFY(shownTexts().contains(QStringLiteral("rotat")));
        QCOMPARE(m_page->recipe().recipe(), augment::preset("document").recipe); // as it was
    }

    void anAugmentationIsAddedWhereItsGroupIs()
    {
        import();
        choose("digits");
        const auto* menu = m_page->findChild<QToolButton*>(QStringLiteral("add"))->menu();
        QAction* found = nullptr;
        for (const QAction* group : menu->actions())
            for (QAction* action : group->menu()->actions())
                if (action->text() == QStringLiteral("Perspective"))
                    found = action;
        QVERIFY(found);
        found->trigger();
        const augment::Recipe& recipe = m_page->recipe().recipe();
        const auto place = std::ranges::find(recipe.steps, "perspective", &augment::Step::op);
        QVERIFY(place != recipe.steps.end());
        QCOMPARE(augment::findOp((place + 1)->op)->group, augment::Group::Light);
        const OpRow* row = m_page->editor().row(static_cast<int>(place - recipe.steps.begin()));
        QVERIFY(row->isOpen());
        QVERIFY(waitForTiles());
        comparesWithTraining(recipe, 1);
    }

    void copiesAreSaved()
    {
        import();
        choose("gentle_photo");
        const QString folder = m_scratch->path() + QStringLiteral("/copies");
        m_page->saveCopies(folder, true, 2, true);
        QTRY_VERIFY_WITH_TIMEOUT(shownTexts().contains(QStringLiteral("saved.")), patience);
        int training = 0;
        for (const dataset::Picture& picture : m_session->dataset().pictures) {
            const bool learned = picture.side == dataset::Side::Training;
            training += learned ? 1 : 0;
            const QString file =
                QStringLiteral("%1/%2/%3-draw-2.png")
                    .arg(folder,
                         QString::fromStdString(
                             m_session->dataset().classes[static_cast<std::size_t>(picture.label)]),
                         fileName(picture.path));
            QCOMPARE(QFile::exists(file), learned);
            if (learned && training == 1) {
                const engine::TrainingView view(preprocess(), m_page->recipe().recipe(), engine::usualSeed);
                QCOMPARE(QImage(file).convertToFormat(QImage::Format_RGB32),
                         toQImage(view.copy(view.read(picture.path), 2)));
            }
        }
        QCOMPARE(QDir(folder).entryList({QStringLiteral("*contact sheet.png")}).size(),
                 static_cast<int>(m_session->dataset().classes.size()));
        QVERIFY(shownTexts().contains(QString::number(2 * training)));
    }

private:
    void begin()
    {
        m_session = std::make_unique<Session>();
        m_page = std::make_unique<AugmentPage>(*m_session);
        m_page->resize(1072, 736);
        m_page->show();
    }

    void import()
    {
        QSignalSpy ended(m_session.get(), &Session::importEnded);
        m_session->importFolder(m_pictures, {}, false);
        QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, patience);
        QCOMPARE(m_page->state(), Page::State::Normal);
        QTRY_COMPARE(m_page->preview().tiles().rowCount(), tileCount);
    }

    void open(const QString& project)
    {
        m_session->openProject(project);
        QTRY_VERIFY_WITH_TIMEOUT(m_session->isOpen(), patience);
    }

    void choose(std::string_view preset)
    {
        auto* presets = m_page->findChild<QComboBox*>(QStringLiteral("presets"));
        const auto all = augment::presets();
        const auto at = std::ranges::find(all, preset, &augment::Preset::id) - all.begin();
        presets->setCurrentIndex(static_cast<int>(at));
        emit presets->activated(static_cast<int>(at));
        QVERIFY(waitForTiles());
    }

    bool waitForTiles() const
    {
        return QTest::qWaitFor([&] { return m_page->preview().isUpToDate(); }, patience);
    }

    QList<QImage> images() const
    {
        QList<QImage> result;
        for (int i = 0; i < m_page->preview().tiles().rowCount(); ++i)
            result += m_page->preview().tiles().tile(i).image;
        return result;
    }

    QImage copyOf(const augment::Recipe& recipe, std::uint32_t number) const
    {
        const engine::TrainingView view(preprocess(), recipe, engine::usualSeed);
        const auto row = static_cast<std::size_t>(m_page->preview().picture());
        return toQImage(view.copy(view.read(m_session->dataset().pictures[row].path), number));
    }

    void comparesWithTraining(const augment::Recipe& recipe, std::uint32_t first) const
    {
        const TileModel& tiles = m_page->preview().tiles();
        QCOMPARE(tiles.rowCount(), tileCount);
        for (int i = 0; i < tileCount; ++i) {
            const std::uint32_t number = first + static_cast<std::uint32_t>(i);
            QCOMPARE(tiles.tile(i).number, number);
            QCOMPARE(tiles.tile(i).image, copyOf(recipe, number));
        }
    }

    QPushButton* button(const QString& text) const
    {
        for (QPushButton* found : m_page->findChildren<QPushButton*>()) {
            if (found->text() == text)
                return found;
        }
        return nullptr;
    }

    void clickButton(const QString& text) { button(text)->click(); }

    QString shownTexts() const
    {
        QString all;
        for (const QLabel* label : m_page->findChildren<QLabel*>()) {
            if (label->isVisible())
                all += label->text() + QLatin1Char('\n');
        }
        return all;
    }

    EnglishPlurals m_plurals;
    std::unique_ptr<test::Scratch> m_scratch;
    QString m_pictures;
    std::unique_ptr<Session> m_session;
    std::unique_ptr<AugmentPage> m_page;
};

QTEST_MAIN(TestAugmentPage)
#include "tst_augment_page.moc"
