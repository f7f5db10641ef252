#pragma once
#include "core/engine/classifier.h"
#include "ui/models/answer_model.h"
#include "ui/page.h"

#include <QStringList>

#include <deque>

class QComboBox;
class QStackedWidget;

namespace graft::ui {

class AnswerCard;
class AnswersCard;
class DropArea;
class ImageView;
class JobQueue;
class Session;
class ThumbnailLoader;

/// Shows a model new pictures and tells what it answers. Nothing is stored unless a person exports it.
class TryItPage : public Page
{
    Q_OBJECT
public:
    explicit TryItPage(Session& session, QWidget* parent = nullptr);
    ~TryItPage() override;

    const AnswerModel& answers() const { return *m_answers; }

    const AnswerCard& card() const { return *m_card; }

public slots:
    void addPaths(const QStringList& paths); ///< files and folders
    void paste(); ///< a picture or files from the clipboard

    /// What the session answers for what was asked of run `run` with these classes; the page calls these
    /// itself.
    void setModel(const QString& run, const QStringList& classes);
    void takeAnswers(const QList<graft::engine::Prediction>& predictions);
    void takeProblems(const QList<graft::engine::PictureProblem>& problems);

signals:
    void newTraining();

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    /// Something the session was asked; its answers come in this order.
    struct Question {
        QString run;
        QString name; ///< of a picture from the clipboard
        QImage image; ///< that picture, else null
    };

    void makeHeader();
    QWidget* makeEmpty();
    QWidget* makeBody();
    void connectSession();
    void refreshRuns();
    void chooseRun(const QString& run);
    void askAgain(); ///< everything that is shown, of another run
    void ask(const QStringList& paths);
    void ask(const QString& name, const QImage& image);
    void showAnswers(const std::vector<Answer>& answers);
    bool isAsking() const; ///< answers of the chosen run are on their way
    void endQuestion(const QList<engine::PictureProblem>& problems);
    void choosePictures();
    void clearAnswers();
    void setThreshold(double threshold);
    void showState();
    void showCurrent(); ///< picture and answer of the chosen row
    void showPicture();
    void showCopied(int pictures, bool stopped, const QString& folder);

    Session& m_session;
    AnswerModel* m_answers;
    ThumbnailLoader* m_pictures; ///< large ones
    JobQueue* m_reader; ///< of model files
    QString m_run; ///< that answers
    std::vector<Answer> m_early; ///< answers that came before the names of the classes
    bool m_classesKnown = false;
    bool m_showNewest = false; ///< the next new row becomes the current one
    std::deque<Question> m_questions;
    qint64 m_done = 0;
    qint64 m_total = 0;
    int m_pasted = 0;
    QComboBox* m_runChoice;
    QPushButton* m_paste;
    QPushButton* m_add;
    QStackedWidget* m_empty; ///< no model yet, or the drop area
    QPushButton* m_train;
    DropArea* m_drop;
    ImageView* m_view;
    AnswerCard* m_card;
    AnswersCard* m_table;
};

} // namespace graft::ui
