// Training mode against PyTorch and torchvision, which computed in float64 (batch_reference.py): batch norm
// by the statistics of the batch, and the auxiliary head of InceptionV3.
#include "core/network/backbone.h"
#include "core/network/weights/weights_file.h"
#include "core/neural/devices.h"
#include "core/neural/trainer.h"
#include "tests/neural/expect.h"
#include "tests/neural/reference.h"

#include <filesystem>

using namespace graft;
using namespace graft::test;
using network::TensorMap;

namespace {

constexpr double tolerance = 1e-4; ///< of the largest number; of each gradient's norm
constexpr double kinks = 5e-4; ///< where rounding decides at some ReLUs, in PyTorch's float32 as well
constexpr int classes = 10; ///< CLASSES of batch_reference.py

std::string device; ///< on which all of this runs

class Comparison
{
public:
    Comparison(std::string id, const TensorMap& reference)
        : m_id(std::move(id))
        , m_reference(reference)
    {
    }

    void check(const std::string& what, const std::vector<float>& ours) const
    {
        note(what, largestDifference(ours, expected(what)), tolerance);
    }

    /// Every number relative to itself.
    void checkEach(const std::string& what, const std::vector<float>& ours, double allowed = tolerance) const
    {
        const auto& theirs = expected(what);
        double difference = ours.size() == theirs.size() ? 0.0 : INFINITY;
        for (std::size_t i = 0; i < theirs.size() && std::isfinite(difference); ++i)
            difference = std::max<double>(difference, std::abs(ours[i] - theirs[i]) / theirs[i]);
        note(what, difference, allowed);
    }

private:
    const std::vector<float>& expected(const std::string& what) const
    {
        return m_reference.at(m_id + "/" + what).values;
    }

    void note(const std::string& what, double difference, double allowed) const
    {
        char text[96];
        std::snprintf(text, sizeof text, ": %s differs by %.1e", what.c_str(), difference);
        expect(difference < allowed, m_id + text);
    }

    std::string m_id;
    const TensorMap& m_reference;
};

/// Of every gradient, sorted by name.
std::vector<float> norms(const TensorMap& gradients)
{
    std::vector<float> list;
    for (const auto& [name, gradient] : gradients) {
        double squares = 0.0;
        for (const float value : gradient.values)
            squares += double {value} * value;
        list.push_back(static_cast<float>(std::sqrt(squares)));
    }
    return list;
}

neural::TrainerOptions plainDescent()
{
    neural::TrainerOptions options;
    options.device = device;
    options.dropout = false;
    options.optimizer = {neural::Optimizer::Sgd, 0.0, false, 0.0};
    return options;
}

void batchNormLearnsAsPyTorchs(const TensorMap& reference)
{
    constexpr int pictures = 4;
    constexpr int side = 128;
    constexpr int steps = 3;
    constexpr double rate = 0.01;
    const auto pixels = noisePixels(pictures, side);
    const neural::Batch batch {pixels, pictures};
    const std::vector<std::int64_t> labels {3, 0, 7, 3};
    const auto graph = network::backbone("resnet50").build({.inputSize = side, .classes = classes});
    neural::TrainerOptions options = plainDescent();
    options.batchStatistics = true;
    TensorMap weights = formulaWeights(graph);
    for (auto& [name, tensor] : weights) {
        if (name.ends_with(".bn3.weight")) // QUIET of batch_reference.py, which says why
            std::ranges::transform(tensor.values, tensor.values.begin(), [](float v) { return v * 0.125F; });
    }
    neural::Trainer trainer(graph, weights, options);
    const Comparison comparison("resnet50", reference);
    std::vector<float> losses;
    for (int step = 0; step < steps; ++step) {
        trainer.resetScore();
        trainer.accumulate(batch, labels);
        losses.push_back(static_cast<float>(trainer.score().loss));
        if (step == 0)
            comparison.checkEach("gradients", norms(trainer.gradients()), kinks);
        trainer.update(rate);
    }
    comparison.checkEach("losses", losses);
    for (const std::string kind : {"running_mean", "running_var"}) {
        std::vector<float> measured;
        for (const auto& [name, tensor] : trainer.weights()) {
            if (!name.ends_with(kind))
                continue;
            const auto some = thinned(tensor.values, 1);
            measured.insert(measured.end(), some.begin(), some.end());
        }
        comparison.check(kind, measured);
    }
    comparison.check("evaluated", trainer.evaluate(batch));
}

void auxiliaryHeadCountsAsTorchvisions(const TensorMap& reference)
{
    const auto& spec = network::backbone("inception-v3");
    const int side = spec.preprocess.crop;
    const std::vector<std::int64_t> labels {3, 7};
    const auto pixels = noisePixels(2, side);
    const auto graph = spec.build({.inputSize = side, .classes = classes, .auxiliary = true});
    neural::Trainer trainer(graph, formulaWeights(graph), plainDescent());
    trainer.accumulate({pixels, 2}, labels);
    const Comparison comparison("inception-v3", reference);
    comparison.checkEach("loss", {static_cast<float>(trainer.score().loss)});
    const TensorMap gradients = trainer.gradients();
    comparison.checkEach("gradients", norms(gradients));
    const std::string single = "inception-v3/gradient/";
    for (const auto& [key, values] : reference) {
        if (key.starts_with(single))
            comparison.check(key.substr(key.find('/') + 1),
                             thinned(gradients.at(key.substr(single.size())).values, 1));
    }
}

} // namespace

int main()
{
    neural::useThreads(2);
    const TensorMap reference = network::readWeights(std::filesystem::path(GRAFT_SOURCE_DIR)
                                                     / "tests/neural/batch-reference.safetensors");
    for (const std::string& id : devices()) {
        std::printf("on %s\n", id.c_str());
        device = id;
        batchNormLearnsAsPyTorchs(reference);
        auxiliaryHeadCountsAsTorchvisions(reference);
    }
    return failures == 0 ? 0 : 1;
}
