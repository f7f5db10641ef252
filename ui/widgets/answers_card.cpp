#include "ui/widgets/answers_card.h"

#include "core/base/error.h"
#include "core/base/file.h"
#include "ui/jobs/job_queue.h"
#include "ui/models/answer_model.h"
#include "ui/paths.h"
#include "ui/theme.h"
#include "ui/widgets/bar_delegate.h"
#include "ui/widgets/dialogs.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/picture_delegate.h"
#include "ui/widgets/thumbnail_loader.h"

#include <QBuffer>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLocale>
#include <QPainter>
#include <QPixmapCache>
#include <QTableView>
#include <QVBoxLayout>

namespace graft::ui {

namespace {

constexpr int ThumbnailSide = 96; // pixels
constexpr qsizetype ThumbnailMemory = 32LL << 20U; // bytes
constexpr int SmallestColumn = 48; // pixels

/// The first column of the table.
class ThumbnailDelegate : public QStyledItemDelegate
{
public:
    ThumbnailDelegate(const AnswerModel* model, ThumbnailLoader* loader, QObject* parent)
        : QStyledItemDelegate(parent)
        , m_model(model)
        , m_loader(loader)
        , m_broken(icon("error", Ink::Error))
    {
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        QStyledItemDelegate::paint(painter, option, index);
        const Answer& answer = m_model->answer(index.row());
        const QRectF box(option.rect.right() - 35.0, option.rect.center().y() - 11.0, 32.0, 24.0);
        if (!answer.image.isNull())
            paintCover(*painter, box, small(answer.image));
        else if (!answer.isAnswered() || !m_loader->problem(answer.path).isEmpty())
            paintBrokenTile(*painter, box, m_broken);
        else
            paintCover(*painter, box, m_loader->pixmap(answer.path));
    }

private:
    /// A pasted picture may be large; it is made small once and not at each painting.
    static QPixmap small(const QImage& image)
    {
        const QString key = QStringLiteral("pasted-%1").arg(image.cacheKey());
        QPixmap pixmap;
        if (!QPixmapCache::find(key, &pixmap)) {
            pixmap = QPixmap::fromImage(
                image.scaled(ThumbnailSide, ThumbnailSide, Qt::KeepAspectRatio, Qt::SmoothTransformation));
            QPixmapCache::insert(key, pixmap);
        }
        return pixmap;
    }

    const AnswerModel* m_model;
    ThumbnailLoader* m_loader;
    QIcon m_broken;
};

std::string pngOf(const QImage& image)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return bytes.toStdString();
}

/// What there is an answer for.
std::vector<engine::SortItem> sortItems(const AnswerModel& answers)
{
    std::vector<engine::SortItem> items;
    for (const Answer& answer : answers.answers()) {
        if (!answer.isAnswered())
            continue;
        engine::SortItem item {answer.path, answers.isRejected(answer) ? -1 : answer.best};
        if (answer.path.empty()) {
            item.picture = toPath(answer.name + QStringLiteral(".png"));
            item.content = [image = answer.image] { return pngOf(image); };
        }
        items.push_back(std::move(item));
    }
    return items;
}

std::vector<std::string> utf8(const QStringList& names)
{
    std::vector<std::string> result;
    for (const QString& name : names)
        result.push_back(name.toStdString());
    return result;
}

} // namespace

AnswersCard::AnswersCard(AnswerModel* answers, QWidget* parent)
    : QFrame(parent)
    , m_answers(answers)
    , m_copies(new JobQueue(this))
{
    setProperty("card", true);
    m_count = makeLabel("strong");
    m_detail = new ElidedLabel;
    m_detail->setProperty("role", QStringLiteral("muted"));
    m_stop = makeButton("stop", tr("Stop"));
    m_clear = makeButton("close", tr("Clear"));
    m_clear->setProperty("flat", true);
    m_export = makeButton("table", tr("Export CSV…"));
    m_sort = makeButton("folder", tr("Sort into folders (copies)…"));
    auto* head = new QHBoxLayout;
    head->setContentsMargins(16, 8, 12, 8);
    head->setSpacing(8);
    head->addWidget(m_count);
    head->addSpacing(8);
    head->addWidget(m_detail, 1);
    for (QPushButton* button : {m_stop, m_clear, m_export, m_sort})
        head->addWidget(button);

    makeTable();
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(1, 1, 1, 6);
    rows->setSpacing(0);
    rows->addLayout(head);
    rows->addWidget(makeRule());
    rows->addWidget(m_table, 1);

    connect(m_stop, &QPushButton::clicked, this, [this] {
        m_stopCopies.request_stop();
        emit stopAsking();
    });
    connect(m_clear, &QPushButton::clicked, this, &AnswersCard::clear);
    connect(m_export, &QPushButton::clicked, this, &AnswersCard::exportCsv);
    connect(m_sort, &QPushButton::clicked, this, &AnswersCard::sortIntoFolders);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &AnswersCard::currentChanged);
    showState();
}

