#pragma once
#include "core/engine/classifier.h"
#include "ui/jobs/answering_model.h"
#include "ui/models/answer_model.h"

#include <QImage>
#include <QObject>

#include <deque>

namespace graft::ui {

class JobQueue;
class Session;

/// Asks one chosen model about pictures and hands on its answers, in order, once the names of its classes are
/// known. Answers of a model that was chosen before are dropped. GUI thread.
class Asker : public QObject
{
    Q_OBJECT
public:
    explicit Asker(Session& session, QObject* parent = nullptr);
    ~Asker() override;

    const AskedModel& model() const { return m_model; }

    void choose(const AskedModel& model); ///< ends in classesKnown(), or failed()

    void ask(const QStringList& paths, double reject); ///< files and folders
    void ask(const QString& name, const QImage& image, double reject);
    void stop(); ///< what was asked is not waited for any more

    bool isAsking() const; ///< answers of the chosen model are on their way

    qint64 done() const { return m_done; } ///< of the pictures that are asked about now

    qint64 total() const { return m_total; } ///< 0 while it is not known

public slots:
    /// What the session and the reader of model files say; they call these themselves.
    void setClasses(const graft::ui::AskedModel& model, const graft::ui::AnswerClasses& classes);
    void takeAnswers(const QList<graft::engine::Prediction>& predictions);
    void takeProblems(const QList<graft::engine::PictureProblem>& problems);

signals:
    void classesKnown(const graft::ui::AnswerClasses& classes);
    void answered(const std::vector<graft::ui::Answer>& answers); ///< after classesKnown()
    void changed(); ///< of isAsking(), done() and total()
    void failed(const QString& sentence);

private:
    /// Something the session was asked; its answers come in this order.
    struct Question {
        AskedModel model;
        QString name; ///< of a picture from the clipboard
        QImage image; ///< that picture, else null
    };

    void readClasses();
    void handOn(const std::vector<Answer>& answers);
    void endQuestion(const QList<engine::PictureProblem>& problems);

    Session& m_session;
    JobQueue* m_reader; ///< of model files
    AskedModel m_model;
    bool m_classesKnown = false;
    std::vector<Answer> m_early; ///< answers that came before the names of the classes
    std::deque<Question> m_questions;
    qint64 m_done = 0;
    qint64 m_total = 0;
};

} // namespace graft::ui
