#include "ui/jobs/answering_model.h"

namespace graft::ui {

void AnsweringModel::choose(const AskedModel& model, const std::filesystem::path& project)
{
    const std::string wanted = model.run.isEmpty()
        ? model.imagenet.toStdString()
        : engine::findModel(project, model.run.toStdString()).string();
    if (wanted == m_loaded)
        return;
    m_loaded.clear();
    m_model.emplace<std::monostate>(); // first, so that never two are in memory
    if (model.run.isEmpty())
        m_model.emplace<engine::ImagenetClassifier>(wanted);
    else
        m_model.emplace<engine::Classifier>(wanted);
    m_loaded = wanted;
}

engine::Prediction AnsweringModel::classify(const Image& image)
{
    if (auto* own = std::get_if<engine::Classifier>(&m_model))
        return own->classify(image);
    return std::get<engine::ImagenetClassifier>(m_model).classify(image);
}

engine::ClassifyResult AnsweringModel::classify(const std::vector<std::filesystem::path>& paths,
                                                double reject, const ProgressSink& progress,
                                                const std::stop_token& stop,
                                                const std::function<void(const engine::Prediction&)>& each)
{
    if (auto* own = std::get_if<engine::Classifier>(&m_model))
        return own->classify(paths, reject, progress, stop, each);
    return std::get<engine::ImagenetClassifier>(m_model).classify(paths, progress, stop, each);
}

} // namespace graft::ui
