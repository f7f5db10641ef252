#include "ui/pages/try_it_page.h"

#include "ui/jobs/weights_jobs.h"
#include "ui/paths.h"
#include "ui/picture_input.h"
#include "ui/session.h"
#include "ui/theme.h"
#include "ui/widgets/answer_card.h"
#include "ui/widgets/answers_card.h"
#include "ui/widgets/image_view.h"
#include "ui/widgets/model_choice.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/thumbnail_loader.h"
#include "ui/widgets/try_it_empty.h"

#include <QApplication>
#include <QClipboard>
#include <QDesktopServices>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QMimeData>
#include <QSettings>
#include <QStandardPaths>
#include <QUrl>
#include <QVBoxLayout>

namespace graft::ui {

namespace {

constexpr int PictureSide = 1600; // pixels
constexpr qsizetype PictureMemory = 64LL << 20U; // bytes: about eight pictures
constexpr double FirstThreshold = 0.5;

QString thresholdKey()
{
    return QStringLiteral("try_it/none_of_these_below");
}

} // namespace

TryItPage::TryItPage(Session& session, WeightsJobs& weights, QWidget* parent)
    : Page(parent)
    , m_session(session)
    , m_weights(weights)
    , m_asker(new Asker(session, this))
    , m_answers(new AnswerModel(this))
    , m_pictures(new ThumbnailLoader(PictureSide, 1, PictureMemory, this))
{
    setAcceptDrops(true);
    makeHeader();
    setEmpty(makeEmpty());
    setBody(makeBody());
    connectAsker();

    const double threshold = QSettings().value(thresholdKey(), FirstThreshold).toDouble();
    m_card->setThreshold(threshold);
    m_answers->setThreshold(m_card->threshold());
    refreshModels();
}

TryItPage::~TryItPage() = default;

void TryItPage::makeHeader()
{
    m_back = makeButton("left", tr("Start page"));
    m_back->setProperty("flat", true);
    m_modelChoice = new ModelChoice;
    m_paste = makeButton("paste", tr("Paste"));
    m_paste->setToolTip(tr("A picture or files from the clipboard"));
    m_add = makeButton("", tr("Add pictures…"));
    makePrimary(m_add, "plus");
    connect(m_back, &QPushButton::clicked, this, &TryItPage::back);
    connect(m_modelChoice, &ModelChoice::chosen, this, [this](const AskedModel& model) {
        m_chosenByHand = true;
        chooseModel(model);
    });
    connect(m_paste, &QPushButton::clicked, this, &TryItPage::paste);
    connect(m_add, &QPushButton::clicked, this, &TryItPage::choosePictures);
    for (QWidget* widget : std::initializer_list<QWidget*> {m_back, m_modelChoice, m_paste, m_add})
        addAction(widget);
}

QWidget* TryItPage::makeEmpty()
{
    m_empty = new TryItEmpty;
    connect(m_empty, &TryItEmpty::newTraining, this, &TryItPage::newTraining);
    connect(m_empty, &TryItEmpty::askImagenet, this, &TryItPage::askImagenet);
    connect(m_empty, &TryItEmpty::showWeights, this, &TryItPage::showWeights);
    connect(m_empty, &TryItEmpty::choosePictures, this, &TryItPage::choosePictures);
    connect(m_empty, &TryItEmpty::paste, this, &TryItPage::paste);
    connect(m_empty, &TryItEmpty::dropped, this, &TryItPage::addPaths);
    connect(m_empty, &TryItEmpty::stopRequested, &m_session, &Session::stopClassifying);
    return m_empty;
}

QWidget* TryItPage::makeBody()
{
    m_view = new ImageView;
    QFrame* picture = makeCard();
    auto* inside = new QVBoxLayout(picture);
    inside->setContentsMargins(16, 16, 16, 16);
    inside->addWidget(m_view);
    m_card = new AnswerCard;
    m_table = new AnswersCard(m_answers);
    auto* upper = new QHBoxLayout;
    upper->setSpacing(16);
    upper->addWidget(picture, 11);
    upper->addWidget(m_card, 12);

    auto* body = new QWidget;
    auto* rows = new QVBoxLayout(body);
    rows->setContentsMargins(24, 0, 24, 24);
    rows->setSpacing(16);
    rows->addLayout(upper, 5);
    rows->addWidget(m_table, 3);
    connect(m_card, &AnswerCard::thresholdChanged, this, &TryItPage::setThreshold);
    connect(m_pictures, &ThumbnailLoader::loaded, this, &TryItPage::showPicture);
    connect(m_table, &AnswersCard::currentChanged, this, &TryItPage::showCurrent);
    connect(m_table, &AnswersCard::clear, this, &TryItPage::clearAnswers);
    connect(m_table, &AnswersCard::stopAsking, &m_session, &Session::stopClassifying);
    connect(m_table, &AnswersCard::copied, this, &TryItPage::showCopied);
    connect(m_table, &AnswersCard::failed, this,
            [this](const QString& sentence) { messages()->display(MessageBar::Kind::Error, {}, sentence); });
    return body;
}

void TryItPage::connectAsker()
{
    for (const auto changed : {&Session::opened, &Session::closed})
        connect(&m_session, changed, this, [this] {
            m_asker->choose({});
            m_usual = {};
            m_chosenByHand = false;
            clearAnswers();
            refreshModels();
        });
    connect(&m_session, &Session::runsChanged, this, &TryItPage::refreshModels);
    connect(&m_weights, &WeightsJobs::listed, this, &TryItPage::refreshModels);
    connect(m_asker, &Asker::classesKnown, this, &TryItPage::setClasses);
    connect(m_asker, &Asker::answered, this, &TryItPage::showAnswers);
    connect(m_asker, &Asker::changed, this, &TryItPage::showState);
    connect(m_asker, &Asker::failed, this,
            [this](const QString& sentence) { messages()->display(MessageBar::Kind::Error, {}, sentence); });
}

void TryItPage::refreshModels()
{
    m_modelChoice->setModels(m_session.runs(), m_weights.items());
    // Another run takes over while nothing is shown, unless a person chose; answers that are shown keep their
    // model. A project without a run is asked for a training before anybody else answers.
    const AskedModel usual = m_session.isOpen() ? usualRun() : m_modelChoice->firstNetwork();
    const AskedModel& now = m_asker->model();
    const bool chosen = m_chosenByHand || m_answers->rowCount() > 0 || !now.imagenet.isEmpty();
    const bool keep = m_modelChoice->hasModel(now) && (chosen || usual == m_usual);
    m_usual = usual;
    if (!keep) {
        m_chosenByHand = false;
        chooseModel(usual);
    }
    m_modelChoice->show(m_asker->model());
    showState();
}

AskedModel TryItPage::usualRun() const
{
    const store::RunRecord* run = m_session.modelRun();
    return run ? AskedModel {.run = QString::fromStdString(run->id)} : AskedModel();
}

void TryItPage::askRun(const QString& run)
{
    const AskedModel model {.run = run};
    if (!m_modelChoice->hasModel(model))
        return;
    m_chosenByHand = false;
    chooseModel(model);
    m_modelChoice->show(model);
}

void TryItPage::askImagenet()
{
    const AskedModel network = m_modelChoice->firstNetwork();
    if (network.isNone()) {
        emit showWeights();
        return;
    }
    chooseModel(network);
    m_modelChoice->show(network);
}

void TryItPage::chooseModel(const AskedModel& model)
{
    if (model == m_asker->model())
        return;
    m_asker->choose(model);
    askAgain();
    showState();
    emit modelChanged();
}

void TryItPage::setClasses(const AnswerClasses& classes)
{
    m_answers->setClasses(classes);
    m_card->setClasses(classes);
    showState();
    showCurrent();
}

void TryItPage::askAgain()
{
    const std::vector<Answer> shown = m_answers->answers();
    m_answers->clear();
    QStringList paths;
    for (const Answer& answer : shown) {
        if (answer.path.empty())
            ask(answer.name, answer.image);
        else
            paths += toQString(answer.path);
    }
    ask(paths);
    showCurrent();
}

void TryItPage::addPaths(const QStringList& paths)
{
    ask(paths);
}

void TryItPage::ask(const QStringList& paths)
{
    m_showNewest = true;
    m_asker->ask(paths, m_card->threshold());
}

void TryItPage::ask(const QString& name, const QImage& image)
{
    m_showNewest = true;
    m_asker->ask(name, image, m_card->threshold());
}

void TryItPage::paste()
{
    const QMimeData* copied = QApplication::clipboard()->mimeData();
    if (copied == nullptr || m_asker->model().isNone())
        return;
    const QStringList paths = localPaths(copied);
    if (!paths.isEmpty()) {
        ask(paths);
        return;
    }
    const QImage image = pastedPicture(copied);
    if (image.isNull()) {
        messages()->display(MessageBar::Kind::Info, tr("There is no picture in the clipboard."),
                            tr("Copy a picture or picture files first."));
        return;
    }
    ask(tr("Pasted picture %1").arg(++m_pasted), image);
}

void TryItPage::showAnswers(const std::vector<Answer>& answers)
{
    const int before = m_answers->rowCount();
    m_answers->put(answers);
    if (m_answers->rowCount() > before && (before == 0 || m_showNewest)) {
        m_table->choose(before); // the first of what was asked now
        m_showNewest = false;
    }
    showState();
    showCurrent();
}

void TryItPage::choosePictures()
{
    auto* dialog = new QFileDialog(this, tr("Pictures to try"),
                                   QStandardPaths::writableLocation(QStandardPaths::PicturesLocation));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    connect(dialog, &QFileDialog::filesSelected, this, &TryItPage::addPaths);
    dialog->open();
}

void TryItPage::clearAnswers()
{
    m_asker->stop();
    m_answers->clear();
    showState();
    showCurrent();
}

void TryItPage::setThreshold(double threshold)
{
    m_answers->setThreshold(threshold);
    QSettings().setValue(thresholdKey(), threshold);
    showState();
}

void TryItPage::showState()
{
    const AskedModel& model = m_asker->model();
    const bool project = m_session.isOpen();
    const bool shown = m_answers->rowCount() > 0;
    setTitle(project ? tr("Try it") : tr("What does ImageNet see?"));
    setSubtitle(
        model.imagenet.isEmpty()
            ? tr("Show the model new pictures. Nothing is stored unless you export it.")
            : tr("A network as it came names what it sees, out of ImageNet’s 1,000 everyday things."));
    m_back->setVisible(!project);
    m_modelChoice->setVisible(!model.isNone());
    m_paste->setVisible(shown);
    m_add->setVisible(shown);
    m_empty->setImagenet(!model.imagenet.isEmpty());
    m_empty->setTrainable(!m_session.dataset().pictures.empty());
    m_empty->display(!model.isNone() ? TryItEmpty::DropHere
                         : project   ? TryItEmpty::TrainFirst
                                     : TryItEmpty::NoWeights);
    m_empty->setAsking(m_asker->isAsking(), m_asker->done(), m_asker->total());
    setState(shown ? State::Normal : State::Empty);
    m_table->setAsking(m_asker->isAsking(), m_asker->done(), m_asker->total());
}

void TryItPage::showCurrent()
{
    const int row = m_table->current();
    if (row < 0) {
        m_card->clear();
        m_view->setText({});
        return;
    }
    m_card->setAnswer(m_answers->answer(row));
    showPicture();
}

void TryItPage::showPicture()
{
    const int row = m_table->current();
    if (row < 0)
        return;
    const Answer& answer = m_answers->answer(row);
    if (!answer.image.isNull()) {
        m_view->setPicture(QPixmap::fromImage(answer.image), answer.name);
        return;
    }
    const QPixmap picture = m_pictures->pixmap(answer.path);
    if (!picture.isNull())
        m_view->setPicture(picture, answer.name);
    else if (const QString problem = m_pictures->problem(answer.path); !problem.isEmpty())
        m_view->setText(problem);
    else
        m_view->setText(tr("Reading %1").arg(answer.name));
}

void TryItPage::showCopied(const engine::SortReport& report, const QString& folder)
{
    const QString copied = report.stopped ? tr("Stopped after %Ln copied picture(s).", nullptr, report.copied)
                                          : tr("%Ln picture(s) copied.", nullptr, report.copied);
    const QString there = report.there > 0
        ? tr("%Ln were there already.", nullptr, report.there) + QLatin1Char(' ')
        : QString();
    messages()->display(MessageBar::Kind::Info, copied, there + tr("The originals stay where they are."));
    connect(messages()->addButton(tr("Show folder")), &QPushButton::clicked, this,
            [folder] { QDesktopServices::openUrl(QUrl::fromLocalFile(folder)); });
}

void TryItPage::dragEnterEvent(QDragEnterEvent* event)
{
    if (!m_asker->model().isNone() && !localPaths(event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void TryItPage::dropEvent(QDropEvent* event)
{
    const QStringList paths = localPaths(event->mimeData());
    if (paths.isEmpty())
        return;
    event->acceptProposedAction();
    addPaths(paths);
}

} // namespace graft::ui