AnswersCard::~AnswersCard()
{
    m_stopCopies.request_stop();
}

void AnswersCard::makeTable()
{
    auto* thumbnails = new ThumbnailLoader(ThumbnailSide, 1, ThumbnailMemory, this);
    m_table = new QTableView;
    makePlain(m_table);
    m_table->setModel(m_answers);
    m_table->setObjectName(QStringLiteral("answers"));
    m_table->setAccessibleName(tr("Answers"));
    m_table->setItemDelegateForColumn(AnswerModel::Thumbnail,
                                      new ThumbnailDelegate(m_answers, thumbnails, m_table));
    m_table->setItemDelegateForColumn(AnswerModel::Sure, new BarDelegate(BarDelegate::Look::Thin, m_table));
    m_table->setIconSize(QSize(12, 12));
    m_table->setMinimumHeight(96);
    m_table->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Ignored);
    QHeaderView* columns = m_table->horizontalHeader();
    columns->setSectionResizeMode(QHeaderView::Stretch);
    columns->setMinimumSectionSize(SmallestColumn);
    for (const int column : {AnswerModel::Thumbnail, AnswerModel::Sure})
        columns->setSectionResizeMode(column, QHeaderView::Fixed);
    m_table->setColumnWidth(AnswerModel::Thumbnail, 56);
    m_table->setColumnWidth(AnswerModel::Sure, 200);
    connect(thumbnails, &ThumbnailLoader::loaded, m_table->viewport(), qOverload<>(&QWidget::update));
}

int AnswersCard::current() const
{
    const int row = m_table->currentIndex().row();
    return row < m_answers->rowCount() ? row : -1;
}

void AnswersCard::choose(int row)
{
    m_table->selectRow(row);
}

void AnswersCard::setAsking(bool asking, qint64 done, qint64 total)
{
    m_asking = asking;
    m_done = done;
    m_total = total;
    showState();
}

void AnswersCard::showState()
{
    const QLocale locale;
    const int rows = m_answers->rowCount();
    m_count->setText(tr("%Ln picture(s)", nullptr, rows));
    QStringList details;
    if (!m_copying.isEmpty())
        details += m_copying;
    else if (m_asking)
        details += m_total > 0
            ? tr("looking at %1 of %2").arg(locale.toString(m_done), locale.toString(m_total))
            : tr("looking");
    if (const int unsure = m_answers->unsureCount(); unsure > 0)
        details += tr("%Ln unsure", nullptr, unsure);
    if (const int problems = m_answers->problemCount(); problems > 0)
        details += tr("%Ln could not be read", nullptr, problems);
    m_detail->setFullText(details.join(QStringLiteral(", ")));
    const bool busy = m_asking || !m_copying.isEmpty();
    m_stop->setVisible(busy);
    m_clear->setVisible(!busy);
    m_export->setEnabled(!busy);
    m_sort->setEnabled(!busy && m_answers->problemCount() < rows);
}

void AnswersCard::exportCsv()
{
    auto* dialog = new QFileDialog(this, tr("Export the answers"), {}, tr("Tables (*.csv)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("csv"));
    dialog->selectFile(tr("answers.csv"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) {
        try {
            writeFile(toPath(file), m_answers->csv());
        } catch (const Error& error) {
            emit failed(QString::fromStdString(error.what()));
        }
    });
    dialog->open();
}

void AnswersCard::sortIntoFolders()
{
    chooseFolder(this, tr("Where should the folders with copies be made?"), {},
                 [this](const QString& folder) { sortInto(folder); });
}

void AnswersCard::sortInto(const QString& folder)
{
    m_stopCopies = {};
    m_copying = tr("copying");
    showState();
    const auto progress = [this](const Progress& step) {
        QMetaObject::invokeMethod(
            this,
            [this, step] {
                if (m_copying.isEmpty())
                    return;
                const QLocale locale;
                m_copying =
                    tr("copying %1 of %2").arg(locale.toString(step.done), locale.toString(step.total));
                showState();
            },
            Qt::QueuedConnection);
    };
    m_copies->add(
        [this, progress, folder, target = toPath(folder), classes = m_answers->classes().names,
         none = tr("None of these").toStdString(),
         items = sortItems(*m_answers)](const std::stop_token& stop) -> JobQueue::Finish {
            const auto report = engine::sortCopies(target, utf8(classes), none, items, progress, stop);
            return [this, report, folder] {
                m_copying.clear();
                showState();
                emit copied(report, folder);
            };
        },
        [this](const JobProblem& problem) {
            m_copying.clear();
            showState();
            if (!problem.stopped)
                emit failed(problem.sentence);
        },
        m_stopCopies);
}

} // namespace graft::ui
