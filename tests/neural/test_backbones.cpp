// Every backbone against torchvision's or timm's, with the weights and on the pictures of reference.py, which
// computed in float64. Where GRAFT_REFERENCE_WEIGHTS names the folder of `reference.py --files`, the weights
// are read from PyTorch's own files, in both containers and under both libraries' names; else they are made
// by the same formula, and the smaller ones go through a file of ours.
#include "core/network/backbone.h"
#include "core/network/cut.h"
#include "core/network/fold.h"
#include "core/network/weights/weights_file.h"
#include "core/neural/devices.h"
#include "core/neural/interpreter.h"
#include "core/neural/trainer.h"
#include "tests/neural/expect.h"
#include "tests/neural/reference.h"

#include <filesystem>
#include <map>

using namespace graft;
using namespace graft::test;
namespace fs = std::filesystem;

namespace {

constexpr double tolerance = 1e-4; ///< of the largest number; of each gradient's norm
constexpr int pictures = 2;
constexpr int side = 96; ///< pixels

using network::BackboneSpec;
using network::TensorMap;

/// Where a weight file would be large, the formula is enough.
constexpr std::int64_t mostWritten = 30'000'000; ///< numbers

TensorMap throughOurFile(const TensorMap& weights, const BackboneSpec& spec)
{
    const fs::path file = fs::temp_directory_path()
        / ("graft-" + std::string(spec.id) + "-" + std::to_string(std::rand()) + ".safetensors");
    network::writeSafetensors(file, weights, {});
    TensorMap read = network::readWeights(file, spec);
    fs::remove(file);
    return read;
}

/// The weights, by where they come from.
std::map<std::string, TensorMap> sources(const BackboneSpec& spec, const network::Graph& graph)
{
    std::map<std::string, TensorMap> list;
    TensorMap formula = formulaWeights(graph);
    const char* folder = std::getenv("GRAFT_REFERENCE_WEIGHTS");
    if (folder == nullptr || *folder == '\0') {
        const bool small = network::learnedParameters(graph) < mostWritten;
        list["formula"] = small ? throughOurFile(formula, spec) : std::move(formula);
        return list;
    }
    for (const char* kind : {"legacy", "zip", "timm"}) {
        const fs::path file = fs::path(folder) / (std::string(spec.id) + "-" + kind + ".pth");
        if (!fs::exists(file))
            continue;
        TensorMap read = network::readWeights(file, spec);
        const bool same = std::ranges::equal(read, formula, [](const auto& a, const auto& b) {
            return a.first == b.first && a.second.shape == b.second.shape
                && a.second.values == b.second.values;
        });
        expect(same, file.filename().string() + " holds what the formula makes, to the bit");
        if (list.empty())
            list[kind] = std::move(read);
    }
    return list;
}

class Comparison
{
public:
    Comparison(const BackboneSpec& spec, const TensorMap& reference)
        : m_id(spec.id)
        , m_reference(reference)
    {
    }

    void check(const std::string& how, const std::string& what, const std::vector<float>& ours)
    {
        note(how, what, largestDifference(ours, expected(what)));
    }

    /// Every number relative to itself.
    void checkEach(const std::string& how, const std::string& what, const std::vector<float>& ours)
    {
        const auto& theirs = expected(what);
        double difference = ours.size() == theirs.size() ? 0.0 : INFINITY;
        for (std::size_t i = 0; i < theirs.size() && std::isfinite(difference); ++i)
            difference = std::max<double>(difference, std::abs(ours[i] - theirs[i]) / theirs[i]);
        note(how, what, difference);
    }

    void summary()
    {
        for (const auto& [what, difference] : m_worst) {
            char text[96];
            std::snprintf(text, sizeof text, ": %s differs by at most %.1e", what.c_str(), difference);
            expect(difference < tolerance, m_id + text);
        }
    }

private:
    /// Empty, and so different from everything, where the reference lacks it.
    const std::vector<float>& expected(const std::string& what) const
    {
        static const std::vector<float> none;
        const auto found = m_reference.find(m_id + "/" + what);
        return found == m_reference.end() ? none : found->second.values;
    }

    void note(const std::string& how, const std::string& what, double difference)
    {
        double& worst = m_worst[what.substr(0, what.find('/'))];
        worst = std::max(worst, difference);
        if (difference >= tolerance) {
            char text[64];
            std::snprintf(text, sizeof text, ": differs by %.1e", difference);
            expect(false, m_id + ", " + how + ", " + what + text);
        }
    }

    std::string m_id;
    const TensorMap& m_reference;
    std::map<std::string, double> m_worst; ///< by kind of result
};

void compareResults(Comparison& comparison, const std::string& how, neural::Interpreter network,
                    const network::Graph& graph)
{
    const auto pixels = referencePixels(pictures, side);
    const neural::Batch batch {pixels, pictures};
    comparison.check(how, "logits", thinned(network.run(batch), pictures));
    for (const network::Stage& stage : graph.stages)
        comparison.check(how, "stage/" + stage.name, thinned(network.pooled(batch, stage.name), pictures));
}

void compareOwnSize(Comparison& comparison, const BackboneSpec& spec, const TensorMap& weights)
{
    const int own = spec.preprocess.crop;
    const auto pixels = referencePixels(1, own);
    neural::Interpreter network(spec.build({.inputSize = own}), weights, {});
    comparison.check("own size", "own_size", thinned(network.run({pixels, 1}), 1));
}

/// The norm of every gradient of one step with frozen statistics and without dropout, sorted by name.
void compareGradients(Comparison& comparison, const BackboneSpec& spec, const TensorMap& weights)
{
    constexpr int noiseSide = 80; // NOISE_SIDE of reference.py, which says why
    const auto pixels = noisePixels(pictures, noiseSide);
    const std::vector<std::int64_t> labels {3, 700}; // LABELS of reference.py
    neural::TrainerOptions options;
    options.dropout = false;
    neural::Trainer trainer(spec.build({.inputSize = noiseSide}), weights, options);
    trainer.accumulate({pixels, pictures}, labels);
    comparison.check("trained", "loss", {static_cast<float>(trainer.score().loss)});
    std::vector<float> norms;
    for (const auto& [name, gradient] : trainer.gradients()) {
        double squares = 0.0;
        for (const float value : gradient.values)
            squares += static_cast<double>(value) * value;
        norms.push_back(static_cast<float>(std::sqrt(squares)));
    }
    comparison.checkEach("trained", "gradients", norms);
}

void compare(const BackboneSpec& spec, const TensorMap& reference)
{
    const network::Graph graph = spec.build({.inputSize = side});
    Comparison comparison(spec, reference);
    for (const auto& [source, weights] : sources(spec, graph)) {
        compareResults(comparison, source, {graph, weights, {.channelsLast = false}}, graph);
        compareOwnSize(comparison, spec, weights);
        compareGradients(comparison, spec, weights);
        const network::WeightedGraph folded = network::foldBatchNorm(graph, weights);
        compareResults(comparison, source + ", folded", {folded.graph, folded.weights, {}}, graph);
    }
    comparison.summary();
}

} // namespace

int main()
{
    neural::useThreads(2);
    const TensorMap reference =
        network::readWeights(fs::path(GRAFT_SOURCE_DIR) / "tests/neural/backbones-reference.safetensors");
    for (const BackboneSpec& spec : network::backbones())
        compare(spec, reference);
    return failures == 0 ? 0 : 1;
}
