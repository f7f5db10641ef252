#pragma once
#include "ui/wizard/step_frame.h"

#include <QWizardPage>

class QFrame;
class QLabel;
class QTableView;

namespace graft::ui {

class MessageBar;
class Session;
class SplitModel;

/// The step that shows what there is to learn from. Blocks only below two classes with pictures to learn
/// from. GUI thread.
class PicturesStep : public QWizardPage
{
    Q_OBJECT
public:
    explicit PicturesStep(Session& session, QWidget* parent = nullptr);

    bool isComplete() const override;

protected:
    void showEvent(QShowEvent* event) override;

private:
    QTableView* makeTable();
    void refresh();
    void fitTable(); ///< as high as its rows, where there is room
    void showProblems();

    Session& m_session;
    SplitModel* m_classes;
    QLabel* m_subtitle;
    QLabel* m_goal;
    QLabel* m_files;
    MessageBar* m_messages;
    QFrame* m_card;
    QTableView* m_table;
    Completeness m_completeness;
};

} // namespace graft::ui
