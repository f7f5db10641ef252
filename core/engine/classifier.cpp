#include "core/engine/classifier.h"

#include "core/engine/answer_network.h"
#include "core/engine/expand_folders.h"
#include "core/engine/picture_batches.h"
#include "core/imaging/resize.h"
#include "core/neural/devices.h"

#include <algorithm>
#include <cmath>

namespace graft::engine {

namespace fs = std::filesystem;

namespace {

Prediction answer(const fs::path& path, std::span<const float> logits)
{
    Prediction prediction {path, {logits.begin(), logits.end()}, 0, false};
    softmax(prediction.probabilities);
    prediction.best = static_cast<int>(std::ranges::max_element(prediction.probabilities)
                                       - prediction.probabilities.begin());
    return prediction;
}

void verifySelfCheck(const fs::path& file, const share::Model& model, neural::Interpreter& network)
{
    constexpr double tolerance =
        1e-3; // of the largest logit: other processors round otherwise, wrong ones differ more
    const auto now = selfCheckLogits(network, model.card.preprocess);
    double largest = 0.0;
    double difference = now.size() == model.selfCheck.size() ? 0.0 : HUGE_VAL;
    for (std::size_t i = 0; i < std::min(now.size(), model.selfCheck.size()); ++i) {
        largest = std::max<double>(largest, std::abs(model.selfCheck[i]));
        difference = std::max<double>(difference, std::abs(now[i] - model.selfCheck[i]));
    }
    if (!(difference <= tolerance * std::max(1.0, largest)))
        throw Error(file.string(),
                    "does not give the answers it gave when it was made (they differ by "
                        + std::to_string(difference) + ")",
                    "The file may be damaged: train again or take another copy.");
}

} // namespace

struct Classifier::Impl {
    share::Model model;
    neural::Interpreter network;
};

Classifier::Classifier(const fs::path& modelFile, const std::string& device)
{
    share::Model model = share::loadModel(modelFile);
    neural::Interpreter network = answeringNetwork(model, neural::chooseDevice(device).id);
    verifySelfCheck(modelFile, model, network);
    model.weights.clear(); // the network has its own copy
    m_impl = std::make_unique<Impl>(Impl {std::move(model), std::move(network)});
}

Classifier::~Classifier() = default;
Classifier::Classifier(Classifier&&) noexcept = default;
Classifier& Classifier::operator=(Classifier&&) noexcept = default;

const share::ModelCard& Classifier::card() const
{
    return m_impl->model.card;
}

Prediction Classifier::classify(const Image& image)
{
    const PreprocessSpec& spec = card().preprocess;
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(spec.crop) * static_cast<std::size_t>(spec.crop)
                                     * 3);
    imaging::preprocess(image, spec, pixels);
    return answer({}, m_impl->network.run({pixels, 1}));
}

ClassifyResult Classifier::classify(const std::vector<fs::path>& paths, double reject,
                                    const ProgressSink& progress, std::stop_token stop,
                                    const std::function<void(const Prediction&)>& each)
{
    const auto files = expandFolders(paths);
    const std::size_t classes = card().classes.size();
    ClassifyResult result;
    const PassReport pass = forEachBatch(
        files, card().preprocess, {"Looking at pictures", 0, static_cast<std::int64_t>(files.size())},
        progress, stop, [&](std::span<const std::size_t> positions, const neural::Batch& batch) {
            const auto logits = m_impl->network.run(batch);
            for (std::size_t i = 0; i < positions.size(); ++i) {
                Prediction one = answer(files[positions[i]], std::span(logits).subspan(i * classes, classes));
                one.rejected = one.probabilities[static_cast<std::size_t>(one.best)] < reject;
                if (each)
                    each(one);
                result.predictions.push_back(std::move(one));
            }
        });
    result.problems = pass.problems;
    result.stopped = pass.stopped;
    return result;
}

fs::path findModel(const fs::path& modelOrProject, const std::string& run)
{
    if (!fs::is_directory(modelOrProject))
        return modelOrProject; // what is wrong with it, if anything, is told when it is loaded
    const store::Project project = store::Project::open(modelOrProject, store::Access::Read);
    if (!run.empty()) {
        const store::RunRecord record = project.run(run);
        if (!record.hasModel)
            throw Error(record.id, "this run has no model: it " + std::string(id(record.state)),
                        "Choose another run, or train again.");
        return project.modelFile(record.id);
    }
    const auto latest = project.latestModel();
    if (!latest)
        throw Error(modelOrProject.string(), "has no trained model yet", "Train one first.");
    return project.modelFile(latest->id);
}

} // namespace graft::engine
