#include "ui/wizard/pictures_step.h"

#include "core/engine/import.h"
#include "ui/models/problem_model.h"
#include "ui/models/split_model.h"
#include "ui/page.h"
#include "ui/session.h"
#include "ui/widgets/parts.h"
#include "ui/wizard/step_frame.h"

#include <QHeaderView>
#include <QLocale>
#include <QTableView>
#include <QVBoxLayout>

namespace graft::ui {

namespace {

constexpr int Fewest = 2; // classes

/// "Daisy, Rose and Tulip", at most six of them.
QString listed(const std::vector<std::string>& names)
{
    constexpr std::size_t most = 6;
    QStringList shown;
    for (const std::string& name : names)
        shown += QString::fromStdString(name);
    if (shown.size() > static_cast<qsizetype>(most)) {
        const auto others = static_cast<int>(names.size() - most);
        shown = shown.first(static_cast<qsizetype>(most));
        shown += PicturesStep::tr("%n other(s)", nullptr, others);
    }
    if (shown.size() < 2)
        return shown.join(QString());
    const QString last = shown.takeLast();
    return PicturesStep::tr("%1 and %2").arg(shown.join(QStringLiteral(", ")), last);
}

} // namespace

PicturesStep::PicturesStep(Session& session, QWidget* parent)
    : QWizardPage(parent)
    , m_session(session)
    , m_classes(new SplitModel(this))
    , m_goal(makeLabel(""))
    , m_files(makeLabel("muted"))
    , m_messages(new MessageBar)
{
    const StepFrame frame = frameStep(this, tr("What will the network learn from?"));
    m_subtitle = frame.subtitle;
    m_goal->setObjectName(QStringLiteral("goal"));
    for (QLabel* label : {m_goal, m_files})
        label->setWordWrap(true);
    m_card = makeCard();
    auto* inside = new QVBoxLayout(m_card);
    inside->setContentsMargins(1, 4, 1, 4);
    m_table = makeTable();
    inside->addWidget(m_table);
    frame.body->addWidget(m_goal);
    frame.body->addWidget(m_messages);
    frame.body->addWidget(m_card, 1);
    frame.body->addWidget(m_files);
    frame.body->addStretch(0);
    connect(&m_session, &Session::datasetChanged, this, &PicturesStep::refresh);
    refresh();
}

QTableView* PicturesStep::makeTable()
{
    constexpr int rowsSeen = 2; // at least
    auto* table = new QTableView;
    makePlain(table);
    table->setModel(m_classes);
    table->setAccessibleName(tr("Classes and their pictures"));
    table->setMinimumHeight((rowsSeen + 1) * table->verticalHeader()->defaultSectionSize());
    QHeaderView* header = table->horizontalHeader();
    header->setSectionResizeMode(QHeaderView::ResizeToContents);
    header->setSectionResizeMode(SplitModel::Note, QHeaderView::Stretch);
    header->setMinimumSectionSize(88);
    table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    return table;
}

bool PicturesStep::isComplete() const
{
    return m_classes->usable() >= Fewest;
}

void PicturesStep::refresh()
{
    const dataset::Dataset& dataset = m_session.dataset();
    m_classes->setDataset(dataset, engine::adviseOnClasses(dataset));
    m_subtitle->setText(tr("%1 %2. A picture on disk is never changed.")
                            .arg(tr("%Ln picture(s)", nullptr, static_cast<int>(dataset.pictures.size())),
                                 tr("in %n class(es)", nullptr, static_cast<int>(dataset.classes.size()))));
    const dataset::ClassCount& total = m_classes->total();
    const QLocale locale;
    m_goal->setText(tr("The network will learn to tell %1 apart. It learns from %2 training pictures, %3 "
                       "validation pictures choose the best model, and %4 test pictures stay secret until "
                       "the end.")
                        .arg(listed(dataset.classes), locale.toString(total.training),
                             locale.toString(total.validation), locale.toString(total.test)));
    m_goal->setVisible(isComplete());
    fitTable();
    showProblems();
    m_completeness.tell(*this);
}

void PicturesStep::fitTable()
{
    const QMargins margins = m_card->layout()->contentsMargins();
    const int frame = m_card->height() - m_card->contentsRect().height() + margins.top() + margins.bottom();
    m_table->horizontalHeader()->ensurePolished(); // the style makes it higher
    m_card->setMaximumHeight(m_table->horizontalHeader()->sizeHint().height()
                             + m_classes->rowCount() * m_table->verticalHeader()->defaultSectionSize()
                             + frame);
}

void PicturesStep::showEvent(QShowEvent* event)
{
    QWizardPage::showEvent(event);
    fitTable();
}

void PicturesStep::showProblems()
{
    ProblemModel problems;
    problems.setProblems(m_session.dataset().problems);
    m_files->setText(problems.summary());
    m_files->setVisible(problems.total() > 0);
    if (isComplete()) {
        m_messages->hide();
        return;
    }
    m_messages->display(MessageBar::Kind::Error,
                        m_classes->usable() == 0 ? tr("There are no pictures to learn from.")
                                                 : tr("Only one class has pictures to learn from."),
                        tr("Telling apart needs at least two classes. Close this, and add a folder with "
                           "pictures of something else on the page Pictures."));
}

} // namespace graft::ui
