#include "ui/models/problem_model.h"

#include "ui/models/words.h"
#include "ui/paths.h"
#include "ui/theme.h"

#include <algorithm>
#include <set>

namespace graft::ui {

ProblemModel::ProblemModel(QObject* parent)
    : QAbstractTableModel(parent)
    , m_serious(icon("error", Ink::Error))
    , m_note(icon("info", Ink::Info))
{
}

void ProblemModel::setProblems(const std::vector<dataset::Problem>& problems)
{
    beginResetModel();
    m_problems = problems;
    std::ranges::stable_sort(m_problems, {},
                             [](const dataset::Problem& problem) { return isSerious(problem.kind) ? 0 : 1; });
    m_kind = -1;
    choose();
    endResetModel();
}

void ProblemModel::setKind(int kind)
{
    beginResetModel();
    m_kind = kind;
    choose();
    endResetModel();
}

void ProblemModel::choose()
{
    m_rows.clear();
    for (std::size_t i = 0; i < m_problems.size(); ++i) {
        if (m_kind < 0 || static_cast<int>(m_problems[i].kind) == m_kind)
            m_rows.push_back(i);
    }
}

QList<int> ProblemModel::kinds() const
{
    std::set<int> kinds;
    for (const dataset::Problem& problem : m_problems)
        kinds.insert(static_cast<int>(problem.kind));
    return {kinds.begin(), kinds.end()};
}

QString ProblemModel::summary() const
{
    int skipped = 0;
    int twins = 0;
    for (const dataset::Problem& problem : m_problems) {
        if (problem.skipped)
            ++skipped;
        else if (problem.kind == dataset::ProblemKind::NearDuplicate
                 || problem.kind == dataset::ProblemKind::SameFileTwice)
            ++twins;
    }
    QString text;
    if (skipped > 0 && twins > 0)
        text = tr("%1, %2.").arg(tr("%n file(s) skipped", nullptr, skipped),
                                 tr("%n group(s) of (nearly) the same pictures", nullptr, twins));
    else if (skipped > 0)
        text = tr("%n file(s) skipped", nullptr, skipped) + QLatin1Char('.');
    else if (twins > 0)
        text = tr("%n group(s) of (nearly) the same pictures", nullptr, twins) + QLatin1Char('.');
    return text.isEmpty() ? tr("Your files were not changed.")
                          : tr("%1 Your files were not changed.").arg(text);
}

const dataset::Problem& ProblemModel::problem(int row) const
{
    return m_problems[m_rows[static_cast<std::size_t>(row)]];
}

std::string csvField(const std::string& text)
{
    if (text.find_first_of(",\"\r\n") == std::string::npos)
        return text;
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"')
            quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

std::string ProblemModel::csv() const
{
    std::string text = "reason,kind,file,class,done\r\n";
    for (const std::size_t row : m_rows) {
        const dataset::Problem& problem = m_problems[row];
        text += csvField(problem.reason) + ',' + dataset::id(problem.kind) + ','
            + csvField(problem.path.native()) + ',' + csvField(problem.className) + ','
            + csvField(problemDeed(problem).toStdString()) + "\r\n";
    }
    return text;
}

int ProblemModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ProblemModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ProblemModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const dataset::Problem& shown = problem(index.row());
    if (role == Qt::ToolTipRole)
        return index.column() == File ? toQString(shown.path) : QString::fromStdString(shown.reason);
    if (role == Qt::DecorationRole && index.column() == Reason)
        return isSerious(shown.kind) ? m_serious : m_note;
    if (role == Qt::ForegroundRole && index.column() == Action)
        return colours().accent;
    if (role == Qt::TextAlignmentRole && index.column() == Action)
        return QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case Reason:
        return problemTitle(shown.kind);
    case File: {
        QString names = fileName(shown.path);
        for (const std::filesystem::path& other : shown.others)
            names += QLatin1String(", ") + fileName(other);
        return names;
    }
    case Class:
        return QString::fromStdString(shown.className);
    case Deed:
        return problemDeed(shown);
    case Action:
        return tr("Show in folder");
    default:
        return {};
    }
}

QVariant ProblemModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (role != Qt::DisplayRole || orientation != Qt::Horizontal)
        return {};
    switch (section) {
    case Reason:
        return tr("Reason");
    case File:
        return tr("File");
    case Class:
        return tr("Class");
    case Deed:
        return tr("What Graft did");
    case Action:
        return tr("Action");
    default:
        return {};
    }
}

} // namespace graft::ui
