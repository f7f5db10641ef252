#include "core/engine/classifier.h"

#include "core/base/error.h"
#include "core/engine/answer_network.h"
#include "core/engine/picture_answers.h"
#include "core/engine/training_view.h"
#include "core/neural/devices.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace graft::engine {

namespace fs = std::filesystem;

namespace {

void verifySelfCheck(const fs::path& file, const share::Model& model, AnswerNetwork& network)
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
    AnswerNetwork network;
    std::optional<TrainingView> view = {}; ///< for test-time augmentation
    int copies = 0;
};

Classifier::Classifier(const fs::path& modelFile, const std::string& device)
{
    share::Model model = share::loadModel(modelFile);
    AnswerNetwork network = answeringNetwork(model, neural::chooseDevice(device).id);
    verifySelfCheck(modelFile, model, network);
    model.weights.clear(); // the network has its own copy
    m_impl = std::make_unique<Impl>(Impl {.model = std::move(model), .network = std::move(network)});
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
    return answerOf(m_impl->network, card().preprocess, image);
}

void Classifier::setTestTimeCopies(int copies)
{
    std::optional<TrainingView> view;
    if (copies > 0) {
        const learn::Plan& plan = card().plan;
        augment::Recipe recipe = augment::readRecipe(plan.recipe);
        if (!augment::changesPictures(recipe))
            throw Error(card().title, "learned without augmentation, so there are no draws to answer on",
                        "Train with a recipe first, or answer on the pictures as they are.");
        view.emplace(card().preprocess, std::move(recipe), plan.seed);
    }
    m_impl->view = std::move(view); // from here on nothing throws
    m_impl->copies = copies;
}

ClassifyResult Classifier::classify(const std::vector<fs::path>& paths, double reject,
                                    const ProgressSink& progress, std::stop_token stop,
                                    const std::function<void(const Prediction&)>& each)
{
    return answersOf(m_impl->network, card().preprocess, card().classes.size(),
                     {m_impl->view ? &*m_impl->view : nullptr, m_impl->copies}, paths, reject, progress,
                     std::move(stop), each);
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
