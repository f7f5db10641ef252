#pragma once
#include "core/engine/sort_copies.h"
#include "ui/jobs/asker.h"
#include "ui/models/answer_model.h"
#include "ui/page.h"

#include <QStringList>

namespace graft::ui {

class AnswerCard;
class AnswersCard;
class ImageView;
class ModelChoice;
class Session;
class ThumbnailLoader;
class TryItEmpty;
class WeightsJobs;

/// Shows a model new pictures and tells what it answers: a run of the open project, or, also without a
/// project, a network as it came, with ImageNet's 1,000 classes. Nothing is stored unless a person exports
/// it.
class TryItPage : public Page
{
    Q_OBJECT
public:
    TryItPage(Session& session, WeightsJobs& weights, QWidget* parent = nullptr);
    ~TryItPage() override;

    Asker& asker() const { return *m_asker; }

    const AnswerModel& answers() const { return *m_answers; }

    const AnswerCard& card() const { return *m_card; }

public slots:
    void addPaths(const QStringList& paths); ///< files and folders
    void paste(); ///< a picture or files from the clipboard
    void askRun(const QString& run); ///< changes to it; nothing where it has no model
    void askImagenet(); ///< changes to the first network whose weights are here

signals:
    void newTraining();
    void showWeights(); ///< where weights are downloaded and imported
    void modelChanged(); ///< another one answers now
    void back(); ///< to the start page, where no project is open

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void makeHeader();
    QWidget* makeEmpty();
    QWidget* makeBody();
    void connectAsker();
    void refreshModels();
    AskedModel usualRun() const;
    void chooseModel(const AskedModel& model);
    void askAgain(); ///< everything that is shown, of another model
    void ask(const QStringList& paths);
    void ask(const QString& name, const QImage& image);
    void setClasses(const AnswerClasses& classes);
    void showAnswers(const std::vector<Answer>& answers);
    void choosePictures();
    void clearAnswers();
    void setThreshold(double threshold);
    void showState();
    void showCurrent(); ///< picture and answer of the chosen row
    void showPicture();
    void showCopied(const engine::SortReport& report, const QString& folder);

    Session& m_session;
    WeightsJobs& m_weights;
    Asker* m_asker;
    AnswerModel* m_answers;
    ThumbnailLoader* m_pictures; ///< large ones
    AskedModel m_usual; ///< who answers where nobody chooses
    bool m_chosenByHand = false; ///< a person chose who answers
    bool m_showNewest = false; ///< the next new row becomes the current one
    int m_pasted = 0;
    ModelChoice* m_modelChoice;
    QPushButton* m_back;
    QPushButton* m_paste;
    QPushButton* m_add;
    TryItEmpty* m_empty;
    ImageView* m_view;
    AnswerCard* m_card;
    AnswersCard* m_table;
};

} // namespace graft::ui
