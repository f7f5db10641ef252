#pragma once
#include "core/engine/classifier.h"
#include "core/engine/imagenet.h"

#include <QString>

#include <variant>

namespace graft::ui {

/// Who is asked about a picture: a run of the open project, or a backbone as it came, with ImageNet's
/// classes.
struct AskedModel {
    QString run;
    QString imagenet = {}; ///< id of its weights

    bool isNone() const { return run.isEmpty() && imagenet.isEmpty(); }

    bool operator==(const AskedModel&) const = default;
};

/// The model that answered last stays in memory. Worker thread only.
class AnsweringModel
{
public:
    /// Makes sure that it is `model` who answers. `project` is its folder, empty where no run is asked.
    /// Throws Error.
    void choose(const AskedModel& model, const std::filesystem::path& project);

    engine::Prediction classify(const Image& image);
    engine::ClassifyResult classify(const std::vector<std::filesystem::path>& paths, double reject,
                                    const ProgressSink& progress, const std::stop_token& stop,
                                    const std::function<void(const engine::Prediction&)>& each);

private:
    std::string m_loaded; ///< model file, or id of the weights
    std::variant<std::monostate, engine::Classifier, engine::ImagenetClassifier> m_model;
};

} // namespace graft::ui
