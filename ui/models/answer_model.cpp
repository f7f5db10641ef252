#include "ui/models/answer_model.h"

#include "ui/models/problem_model.h"
#include "ui/models/words.h"
#include "ui/paths.h"
#include "ui/theme.h"

#include <algorithm>
#include <cstdio>

namespace graft::ui {

namespace {

// A spreadsheet in any language reads a point.
std::string number(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.6f", value);
    return text;
}

} // namespace

AnswerModel::AnswerModel(QObject* parent)
    : QAbstractTableModel(parent)
    , m_unsure(icon("warning", Ink::Warning))
    , m_problem(icon("error", Ink::Error))
{
}

void AnswerModel::setClasses(const AnswerClasses& classes)
{
    beginResetModel();
    m_classes = classes;
    endResetModel();
}

void AnswerModel::setThreshold(double threshold)
{
    m_threshold = threshold;
    if (!m_answers.empty())
        emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

void AnswerModel::clear()
{
    beginResetModel();
    m_answers.clear();
    m_rows.clear();
    endResetModel();
}

void AnswerModel::put(const std::vector<Answer>& answers)
{
    std::vector<Answer> added;
    for (const Answer& answer : answers) {
        const QByteArray key = QByteArray::fromStdString(answer.path.native());
        const int row = answer.path.empty() ? -1 : m_rows.value(key, -1);
        if (row < 0) {
            if (!answer.path.empty())
                m_rows.insert(key, rowCount() + static_cast<int>(added.size()));
            added.push_back(answer);
            continue;
        }
        if (row >= rowCount()) { // the same file twice in this list
            added[static_cast<std::size_t>(row - rowCount())] = answer;
            continue;
        }
        m_answers[static_cast<std::size_t>(row)] = answer;
        emit dataChanged(index(row, 0), index(row, ColumnCount - 1));
    }
    if (added.empty())
        return;
    beginInsertRows({}, rowCount(), rowCount() + static_cast<int>(added.size()) - 1);
    m_answers.insert(m_answers.end(), added.begin(), added.end());
    endInsertRows();
}

QString AnswerModel::className(const Answer& answer) const
{
    if (!answer.isAnswered())
        return {};
    return isRejected(answer) ? tr("None of these") : m_classes.name(answer.best);
}

int AnswerModel::unsureCount() const
{
    return static_cast<int>(std::ranges::count_if(
        m_answers, [this](const Answer& answer) { return answer.isAnswered() && isRejected(answer); }));
}

int AnswerModel::problemCount() const
{
    return static_cast<int>(
        std::ranges::count_if(m_answers, [](const Answer& answer) { return !answer.isAnswered(); }));
}

QString AnswerModel::note(const Answer& answer) const
{
    if (!answer.isAnswered())
        return answer.problem;
    return isRejected(answer) ? tr("Best guess: %1").arg(m_classes.name(answer.best)) : QString();
}

std::string AnswerModel::csv() const
{
    std::string text = "file,answer,probability,note";
    const QStringList columns = m_classes.own ? m_classes.names : QStringList();
    for (const QString& name : columns)
        text += ',' + csvField(name.toStdString());
    text += "\r\n";
    for (const Answer& answer : m_answers) {
        text += csvField(answer.path.empty() ? answer.name.toStdString() : answer.path.native()) + ','
            + csvField(className(answer).toStdString()) + ','
            + (answer.isAnswered() ? number(answer.sure()) : std::string()) + ','
            + csvField(note(answer).toStdString());
        for (int i = 0; i < columns.size(); ++i) {
            const auto at = static_cast<std::size_t>(i);
            text +=
                ',' + (at < answer.probabilities.size() ? number(answer.probabilities[at]) : std::string());
        }
        text += "\r\n";
    }
    return text;
}

int AnswerModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_answers.size());
}

int AnswerModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant AnswerModel::decoration(const Answer& answer) const
{
    if (!answer.isAnswered())
        return m_problem;
    if (!m_classes.own)
        return {};
    return isRejected(answer) ? m_unsure : classMark(answer.best);
}

QVariant AnswerModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Answer& shown = answer(index.row());
    if (role == ShareRole)
        return index.column() == Sure && shown.isAnswered() ? QVariant(shown.sure()) : QVariant();
    if (role == Qt::DecorationRole)
        return index.column() == Class ? decoration(shown) : QVariant();
    if (role == Qt::ForegroundRole && index.column() == Class && shown.isAnswered() && isRejected(shown))
        return colours().warningText;
    if (role == Qt::ToolTipRole) {
        if (index.column() == File && !shown.path.empty())
            return toQString(shown.path);
        if (index.column() == Class && shown.isAnswered())
            return m_classes.meaning(shown.best);
        return index.column() == Note ? note(shown) : QVariant();
    }
    if (role == Qt::AccessibleTextRole && index.column() == Thumbnail)
        return shown.name;
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case File:
        return shown.name;
    case Class:
        return shown.isAnswered() ? className(shown) : tr("No answer");
    case Sure:
        return shown.isAnswered() ? percent(shown.sure()) : QString();
    case Note:
        return note(shown);
    default:
        return {};
    }
}

QVariant AnswerModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (role != Qt::DisplayRole || orientation != Qt::Horizontal)
        return {};
    switch (section) {
    case Thumbnail:
        return QString();
    case File:
        return tr("File");
    case Class:
        return tr("Answer");
    case Sure:
        return tr("How sure");
    case Note:
        return tr("Note");
    default:
        return {};
    }
}

} // namespace graft::ui
