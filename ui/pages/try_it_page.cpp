#include "ui/pages/try_it_page.h"

#include "core/share/model_file.h"
#include "ui/jobs/job_queue.h"
#include "ui/models/words.h"
#include "ui/paths.h"
#include "ui/session.h"
#include "ui/theme.h"
#include "ui/widgets/answer_card.h"
#include "ui/widgets/answers_card.h"
#include "ui/widgets/drop_area.h"
#include "ui/widgets/image_view.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/thumbnail_loader.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDesktopServices>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QMimeData>
#include <QPainter>
#include <QSettings>
#include <QStackedWidget>
#include <QStandardPaths>
#include <QUrl>
#include <QVBoxLayout>

#include <algorithm>
#include <cstring>
#include <utility>

namespace graft::ui {

namespace {

constexpr int PictureSide = 1600; // pixels
constexpr qsizetype PictureMemory = 64LL << 20U; // bytes: about eight pictures
constexpr double FirstThreshold = 0.5;
constexpr int LongestSide = 8192; // pixels of a pasted picture; larger ones are made smaller

QString thresholdKey()
{
    return QStringLiteral("try_it/none_of_these_below");
}

Image toImage(const QImage& picture)
{
    const QImage rgb = picture.convertToFormat(QImage::Format_RGB888);
    Image image {rgb.width(), rgb.height(), {}};
    const auto row = static_cast<std::size_t>(rgb.width()) * 3;
    image.rgb.resize(row * static_cast<std::size_t>(rgb.height()));
    for (int y = 0; y < rgb.height(); ++y)
        std::memcpy(image.rgb.data() + static_cast<std::size_t>(y) * row, rgb.constScanLine(y), row);
    return image;
}

/// As the classifier sees it: transparent parts are white.
QImage overWhite(const QImage& picture)
{
    QImage result(picture.size(), QImage::Format_RGB32);
    result.fill(Qt::white);
    QPainter(&result).drawImage(0, 0, picture);
    return result;
}

QStringList localPaths(const QMimeData* data)
{
    QStringList paths;
    for (const QUrl& url : data->urls()) {
        if (url.isLocalFile())
            paths += url.toLocalFile();
    }
    return paths;
}

} // namespace

TryItPage::TryItPage(Session& session, QWidget* parent)
    : Page(parent)
    , m_session(session)
    , m_answers(new AnswerModel(this))
    , m_pictures(new ThumbnailLoader(PictureSide, 1, PictureMemory, this))
    , m_reader(new JobQueue(this))
{
    setAcceptDrops(true);
    makeHeader();
    setEmpty(makeEmpty());
    setBody(makeBody());
    connectSession();

    const double threshold = QSettings().value(thresholdKey(), FirstThreshold).toDouble();
    m_card->setThreshold(threshold);
    m_answers->setThreshold(m_card->threshold());
    refreshRuns();
}

TryItPage::~TryItPage() = default;

void TryItPage::makeHeader()
{
    setTitle(tr("Try it"));
    setSubtitle(tr("Show the model new pictures. Nothing is stored unless you export it."));
    m_runChoice = new QComboBox;
    m_runChoice->setAccessibleName(tr("The run that answers"));
    m_runChoice->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_paste = makeButton("paste", tr("Paste"));
    m_paste->setToolTip(tr("A picture or files from the clipboard"));
    m_add = makeButton("", tr("Add pictures…"));
    makePrimary(m_add, "plus");
    connect(m_runChoice, &QComboBox::activated, this,
            [this](int chosen) { chooseRun(m_runChoice->itemData(chosen).toString()); });
    connect(m_paste, &QPushButton::clicked, this, &TryItPage::paste);
    connect(m_add, &QPushButton::clicked, this, &TryItPage::choosePictures);
    addAction(m_runChoice);
    addAction(m_paste);
    addAction(m_add);
}

QWidget* TryItPage::makeEmpty()
{
    m_drop = new DropArea("drop", tr("Drop pictures here"),
                          tr("Pictures or whole folders the model has not seen."));
    QPushButton* choose = makeButton("plus", tr("Choose pictures…"));
    QPushButton* pasteHere = makeButton("paste", tr("Paste"));
    m_drop->addButton(choose);
    m_drop->addButton(pasteHere);
    connect(choose, &QPushButton::clicked, this, &TryItPage::choosePictures);
    connect(pasteHere, &QPushButton::clicked, this, &TryItPage::paste);
    connect(m_drop, &DropArea::dropped, this, &TryItPage::addPaths);
    connect(m_drop, &DropArea::stopRequested, &m_session, &Session::stopClassifying);
    auto* dropPage = new QWidget;
    auto* margins = new QVBoxLayout(dropPage);
    margins->setContentsMargins(24, 0, 24, 24);
    margins->addWidget(m_drop);

    auto* mark = new IconLabel(48);
    mark->setIcon(icon("try-it", Ink::Text2));
    auto* sentence =
        makeLabel("", tr("Train a model first. Then drop new pictures here and see what it says."));
    sentence->setWordWrap(true);
    sentence->setAlignment(Qt::AlignCenter);
    m_train = makeButton("", tr("New training…"));
    makePrimary(m_train, "plus");
    connect(m_train, &QPushButton::clicked, this, &TryItPage::newTraining);
    m_empty = new QStackedWidget;
    m_empty->addWidget(centredColumn({mark, sentence, m_train}));
    m_empty->addWidget(dropPage);
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

void TryItPage::connectSession()
{
    for (const auto changed : {&Session::opened, &Session::closed})
        connect(&m_session, changed, this, [this] {
            m_run.clear();
            clearAnswers();
            refreshRuns();
        });
    connect(&m_session, &Session::runsChanged, this, &TryItPage::refreshRuns);
    connect(&m_session, &Session::answers, this, &TryItPage::takeAnswers);
    connect(&m_session, &Session::classified, this, &TryItPage::endQuestion);
    connect(&m_session, &Session::classifyProgress, this, [this](qint64 done, qint64 total) {
        m_done = done;
        m_total = total;
        m_table->setAsking(isAsking(), m_done, m_total);
    });
}

void TryItPage::refreshRuns()
{
    m_runChoice->clear();
    QString newest;
    for (const store::RunRecord& run : m_session.runs()) {
        if (!run.hasModel)
            continue;
        const QString id = QString::fromStdString(run.id);
        const Verdict found = verdict(run.result);
        const double share =
            found.total > 0 ? static_cast<double>(found.correct) / static_cast<double>(found.total) : 0.0;
        m_runChoice->insertItem(
            0, found.total > 0 ? tr("%1, %2 right").arg(runTitle(run.id), percent(share)) : runTitle(run.id),
            id);
        newest = id;
    }
    const bool known = m_runChoice->findData(m_run) >= 0;
    // A new model takes over while nothing is shown; answers that are shown keep theirs.
    const bool keep = known && m_answers->rowCount() > 0;
    if (!keep)
        chooseRun(newest);
    m_runChoice->setCurrentIndex(m_runChoice->findData(m_run));
    showState();
}

void TryItPage::chooseRun(const QString& run)
{
    if (run == m_run)
        return;
    m_run = run;
    m_classesKnown = false;
    m_early.clear();
    if (run.isEmpty())
        return;
    // The classes are in the model's file; reading it takes too long for the GUI thread.
    m_reader->add(
        [this, run, folder = toPath(m_session.folder())](const std::stop_token&) -> JobQueue::Finish {
            const share::ModelCard card = share::loadModel(engine::findModel(folder, run.toStdString())).card;
            QStringList classes;
            for (const std::string& name : card.classes)
                classes += QString::fromStdString(name);
            return [this, run, classes] {
                if (run == m_run)
                    setModel(run, classes);
            };
        },
        [this](const JobProblem& problem) {
            if (!problem.stopped)
                messages()->display(MessageBar::Kind::Error, {}, problem.sentence);
        });
    askAgain();
}

void TryItPage::setModel(const QString& run, const QStringList& classes)
{
    m_run = run;
    m_classesKnown = true;
    m_answers->setClasses(classes);
    showAnswers(std::exchange(m_early, {}));
    showState();
}

void TryItPage::askAgain()
{
    const std::vector<Answer> shown = m_answers->answers();
    m_session.stopClassifying();
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
    if (m_run.isEmpty())
        return;
    ask(paths);
}

void TryItPage::ask(const QStringList& paths)
{
    if (paths.isEmpty() || !m_session.isOpen())
        return;
    m_showNewest = true;
    m_questions.push_back({m_run, {}, {}});
    m_session.classify(paths, m_run, m_card->threshold());
    showState();
}

void TryItPage::ask(const QString& name, const QImage& image)
{
    if (!m_session.isOpen())
        return;
    m_showNewest = true;
    m_questions.push_back({m_run, name, image});
    m_session.classify(toImage(image), m_run, m_card->threshold());
    showState();
}

void TryItPage::paste()
{
    const QMimeData* copied = QApplication::clipboard()->mimeData();
    if (copied == nullptr || m_run.isEmpty())
        return;
    const QStringList paths = localPaths(copied);
    if (!paths.isEmpty()) {
        ask(paths);
        return;
    }
    QImage image = qvariant_cast<QImage>(copied->imageData());
    if (image.isNull()) {
        messages()->display(MessageBar::Kind::Info, tr("There is no picture in the clipboard."),
                            tr("Copy a picture or picture files first."));
        return;
    }
    if (std::max(image.width(), image.height()) > LongestSide)
        image = image.scaled(LongestSide, LongestSide, Qt::KeepAspectRatio, Qt::SmoothTransformation);
    ask(tr("Pasted picture %1").arg(++m_pasted), overWhite(image));
}

void TryItPage::takeAnswers(const QList<engine::Prediction>& predictions)
{
    if (predictions.isEmpty() || (!m_questions.empty() && m_questions.front().run != m_run))
        return; // another run's, asked before this one was chosen
    std::vector<Answer> answers;
    for (const engine::Prediction& prediction : predictions) {
        Answer answer {prediction.path, {}, fileName(prediction.path), prediction.probabilities,
                       prediction.best, {}};
        if (prediction.path.empty() && !m_questions.empty()) {
            answer.image = m_questions.front().image;
            answer.name = m_questions.front().name;
        }
        answers.push_back(std::move(answer));
    }
    if (m_classesKnown)
        showAnswers(answers);
    else
        m_early.insert(m_early.end(), answers.begin(), answers.end());
}

void TryItPage::showAnswers(const std::vector<Answer>& answers)
{
    if (answers.empty())
        return;
    const int before = m_answers->rowCount();
    m_answers->put(answers);
    if (m_answers->rowCount() > before && (before == 0 || m_showNewest)) {
        m_table->choose(before); // the first of what was asked now
        m_showNewest = false;
    }
    showState();
    showCurrent();
}

void TryItPage::takeProblems(const QList<engine::PictureProblem>& problems)
{
    std::vector<Answer> answers;
    for (const engine::PictureProblem& problem : problems)
        answers.push_back(
            {problem.path, {}, fileName(problem.path), {}, 0, QString::fromStdString(problem.reason)});
    showAnswers(answers);
}

void TryItPage::endQuestion(const QList<engine::PictureProblem>& problems)
{
    if (m_questions.empty())
        return;
    const bool current = m_questions.front().run == m_run;
    if (current)
        takeProblems(problems);
    m_questions.pop_front();
    m_done = 0;
    m_total = 0;
    showState();
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
    m_session.stopClassifying();
    for (Question& question : m_questions)
        question.run.clear(); // nobody waits for them any more
    m_answers->clear();
    m_early.clear();
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
    const bool model = !m_run.isEmpty();
    const bool shown = m_answers->rowCount() > 0;
    m_runChoice->setVisible(model);
    m_paste->setVisible(model && shown);
    m_add->setVisible(model && shown);
    m_train->setVisible(!m_session.dataset().pictures.empty());
    m_empty->setCurrentIndex(model ? 1 : 0);
    if (isAsking())
        m_drop->setBusy(tr("Looking at your pictures"), m_done, m_total);
    else
        m_drop->setIdle();
    setState(shown ? State::Normal : State::Empty);
    m_table->setAsking(isAsking(), m_done, m_total);
}

bool TryItPage::isAsking() const
{
    return std::ranges::any_of(m_questions,
                               [this](const Question& question) { return question.run == m_run; });
}

void TryItPage::showCurrent()
{
    const int row = m_table->current();
    if (row < 0) {
        m_card->clear();
        m_view->setText({});
        return;
    }
    m_card->setAnswer(m_answers->answer(row), m_answers->classes());
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

void TryItPage::showCopied(int pictures, bool stopped, const QString& folder)
{
    messages()->display(MessageBar::Kind::Info,
                        stopped ? tr("Stopped after %Ln copied picture(s).", nullptr, pictures)
                                : tr("%Ln picture(s) copied.", nullptr, pictures),
                        tr("The originals stay where they are."));
    connect(messages()->addButton(tr("Show folder")), &QPushButton::clicked, this,
            [folder] { QDesktopServices::openUrl(QUrl::fromLocalFile(folder)); });
}

void TryItPage::dragEnterEvent(QDragEnterEvent* event)
{
    if (!m_run.isEmpty() && !localPaths(event->mimeData()).isEmpty())
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
