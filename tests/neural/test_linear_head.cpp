#include "core/base/error.h"
#include "core/neural/linear_head.h"
#include "core/neural/trainer.h"
#include "tests/neural/expect.h"

#include <numeric>

using namespace graft;
using namespace graft::test;
using neural::HeadScore;
using neural::LinearHead;
using neural::LossOptions;
using neural::OptimizerOptions;

namespace {

struct Rows {
    std::vector<float> features;
    std::vector<std::int64_t> labels;
};

/// A cloud for each class, around a corner of its own.
Rows clouds(int rows, int channels, int classes, double spread)
{
    Draws draws({.seed = 3});
    Rows result;
    for (int row = 0; row < rows; ++row) {
        const int label = row % classes;
        result.labels.push_back(label);
        for (int channel = 0; channel < channels; ++channel)
            result.features.push_back(
                static_cast<float>((channel % classes == label ? 1.0 : 0.0) + spread * draws.normal()));
    }
    return result;
}

std::vector<std::int64_t> all(std::size_t count)
{
    std::vector<std::int64_t> rows(count);
    std::iota(rows.begin(), rows.end(), 0);
    return rows;
}

/// torch.optim.SGD(momentum, weight_decay on the weight only) on the mean cross-entropy, written once more in
/// double precision from PyTorch's documentation: g = gradient + decay * w; v = momentum * v + g; w = w -
/// rate * v.
struct Reference {
    int channels;
    int classes;
    double momentum;
    double decay;
    std::vector<double> w = std::vector<double>(static_cast<std::size_t>(channels * classes));
    std::vector<double> b = std::vector<double>(static_cast<std::size_t>(classes));
    std::vector<double> vw = w;
    std::vector<double> vb = b;

