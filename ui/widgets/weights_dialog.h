#pragma once
#include "ui/jobs/weights_jobs.h"

#include <QDialog>

class QLabel;
class QPushButton;

namespace graft::ui {

class MessageBar;
class WeightsImport;
class WeightsPanel;

/// Network weights: download them, or import them from files, folders and USB sticks, also by dropping them
/// here. Closing it stops nothing.
class WeightsDialog : public QDialog
{
    Q_OBJECT
public:
    explicit WeightsDialog(WeightsJobs& weights, QWidget* parent = nullptr);

    static QSize sizeFor(const QWidget* window); ///< as large as is of use, within the window

    WeightsPanel* panel() const { return m_panel; }

    MessageBar* messages() const { return m_messages; }

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    QLayout* makeHead();
    QWidget* makeTerms();
    QLayout* makeFoot();
    void showImporting(qint64 done, qint64 total);

    WeightsJobs& m_weights;
    MessageBar* m_messages;
    WeightsPanel* m_panel;
    WeightsImport* m_importer;
    QPushButton* m_import;
    QPushButton* m_stop;
    QPushButton* m_close;
    QLabel* m_importing;
};

} // namespace graft::ui
