#pragma once
#include "ui/jobs/weights_jobs.h"
#include "ui/wizard/step_frame.h"

#include <QHash>
#include <QWizardPage>

class QButtonGroup;
class QComboBox;
class QLabel;

namespace graft::ui {

class BackboneCard;
class CardGrid;
class MessageBar;
class Session;
class TrainingDraft;
class WeightsImport;

/// The step that chooses the network that a training builds on. Complete when its weights are here. GUI
/// thread.
class BackboneStep : public QWizardPage
{
    Q_OBJECT
public:
    enum class Order { Recommended, Speed, Accuracy, Size };

    BackboneStep(Session& session, WeightsJobs& weights, TrainingDraft& draft, QWidget* parent = nullptr);

    bool isComplete() const override;

    BackboneCard* card(const QString& id) const; ///< of these weights; null where there is none
    QList<BackboneCard*> cards() const; ///< in the order that is shown

    WeightsImport* importer() const { return m_importer; }

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    QWidget* makeInfo();
    QLayout* makeSort();
    void refresh();
    void show(int row);
    void showAll();
    void arrange();
    void measure();
    void keepSpeeds();
    void choose(const std::string& weights);
    void showChoice();
    int rowOf(const std::string& weights) const; ///< that the plan means; -1 where there is none
    /// That the backbone's own id means: the one that is here, or else the first.
    int rowOfBackbone(std::string_view backbone) const;
    double speedOf(const WeightsItem& item) const; ///< pictures per second; 0: not measured
    void refuse(const QString& id, const QString& sentence);

    Session& m_session;
    WeightsJobs& m_weights;
    TrainingDraft& m_draft;
    QLabel* m_subtitle;
    MessageBar* m_messages;
    CardGrid* m_grid;
    QButtonGroup* m_radios;
    QComboBox* m_sort;
    QLabel* m_info;
    WeightsImport* m_importer;
    QList<BackboneCard*> m_cards; ///< by row of the weights
    QList<int> m_order; ///< rows, as they are shown
    QHash<QString, QString> m_refused; ///< by id of the weights: why a file was not taken
    Completeness m_completeness;
};

} // namespace graft::ui