    double step(const Rows& data, const std::vector<std::int64_t>& rows, double rate)
    {
        std::vector<double> gw(w.size());
        std::vector<double> gb(b.size());
        double loss = 0.0;
        for (const auto row : rows) {
            const float* x = &data.features[static_cast<std::size_t>(row * channels)];
            std::vector<double> p(b);
            for (int k = 0; k < classes; ++k) {
                for (int c = 0; c < channels; ++c)
                    p[k] += w[k * channels + c] * x[c];
            }
            const double sum = std::accumulate(p.begin(), p.end(), 0.0,
                                               [](double so, double logit) { return so + std::exp(logit); });
            for (int k = 0; k < classes; ++k) {
                const bool truth = data.labels[row] == k;
                p[k] = std::exp(p[k]) / sum;
                loss -= truth ? std::log(p[k]) : 0.0;
                const double slope = (p[k] - (truth ? 1.0 : 0.0)) / static_cast<double>(rows.size());
                gb[k] += slope;
                for (int c = 0; c < channels; ++c)
                    gw[k * channels + c] += slope * x[c];
            }
        }
        for (std::size_t i = 0; i < w.size(); ++i) {
            vw[i] = momentum * vw[i] + gw[i] + decay * w[i];
            w[i] -= rate * vw[i];
        }
        for (std::size_t k = 0; k < b.size(); ++k) {
            vb[k] = momentum * vb[k] + gb[k];
            b[k] -= rate * vb[k];
        }
        return loss / static_cast<double>(rows.size());
    }
};

std::vector<double> wide(const std::vector<float>& values)
{
    return {values.begin(), values.end()};
}

OptimizerOptions sgd(double decay)
{
    return {neural::Optimizer::Sgd, 0.9, false, decay};
}

void firstStepsFollowTheFormula()
{
    // 70 channels: two full rounds of the loops' lanes and a rest
    const Rows data = clouds(9, 70, 3, 0.3);
    LinearHead head(70, 3, {}, sgd(0.05));
    Reference reference {70, 3, 0.9, 0.05};
    const std::vector<std::vector<std::int64_t>> batches {{0, 4, 8, 2}, {1, 3}, {5, 6, 7, 7, 0}};
    for (const auto& rows : batches) {
        const HeadScore score = head.step(data.features, data.labels, rows, 0.1);
        expect(std::abs(score.loss - reference.step(data, rows, 0.1)) < 1e-6, "the loss before the step");
        expect(largestDifference(wide(head.weight().values), reference.w) < 1e-5, "  the weights after it");
        expect(largestDifference(wide(head.bias().values), reference.b) < 1e-5, "  the bias after it");
    }
    expect(head.weight().shape == std::vector<std::int64_t> {3, 70}
               && head.bias().shape == std::vector<std::int64_t> {3},
           "shapes are PyTorch's");
}

/// A linear layer in a graph, trained by the tensor library: every loss with every optimizer.
void learnsAsANetworkDoes()
{
    constexpr int rows = 6;
    constexpr int channels = 40;
    network::GraphBuilder g({channels, 1, 1});
    const auto scaled = g.add("scale",
                              network::Affine {std::vector<float>(channels, 0.015625F), // exact in binary
                                               std::vector<float>(channels, -2.0F)},
                              {g.input()});
    g.add("fc", network::Linear {3}, {g.add("flatten", network::Flatten {}, {scaled})});
    const network::Graph graph = std::move(g).build();
    const network::TensorMap zeros {{"fc.weight", {{3, channels}, std::vector<float>(3 * channels)}},
                                    {"fc.bias", {{3}, std::vector<float>(3)}}};
    const auto pixels = noise(rows * channels);
    std::vector<float> features;
    for (const std::uint8_t pixel : pixels)
        features.push_back(0.015625F * static_cast<float>(pixel) - 2.0F);
    const std::vector<std::int64_t> labels {0, 1, 2, 2, 1, 0};
    for (const neural::LossSpec& loss : neural::losses()) {
        for (const neural::OptimizerSpec& optimizer : neural::optimizers()) {
            neural::TrainerOptions options;
            options.loss = {loss.loss, 0.1, {0.5, 2.0, 1.0}};
            options.optimizer = {optimizer.optimizer, 0.9, true, 0.01};
            neural::Trainer trainer(graph, zeros, options);
            LinearHead head(channels, 3, options.loss, options.optimizer);
            double difference = 0.0;
            for (int step = 0; step < 3; ++step) {
                const HeadScore score = head.step(features, labels, all(rows), 0.01);
                trainer.accumulate(neural::Batch {pixels, rows}, labels);
                difference = std::max(difference, std::abs(score.loss - trainer.score().loss));
                trainer.update(0.01);
                trainer.resetScore();
            }
            const auto weights = trainer.weights();
            expect(difference < 1e-6
                       && largestDifference(head.weight().values, weights.at("fc.weight").values) < 1e-4
                       && largestDifference(head.bias().values, weights.at("fc.bias").values) < 1e-4,
                   std::string(loss.id) + " by " + std::string(optimizer.id) + " as a network learns it");
        }
    }
}

void startsUndecided()
{
    const Rows data = clouds(8, 5, 4, 0.1);
    const LinearHead head(5, 4, {}, sgd(0.0));
    const HeadScore score = head.score(data.features, data.labels);
    expect(std::abs(score.loss - std::log(4.0)) < 1e-12, "an untrained head gives every class the same");
    expect(score.accuracy == 0.25, "  and is right by chance");
}

void separatesWhatCanBeSeparated()
{
    const Rows data = clouds(120, 40, 3, 0.2);
    const auto train = [&] {
        LinearHead head(40, 3, {}, sgd(1e-4));
        for (int epoch = 0; epoch < 30; ++epoch) {
            for (std::int64_t begin = 0; begin < 120; begin += 32) {
                const auto rows = all(120);
                head.step(data.features, data.labels,
                          std::span(rows).subspan(begin, std::min<std::size_t>(32, 120 - begin)), 0.1);
            }
        }
        return head;
    };
    const LinearHead head = train();
    const HeadScore score = head.score(data.features, data.labels);
    expect(score.accuracy == 1.0 && score.loss < 0.05, "three clouds are told apart");
    const auto logits = head.logits(data.features);
    expect(logits.size() == 360
               && std::max_element(logits.begin() + 3, logits.begin() + 6) == logits.begin() + 4,
           "logits are rows of classes");
    expect(train().weight().values == head.weight().values, "the same calls give the same bits");
}

void tooBigARateIsNamed()
{
    const Rows data = clouds(30, 10, 3, 1.0);
    LinearHead head(10, 3, {}, sgd(1.0));
    const auto rows = all(30);
    const auto text = expectThrow<Error>(
        [&] {
            for (int i = 0; i < 1000; ++i)
                head.step(data.features, data.labels, rows, 1000.0);
        },
        "a loss that is not finite is an error");
    expect(text.find("300") != std::string::npos, "  that names a smaller rate");
}

void wrongCallsAreErrors()
{
    const Rows data = clouds(4, 5, 2, 0.1);
    LinearHead head(5, 2, {}, sgd(0.0));
    const std::vector<std::int64_t> labels {0, 1, 0};
    const std::vector<std::int64_t> outside {7};
    const std::vector<std::int64_t> strange {0, 1, 0, 2};
    expectThrow<Error>([&] { head.score(data.features, labels); }, "a label for each row");
    expectThrow<Error>([&] { head.step(data.features, data.labels, outside, 0.1); }, "rows that exist");
    expectThrow<Error>([&] { head.score(data.features, strange); }, "labels of the classes");
    expectThrow<Error>([] { LinearHead(0, 2, {}, sgd(0.0)); }, "something to look at");
}

} // namespace

int main()
{
    firstStepsFollowTheFormula();
    learnsAsANetworkDoes();
    startsUndecided();
    separatesWhatCanBeSeparated();
    tooBigARateIsNamed();
    wrongCallsAreErrors();
    return failures == 0 ? 0 : 1;
}
