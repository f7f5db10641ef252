#include "ui/widgets/problems_panel.h"

#include "core/base/error.h"
#include "core/base/file.h"
#include "ui/models/problem_model.h"
#include "ui/models/words.h"
#include "ui/paths.h"
#include "ui/widgets/parts.h"

#include <QComboBox>
#include <QDesktopServices>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLocale>
#include <QTableView>
#include <QUrl>
#include <QVBoxLayout>

namespace graft::ui {

namespace {

constexpr int HeaderHeight = 40;
constexpr int MeasuredRows = 50; // of a long list, to find the width of a column
constexpr int TableHeight = 4 * 32; // four rows; the splitter gives more

} // namespace

ProblemsPanel::ProblemsPanel(QWidget* parent)
    : QWidget(parent)
    , m_model(new ProblemModel(this))
    , m_fold(new QToolButton)
    , m_count(makeLabel(""))
    , m_summary(new ElidedLabel)
    , m_kinds(new QComboBox)
    , m_table(new QTableView)
{
    setProperty("surface", true);
    setAttribute(Qt::WA_StyledBackground);
    m_fold->setProperty("flat", true);
    m_fold->setProperty("small", true);
    m_fold->setCheckable(true);
    m_fold->setIcon(icon("down"));
    m_fold->setToolTip(tr("Show or hide the problems"));
    m_fold->setAccessibleName(tr("Show or hide the problems"));
    m_count->setProperty("chip", QStringLiteral("neutral"));
    m_summary->setProperty("role", QStringLiteral("muted"));
    m_kinds->setAccessibleName(tr("Show problems of one reason"));
    m_kinds->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_kinds->setMinimumContentsLength(12);
    QPushButton* save = makeFlatButton(tr("Save list…"));

    auto* head = new QHBoxLayout;
    head->setContentsMargins(20, 0, 20, 0);
    head->setSpacing(8);
    head->addWidget(m_fold);
    head->addWidget(makeLabel("strong", tr("Problems")));
    head->addWidget(m_count, 0, Qt::AlignVCenter);
    head->addSpacing(8);
    head->addWidget(m_summary, 1);
    head->addWidget(m_kinds);
    head->addWidget(save);
    auto* header = new QWidget;
    header->setLayout(head);
    header->setFixedHeight(HeaderHeight);

    makePlain(m_table);
    m_table->setModel(m_model);
    m_table->setAccessibleName(tr("Problems"));
    m_table->horizontalHeader()->hide();
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    for (const int column : {ProblemModel::Class, ProblemModel::Deed, ProblemModel::Action})
        m_table->horizontalHeader()->setSectionResizeMode(column, QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setResizeContentsPrecision(MeasuredRows);
    m_table->setMinimumHeight(32);

    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(0);
    rows->addWidget(makeRule());
    rows->addWidget(header);
    rows->addWidget(makeRule());
    auto* inset = new QHBoxLayout;
    inset->setContentsMargins(16, 0, 16, 0);
    inset->addWidget(m_table);
    rows->addLayout(inset, 1);

    connect(m_fold, &QToolButton::toggled, this, &ProblemsPanel::setUnfolded);
    connect(save, &QPushButton::clicked, this, &ProblemsPanel::saveList);
    connect(m_kinds, &QComboBox::activated, this,
            [this](int chosen) { m_model->setKind(m_kinds->itemData(chosen).toInt()); });
    connect(m_table, &QTableView::clicked, this, [this](const QModelIndex& index) {
        if (index.column() == ProblemModel::Action)
            showInFolder(index.row());
    });
    connect(m_table, &QTableView::activated, this,
            [this](const QModelIndex& index) { showInFolder(index.row()); });
    setUnfolded(true);
    hide();
}

void ProblemsPanel::setProblems(const std::vector<dataset::Problem>& problems)
{
    m_model->setProblems(problems);
    m_count->setText(QLocale().toString(m_model->total()));
    m_summary->setFullText(m_model->summary());
    fillKinds();
    setVisible(!problems.empty());
}

void ProblemsPanel::setUnfolded(bool unfolded)
{
    m_fold->setChecked(unfolded);
    m_fold->setIcon(icon(unfolded ? "down" : "right"));
    m_table->setVisible(unfolded);
    setMinimumHeight(unfolded ? HeaderHeight + 64 : HeaderHeight + 2);
    setMaximumHeight(unfolded ? QWIDGETSIZE_MAX : HeaderHeight + 2);
}

QSize ProblemsPanel::sizeHint() const
{
    return {640, HeaderHeight + 2 + (m_table->isHidden() ? 0 : TableHeight)};
}

void ProblemsPanel::fillKinds()
{
    m_kinds->clear();
    m_kinds->addItem(tr("All reasons"), -1);
    for (const int kind : m_model->kinds())
        m_kinds->addItem(problemTitle(static_cast<dataset::ProblemKind>(kind)), kind);
}

void ProblemsPanel::saveList()
{
    const QString file = QFileDialog::getSaveFileName(this, tr("Save the list of problems"),
                                                      tr("problems.csv"), tr("Tables (*.csv)"));
    if (file.isEmpty())
        return;
    try {
        writeFile(toPath(file), m_model->csv());
    } catch (const Error& error) {
        emit failed(QString::fromStdString(error.what()));
    }
}

void ProblemsPanel::showInFolder(int row)
{
    const std::filesystem::path folder = m_model->problem(row).path.parent_path();
    QDesktopServices::openUrl(QUrl::fromLocalFile(toQString(folder)));
}

} // namespace graft::ui
