// Renders every page and state of the window into PNG files, light and dark, in three sizes: with the real
// widgets, a real project, a real training. For people who compare them with the drafts, and for the picture
// in the README.
#include "core/engine/machine.h"
#include "tests/screens/half_a_race.h"
#include "tests/support/drawn_pictures.h"
#include "tests/support/fake_weights.h"
#include "ui/main_window.h"
#include "ui/models/english_plurals.h"
#include "ui/models/recipe_model.h"
#include "ui/page.h"
#include "ui/pages/augment_page.h"
#include "ui/pages/train_page.h"
#include "ui/pages/try_it_page.h"
#include "ui/theme.h"
#include "ui/widgets/op_row.h"
#include "ui/widgets/recipe_editor.h"
#include "ui/widgets/tile_grid.h"
#include "ui/widgets/weights_dialog.h"
#include "ui/wizard/new_training.h"
#include "ui/wizard/training_draft.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QFile>
#include <QListView>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>
#include <QTextStream>

#include <functional>

using namespace graft;
using namespace graft::ui;

namespace {

constexpr int patience = 120000; // milliseconds, for an import or a training
constexpr int settle = 400; // milliseconds, for thumbnails to arrive

struct Size {
    int width;
    int height;
};

constexpr Size sizes[] = {{1024, 700}, {1280, 832}, {1920, 1080}};

class Screens
{
public:
    Screens(QApplication& app, const QString& out)
        : m_app(app)
        , m_out(out)
    {
        m_window.show();
    }

    MainWindow& window() { return m_window; }

    Session& session() { return m_window.session(); }

    void shoot(const QString& name) { shoot(name, &m_window); }

    /// `widget`: the window, or a dialog of it, which keeps as far from its edges as when it opens.
    void shoot(const QString& name, QWidget* widget,
               const std::function<QSize(const QWidget*)>& sizeFor = WeightsDialog::sizeFor)
    {
        for (const Theme theme : {Theme::Light, Theme::Dark}) {
            applyTheme(m_app, theme);
            for (const Size size : sizes) {
                m_window.resize(size.width, size.height);
                if (widget != &m_window)
                    widget->resize(sizeFor(&m_window));
                QTest::qWait(settle);
                const QString mode = theme == Theme::Dark ? QStringLiteral("dark") : QStringLiteral("light");
                const QString file = QStringLiteral("%1/%2-%3-%4.png").arg(m_out, name, mode).arg(size.width);
                if (!widget->grab().save(file))
                    qFatal("%s cannot be written", qUtf8Printable(file));
                QTextStream(stdout) << file << Qt::endl;
            }
        }
        applyTheme(m_app, Theme::Light);
    }

