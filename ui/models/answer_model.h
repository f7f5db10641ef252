#pragma once
#include "ui/models/answer_classes.h"

#include <QAbstractTableModel>
#include <QHash>
#include <QIcon>
#include <QImage>

#include <filesystem>
#include <string>
#include <vector>

namespace graft::ui {

/// One picture that was shown to the model, and what it said.
struct Answer {
    std::filesystem::path path; ///< empty for a picture from the clipboard
    QImage image; ///< that picture; null for a file
    QString name; ///< for showing
    std::vector<float> probabilities; ///< by class, sum 1; empty where there is no answer
    int best = 0; ///< class with the largest
    QString problem; ///< why there is no answer, else empty

    bool isAnswered() const { return !probabilities.empty(); }

    double sure() const { return isAnswered() ? probabilities[static_cast<std::size_t>(best)] : 0.0; }
};

/// "None of these": compared as the engine does it, in float32, so that 70 % is not below 70 %.
inline bool isRejected(const Answer& answer, double threshold)
{
    return static_cast<float>(answer.sure()) < static_cast<float>(threshold);
}

/// Shown pictures with their answers: thumbnail, file, answer, how sure, note. Below the threshold an answer
/// reads "None of these".
class AnswerModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Thumbnail, File, Class, Sure, Note, ColumnCount };

    enum Role { ShareRole = Qt::UserRole }; ///< double in column Sure, invalid where there is no answer

    explicit AnswerModel(QObject* parent = nullptr);

    void setClasses(const AnswerClasses& classes);
    void setThreshold(double threshold); ///< 0..1

    const AnswerClasses& classes() const { return m_classes; }

    double threshold() const { return m_threshold; }

    void clear();
    void put(const std::vector<Answer>& answers); ///< at the end; a file that is there takes its new answer

    const Answer& answer(int row) const { return m_answers[static_cast<std::size_t>(row)]; }

    const std::vector<Answer>& answers() const { return m_answers; }

    bool isRejected(const Answer& answer) const
    {
        return m_classes.own && ui::isRejected(answer, m_threshold);
    }

    QString className(const Answer& answer) const; ///< what it is, or "None of these"
    int unsureCount() const;
    int problemCount() const;

    std::string csv() const; ///< RFC 4180, with a header and one column for each of a person's own classes

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QVariant decoration(const Answer& answer) const;
    QString note(const Answer& answer) const;

    AnswerClasses m_classes;
    std::vector<Answer> m_answers;
    QHash<QByteArray, int> m_rows; ///< of files, by their path
    double m_threshold = 0.5;
    QIcon m_unsure;
    QIcon m_problem;
};

} // namespace graft::ui
