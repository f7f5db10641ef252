#include "ui/widgets/model_choice.h"

#include "ui/models/words.h"

#include <algorithm>

namespace graft::ui {

ModelChoice::ModelChoice(QWidget* parent)
    : QComboBox(parent)
{
    setAccessibleName(tr("Who answers"));
    setSizeAdjustPolicy(QComboBox::AdjustToContents);
    connect(this, &QComboBox::activated, this, [this](int row) { emit chosen(m_models.value(row)); });
}

void ModelChoice::setModels(const QList<store::RunRecord>& runs, const QList<WeightsItem>& networks)
{
    clear();
    m_models.clear();
    for (const store::RunRecord& run : runs) {
        if (!run.hasModel)
            continue;
        const Verdict found = verdict(run.result);
        const double share =
            found.total > 0 ? static_cast<double>(found.correct) / static_cast<double>(found.total) : 0.0;
        add(0, found.total > 0 ? tr("%1, %2 right").arg(runTitle(run.id), percent(share)) : runTitle(run.id),
            {QString::fromStdString(run.id)});
    }
    if (!m_models.isEmpty()) {
        insertSeparator(count());
        m_models += AskedModel();
    }
    for (const WeightsItem& network : networks) {
        if (!network.isUsable())
            continue;
        add(count(), tr("ImageNet: %1").arg(network.title()),
            {{}, QString::fromStdString(network.status.id)});
        setItemData(count() - 1, tr("A network as it came, which names 1,000 everyday things"),
                    Qt::ToolTipRole);
    }
    if (!m_models.isEmpty() && m_models.last().isNone()) {
        removeItem(count() - 1);
        m_models.removeLast();
    }
}

void ModelChoice::add(int row, const QString& text, const AskedModel& model)
{
    insertItem(row, text);
    m_models.insert(row, model);
}

AskedModel ModelChoice::firstNetwork() const
{
    const auto found =
        std::ranges::find_if(m_models, [](const AskedModel& model) { return !model.imagenet.isEmpty(); });
    return found == m_models.end() ? AskedModel() : *found;
}

int ModelChoice::row(const AskedModel& model) const
{
    return model.isNone() ? -1 : static_cast<int>(m_models.indexOf(model));
}

void ModelChoice::show(const AskedModel& model)
{
    setCurrentIndex(row(model));
}

} // namespace graft::ui