    void require(bool reached, const char* what)
    {
        if (!reached)
            qFatal("%s did not happen", what);
    }

private:
    QApplication& m_app;
    QString m_out;
    test::FakeWeights m_weights;
    MainWindow m_window {m_weights.source()};
};

/// A training as far as its eighth epoch, so that the page can be looked at while it runs.
QList<TrainEvent> halfATraining(const dataset::Dataset& dataset)
{
    QList<TrainEvent> events;
    TrainStarted started {
        "run-2", "Linear classifier on EfficientNet-Lite0", "CPU, 2 threads", 20, 0, 0, 0, dataset.classes};
    for (const auto& count : dataset::countClasses(dataset)) {
        started.trainingPictures += count.training;
        started.validationPictures += count.validation;
        started.testPictures += count.test;
    }
    events << started
           << TrainPreparing {"Reading features", started.trainingPictures, started.trainingPictures, 84.0};
    Guesses guesses;
    for (const auto& picture : dataset.pictures) {
        if (picture.side == dataset::Side::Validation && guesses.guesses.size() < 5)
            guesses.guesses.push_back({picture.path.string(), picture.label, picture.label, 0.83});
    }
    if (guesses.guesses.size() > 2)
        guesses.guesses[2].predicted =
            (guesses.guesses[2].truth + 1) % static_cast<int>(dataset.classes.size());
    constexpr double accuracy[] = {0.52, 0.69, 0.79, 0.85, 0.89, 0.92, 0.94, 0.955};
    constexpr double loss[] = {1.38, 0.98, 0.71, 0.53, 0.41, 0.33, 0.26, 0.21};
    for (int i = 0; i < 8; ++i) {
        EpochDone epoch {.epoch = i + 1,
                         .epochs = 20,
                         .trainLoss = loss[i],
                         .trainAccuracy = accuracy[i],
                         .validationLoss = loss[i] * 0.8 + 0.17,
                         .validationAccuracy = accuracy[i] * 0.85 + 0.12,
                         .learningRate = 0.01,
                         .best = i == 6,
                         .seconds = 65.0 * (i + 1),
                         .picturesPerSecond = 16.0,
                         .secondsLeft = 65.0 * (19 - i)};
        events << epoch;
        guesses.epoch = i + 1;
        events << guesses;
    }
    return events;
}

void startPage(Screens& screens)
{
    screens.shoot(QStringLiteral("start-empty"));
}

/// A picture without a project.
void imagenetPage(Screens& screens, const QString& picture)
{
    screens.window().askImagenet();
    screens.shoot(QStringLiteral("imagenet-empty"));
    screens.window().findChild<TryItPage*>()->addPaths({picture});
    screens.require(QTest::qWaitFor([&] { return !screens.session().isClassifying(); }, patience),
                    "ImageNet's answer");
    screens.shoot(QStringLiteral("imagenet"));
}

void weightsDialog(Screens& screens)
{
    screens.window().showWeights();
    auto* dialog = screens.window().findChild<WeightsDialog*>();
    screens.shoot(QStringLiteral("weights"), dialog);
    WeightsJobs& weights = screens.window().weights();
    weights.download(QStringLiteral("inception-v3"));
    weights.download(QStringLiteral("vgg16"));
    weights.download(QStringLiteral("resnet50:v1"));
    weights.import(QStringLiteral("/media/stick"));
    screens.require(
        QTest::qWaitFor([&] { return !weights.isImporting() && weights.downloads() == 2; }, patience),
        "the failed download");
    screens.shoot(QStringLiteral("weights-downloading"), dialog);
    dialog->close();
    screens.shoot(QStringLiteral("start-downloading"));
    weights.cancelAll();
    screens.require(QTest::qWaitFor([&] { return weights.downloads() == 0; }, patience), "the cancelling");
}

void augmentPage(Screens& screens)
{
    screens.window().showPage(MainWindow::Augment);
    screens.shoot(QStringLiteral("augment-none"));
    auto* page = screens.window().findChild<AugmentPage*>();
    page->recipe().replace(augment::preset("gentle_photo").recipe, {});
    page->editor().row(2)->setOpen(true);
    screens.shoot(QStringLiteral("augment"));
    page->recipe().replace(augment::preset("strong_photo").recipe, {});
    page->findChild<QListView*>(QStringLiteral("tiles"))->setCurrentIndex({});
    emit page->findChild<TileGrid*>()->chosen(2);
    screens.shoot(QStringLiteral("augment-tile"));
    page->recipe().replace({}, {});
}

void picturesPage(Screens& screens, const QString& data)
{
    screens.window().openPath(data);
    screens.require(QTest::qWaitFor([&] { return screens.session().isOpen(); }, patience), "the import");
    screens.shoot(QStringLiteral("pictures"));
    augmentPage(screens);
    screens.window().showPage(MainWindow::Train);
    screens.shoot(QStringLiteral("train-empty"));
    screens.window().showPage(MainWindow::TryIt);
    screens.shoot(QStringLiteral("try-it-empty"));
}

/// Each step of New training, as it is once the pictures are measured, and the map with each strategy.
void wizard(Screens& screens)
{
    screens.window().newTraining();
    auto* wizard = screens.window().findChild<NewTraining*>();
    const auto shoot = [&screens, wizard](const QString& name) {
        screens.shoot(QStringLiteral("new-training-") + name, wizard, NewTraining::sizeFor);
    };
    shoot(QStringLiteral("pictures"));
    wizard->next();
    TrainingDraft& draft = wizard->draft();
    screens.require(QTest::qWaitFor([&] { return draft.advice().familiarity.has_value(); }, patience),
                    "a first measurement");
    shoot(QStringLiteral("measuring"));
    screens.require(QTest::qWaitFor([&] { return draft.advice().complete(); }, patience), "the advice");
    shoot(QStringLiteral("strategy"));
    const learn::Plan recommended = draft.plan();
    for (const learn::Forecast& forecast : draft.advice().strategies) {
        learn::Plan plan = recommended;
        plan.strategy = forecast.strategy;
        plan.cut = forecast.cut;
        draft.setPlan(plan);
        shoot(QStringLiteral("strategy-") + QString::fromStdString(forecast.strategy));
    }
    draft.setPlan(recommended);
    for (const char* step : {"backbone", "options", "summary"}) {
        wizard->next();
        shoot(QString::fromLatin1(step));
    }
    draft.setPlan({});
    wizard->accept();
}

void trainPage(Screens& screens)
{
    wizard(screens);
    screens.require(QTest::qWaitFor([&] { return !screens.session().isTraining(); }, patience),
                    "the training");
    screens.shoot(QStringLiteral("train-finished"));
    auto* page = screens.window().findChild<TrainPage*>();
    emit screens.session().trainingStarted();
    emit screens.session().trainingEvents(halfATraining(screens.session().dataset()));
    screens.require(page->training().history.size() == 8, "the half training");
    screens.shoot(QStringLiteral("train-running"));
    emit screens.session().trainingEvents({TrainEnded {
        Outcome::Failed, true,
        "Training: there is not enough memory. Close other programs and start the training again."}});
    screens.shoot(QStringLiteral("train-failed"));
}

void racePage(Screens& screens)
{
    const QList<RaceNews> news = test::halfARace(screens.session().dataset().classes);
    for (const bool clear : {true, false}) {
        emit screens.session().raceStarted({}, 5);
        emit screens.session().raceNews(news);
        if (clear)
            screens.shoot(QStringLiteral("race-running"));
        emit screens.session().raceNews({test::overRace(news, clear)});
        emit screens.session().raceEnded({});
        screens.shoot(clear ? QStringLiteral("race-won") : QStringLiteral("race-undecided"));
    }
}

void tryItPage(Screens& screens)
{
    QStringList pictures;
    for (const auto& picture : screens.session().dataset().pictures) {
        if (picture.side == dataset::Side::Test && pictures.size() < 6)
            pictures.prepend(QFile::decodeName(picture.path.c_str()));
    }
    screens.window().showPage(MainWindow::TryIt);
    screens.window().findChild<TryItPage*>()->addPaths(pictures);
    screens.require(QTest::qWaitFor([&] { return !screens.session().isClassifying(); }, patience),
                    "the answers");
    screens.shoot(QStringLiteral("try-it"));
}

} // namespace

