#include "core/base/error.h"
#include "core/neural/inside/optimizer_formulas.h"
#include "core/neural/optimizer.h"
#include "core/neural/trainer.h"
#include "tests/neural/expect.h"

using namespace graft;
using namespace graft::network;
using namespace graft::test;
using namespace graft::neural;

namespace {

struct Reference {
    std::string name;
    std::vector<double> weights; ///< after each of three steps, two numbers each
};

/// Of PyTorch, in double precision: training_reference.py.
const std::vector<Reference> references {
    {"sgd", {0.949, -2.797, 0.877151, -2.711503, 0.911609749, -2.644344197}},
    {"sgd nesterov", {0.9031, -2.6143, 0.81257411, -2.63490283, 0.942869708191, -2.58454193162}},
    {"rmsprop",
     {1.96078393411e-07, -2.00000004926, -0.441942157363, -2.43652278395, 0.43042521919, -2.48152884184}},
    {"adagrad", {0.90000000002, -2.9, 0.854720072158, -2.94315026704, 0.941338427378, -2.94739341041}},
    {"adamw", {0.899000002, -2.8970000005, 0.804883040475, -2.8674692967, 0.824713859843, -2.84761476}},
};

const std::vector<std::vector<float>> gradients {{0.5F, -2.0F}, {0.25F, 1.0F}, {-1.0F, 0.125F}};

OptimizerOptions optionsOf(const std::string& name)
{
    return {optimizerNamed(name.substr(0, name.find(' '))), 0.9, name.ends_with("nesterov"), 0.01};
}

void equalsPyTorch()
{
    for (const Reference& reference : references) {
        const OptimizerOptions options = optionsOf(reference.name);
        std::vector<float> w {1.0F, -3.0F};
        std::vector<float> first(2);
        std::vector<float> second(2);
        std::vector<double> steps;
        for (std::size_t t = 0; t < gradients.size(); ++t) {
            changeNumbers(options.optimizer, w.data(), gradients[t].data(), {first.data(), second.data()}, 2,
                          {options, 0.1, options.weightDecay, static_cast<double>(t + 1)});
            steps.insert(steps.end(), w.begin(), w.end());
        }
        expect(largestDifference(steps, reference.weights) < 1e-6, reference.name + " takes PyTorch's steps");
    }
}

/// PyTorch's documentation, written out for one number.
double documented(const OptimizerOptions& options, double w, const std::vector<double>& slopes)
{
    double velocity = 0.0;
    double squares = 0.0;
    double t = 0.0;
    for (const double slope : slopes) {
        t += 1.0;
        const double decay = options.weightDecay;
        const double g = options.optimizer == Optimizer::AdamW ? slope : slope + decay * w;
        switch (options.optimizer) {
        case Optimizer::Sgd:
            velocity = t == 1.0 ? g : 0.9 * velocity + g;
            w -= 0.1 * (options.nesterov ? g + 0.9 * velocity : velocity);
            break;
        case Optimizer::RmsProp:
            squares = 0.99 * squares + 0.01 * g * g;
            w -= 0.1 * g / (std::sqrt(squares) + 1e-8);
            break;
        case Optimizer::Adagrad:
            squares += g * g;
            w -= 0.1 * g / (std::sqrt(squares) + 1e-10);
            break;
        case Optimizer::AdamW:
            w -= 0.1 * decay * w;
            velocity = 0.9 * velocity + 0.1 * g;
            squares = 0.999 * squares + 0.001 * g * g;
            w -= 0.1 * (velocity / (1 - std::pow(0.9, t)))
                / (std::sqrt(squares / (1 - std::pow(0.999, t))) + 1e-8);
            break;
        }
    }
    return w;
}

/// Three updates of a real network, on every device: with a loss scale the formulas run on whole tensors.
void trainerFollowsTheFormula(const std::string& device, double lossScale)
{
    GraphBuilder g({3, 1, 1});
    const auto x = g.add("scale", Affine {{0.01F, 0.01F, 0.01F}, {0, 0, 0}}, {g.input()});
    g.add("fc", Linear {2}, {g.add("flatten", Flatten {}, {x})});
    const Graph graph = std::move(g).build();
    const TensorMap start {{"fc.weight", {{2, 3}, {0.1F, -0.2F, 0.3F, 0.5F, 0.25F, -0.4F}}},
                           {"fc.bias", {{2}, {0.1F, -0.3F}}}};
    const std::vector<std::uint8_t> pixels {10, 200, 30, 150, 60, 250};
    const std::vector<std::int64_t> labels {0, 1};
    for (const Reference& reference : references) {
        TrainerOptions options;
        options.device = device;
        options.optimizer = optionsOf(reference.name);
        options.lossScale = lossScale;
        Trainer trainer(graph, start, options);
        std::vector<std::vector<double>> weightSlopes(6);
        std::vector<std::vector<double>> biasSlopes(2);
        for (int t = 0; t < 3; ++t) {
            trainer.accumulate({pixels, 2}, labels);
            const TensorMap slopes = trainer.gradients();
            for (std::size_t i = 0; i < 6; ++i)
                weightSlopes[i].push_back(slopes.at("fc.weight").values[i]);
            for (std::size_t i = 0; i < 2; ++i)
                biasSlopes[i].push_back(slopes.at("fc.bias").values[i]);
            trainer.update(0.1);
        }
        std::vector<double> expected;
        for (std::size_t i = 0; i < 6; ++i)
            expected.push_back(
                documented(options.optimizer, start.at("fc.weight").values[i], weightSlopes[i]));
        OptimizerOptions withoutDecay = options.optimizer;
        withoutDecay.weightDecay = 0.0;
        for (std::size_t i = 0; i < 2; ++i)
            expected.push_back(documented(withoutDecay, start.at("fc.bias").values[i], biasSlopes[i]));
        std::vector<double> ours;
        const TensorMap after = trainer.weights();
        for (const char* name : {"fc.weight", "fc.bias"})
            ours.insert(ours.end(), after.at(name).values.begin(), after.at(name).values.end());
        expect(largestDifference(ours, expected) < 1e-5,
               reference.name + " changes a network by its formula, and decays weights alone");
    }
}

} // namespace

int main()
{
    equalsPyTorch();
    expectThrow<Error>([] { optimizerNamed("newton"); }, "an unknown optimizer is an error");
    for (const std::string& device : devices()) {
        trainerFollowsTheFormula(device, 0.0);
        trainerFollowsTheFormula(device, 1024.0);
    }
    return failures == 0 ? 0 : 1;
}
