#pragma once
#include "core/store/project.h"
#include "ui/jobs/answering_model.h"
#include "ui/jobs/weights_jobs.h"

#include <QComboBox>

namespace graft::ui {

/// Who answers: the runs that have a model, newest first, then the networks whose weights are here.
class ModelChoice : public QComboBox
{
    Q_OBJECT
public:
    explicit ModelChoice(QWidget* parent = nullptr);

    void setModels(const QList<store::RunRecord>& runs, const QList<WeightsItem>& networks);

    bool hasModel(const AskedModel& model) const { return row(model) >= 0; }

    AskedModel firstNetwork() const; ///< none where there is none

    void show(const AskedModel& model);

signals:
    void chosen(const graft::ui::AskedModel& model); ///< by a person

private:
    int row(const AskedModel& model) const;
    void add(int row, const QString& text, const AskedModel& model);

    QList<AskedModel> m_models; ///< by row; none is the separator
};

} // namespace graft::ui