int main(int argc, char** argv)
{
    engine::initialise(argv[0]);
    QApplication app(argc, argv);
    QCoreApplication::setOrganizationName(QStringLiteral("graft-screens"));
    QCoreApplication::setApplicationName(QStringLiteral("graft-screens"));
    QCoreApplication::installTranslator(new EnglishPlurals(&app));
    QApplication::setFont(QFont(QStringLiteral("Noto Sans"), 10));

    QCommandLineParser parser;
    parser.addHelpOption();
    parser.addPositionalArgument(QStringLiteral("outdir"), QStringLiteral("Where the pictures go."));
    const QCommandLineOption dataOption(QStringLiteral("data"),
                                        QStringLiteral("A folder with one folder for each class."),
                                        QStringLiteral("folder"));
    parser.addOption(dataOption);
    const QCommandLineOption pictureOption(
        QStringLiteral("picture"), QStringLiteral("What ImageNet is asked about."), QStringLiteral("file"));
    parser.addOption(pictureOption);
    parser.process(app);
    if (parser.positionalArguments().size() != 1)
        parser.showHelp(2);

    // Settings and project go where they end with the program; the pictures stay where they are.
    const QTemporaryDir scratch;
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, scratch.path());
    QString data = test::drawPictures(scratch.path(), QStringLiteral("Simple shapes"), 40);
    if (parser.isSet(dataOption)) {
        const QFileInfo given(parser.value(dataOption));
        data = scratch.filePath(given.fileName());
        QFile::link(given.absoluteFilePath(), data);
    }
    const QString out = parser.positionalArguments().first();
    QDir().mkpath(out);

    Screens screens(app, out);
    startPage(screens);
    weightsDialog(screens);
    imagenetPage(screens,
                 parser.isSet(pictureOption) ? parser.value(pictureOption)
                                             : data + QStringLiteral("/Circle/circle_0.png"));
    picturesPage(screens, data);
    trainPage(screens);
    racePage(screens);
    tryItPage(screens);
    screens.session().closeProject();
    screens.shoot(QStringLiteral("start"));
    return 0;
}
