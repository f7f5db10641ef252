#include "core/learn/svm.h"

#include "core/base/error.h"
#include "core/base/parallel.h"
#include "core/base/progress.h"
#include "core/learn/folds.h"
#include "core/learn/linear_probe.h"
#include "core/learn/standardiser.h"
#include "core/learn/svm_scores.h"

#include <algorithm>
#include <cmath>
#include <linear.h>
#include <map>
#include <memory>
#include <numeric>
#include <set>

namespace graft::learn {

namespace {

constexpr double tolerance = 1e-3; // a tenth of LIBLINEAR's own: equal to scikit-learn in the digits one sees

/// Rows as LIBLINEAR wants them, standardised, each with a constant 1 at its end.
class Problem
{
public:
    Problem(const LabelledFeatures& features, const Standardiser& standardiser)
    {
        const std::vector<float> values = standardiser.apply(features.values);
        const auto rows = static_cast<std::size_t>(features.rows());
        const auto channels = static_cast<std::size_t>(features.channels);
        const std::size_t width = channels + 2; // the constant, and the end mark
        m_nodes.resize(rows * width);
        for (std::size_t row = 0; row < rows; ++row) {
            feature_node* nodes = m_nodes.data() + row * width;
            for (std::size_t c = 0; c < channels; ++c)
                nodes[c] = {static_cast<int>(c) + 1, values[row * channels + c]};
            nodes[channels] = {static_cast<int>(channels) + 1, 1.0};
            nodes[channels + 1] = {-1, 0.0};
            m_rows.push_back(nodes);
            m_labels.push_back(static_cast<double>(features.labels[row]));
        }
        m_problem = {.l = static_cast<int>(rows),
                     .n = static_cast<int>(channels) + 1,
                     .y = m_labels.data(),
                     .x = m_rows.data(),
                     .bias = 1.0};
    }

    const problem* get() const { return &m_problem; }

private:
    std::vector<feature_node> m_nodes;
    std::vector<feature_node*> m_rows;
    std::vector<double> m_labels;
    problem m_problem {};
};

/// LIBLINEAR's model of standardised features.
using Model = std::unique_ptr<model, void (*)(model*)>;

void destroy(model* trained)
{
    free_and_destroy_model(&trained);
}

Model solve(const Problem& rows, double penalty, const std::map<int, double>& prices)
{
    static const bool quiet = [] {
        set_print_string_function([](const char*) {});
        return true;
    }();
    static_cast<void>(quiet);
    std::vector<int> labels;
    std::vector<double> weights;
    for (const auto& [label, price] : prices) {
        labels.push_back(label);
        weights.push_back(price);
    }
    const parameter options {.solver_type = L2R_L2LOSS_SVC,
                             .eps = tolerance,
                             .C = penalty,
                             .nr_weight = static_cast<int>(labels.size()),
                             .weight_label = labels.data(),
                             .weight = weights.data(),
                             .p = 0.0,
                             .init_sol = nullptr};
    return {train(rows.get(), &options), destroy};
}

/// The machine as a layer on standardised features.
void takeOut(const model& trained, int channels, int classes, network::Tensor& weight, network::Tensor& bias)
{
    const auto width = static_cast<std::size_t>(channels);
    weight = {{classes, channels}, std::vector<float>(width * static_cast<std::size_t>(classes))};
    bias = {{classes},
            std::vector<float>(static_cast<std::size_t>(classes), static_cast<float>(absentScore))};
    const int machines = trained.nr_class == 2 ? 1 : trained.nr_class; // for two, one that says yes or no
    for (int k = 0; k < trained.nr_class; ++k) {
        const double sign = machines == 1 && k == 1 ? -1.0 : 1.0;
        const int machine = machines == 1 ? 0 : k;
        const auto number = [&](std::size_t c) {
            return static_cast<float>(sign * trained.w[c * static_cast<std::size_t>(machines) + machine]);
        };
        const auto label = static_cast<std::size_t>(trained.label[k]);
        for (std::size_t c = 0; c < width; ++c)
            weight.values[label * width + c] = number(c);
        bias.values[label] = number(width);
    }
}

/// Scores of every row that was held out, by C.
struct HeldScores {
    std::vector<std::size_t> rows; ///< that were tested: all that are no augmented copies
    std::vector<Scores> scores; ///< by C, of `rows`
};

/// Of one fold, at every C. Which C and which cut do best is told by right answers, for which the dense
/// solver is precise enough and many times as fast as LIBLINEAR.
std::vector<Scores> foldScores(const LabelledFeatures& features, const Fold& fold, int classes,
                               const SvmOptions& options)
{
    const LabelledFeatures training = selectRows(features, fold.training);
    requireLearnable(training);
    if (options.stop.stop_requested())
        throw Stopped();
    std::vector<ProbeLayer> layers =
        fitProbe(training, classes, ProbeKind::Svm, options.penalties,
                 options.balanced ? classPrices(training) : std::map<int, double> {});
    const std::set<std::int64_t> present(training.labels.begin(), training.labels.end());
    const auto channels = static_cast<std::size_t>(features.channels);
    std::vector<Scores> result;
    for (ProbeLayer& layer : layers) {
        Scores& scores = result.emplace_back();
        for (const std::size_t row : fold.test) {
            const auto x = features.values.begin() + static_cast<std::ptrdiff_t>(row * channels);
            for (int k = 0; k < classes; ++k)
                scores.push_back(present.contains(k) ? std::inner_product(
                                     x, x + features.channels, layer.weight.begin() + k * features.channels,
                                     static_cast<double>(layer.bias[static_cast<std::size_t>(k)]))
                                                     : absentScore);
        }
    }
    return result;
}

HeldScores heldScores(const LabelledFeatures& features, int classes, const SvmOptions& options)
{
    requireLearnable(features);
    const int folds = foldsFor(features, options.folds);
    const std::vector<int> parts = stratifiedFolds(features, folds, options.seed);
    std::vector<Fold> rows;
    for (int fold = 0; fold < folds; ++fold)
        rows.push_back(foldRows(features, parts, fold));
    std::vector<std::vector<Scores>> all(rows.size());
    parallelFor(rows.size(), options.threads, options.stop,
                [&](std::size_t fold) { all[fold] = foldScores(features, rows[fold], classes, options); });
    if (options.stop.stop_requested())
        throw Stopped();
    HeldScores held;
    held.scores.resize(options.penalties.size());
    for (std::size_t fold = 0; fold < rows.size(); ++fold) {
        held.rows.insert(held.rows.end(), rows[fold].test.begin(), rows[fold].test.end());
        for (std::size_t c = 0; c < held.scores.size(); ++c)
            held.scores[c].insert(held.scores[c].end(), all[fold][c].begin(), all[fold][c].end());
    }
    return held;
}

struct Choice {
    std::size_t penalty = 0; ///< index
    ConfusionMatrix matrix;
};

Choice bestPenalty(const HeldScores& held, const LabelledFeatures& features, int classes)
{
    Choice best;
    for (std::size_t c = 0; c < held.scores.size(); ++c) {
        ConfusionMatrix matrix = confusionOf(held.scores[c], held.rows, features, classes);
        if (c == 0 || matrix.correct() > best.matrix.correct())
            best = {c, std::move(matrix)};
    }
    return best;
}

CutScore scoreOf(const CutFeatures& cut, int classes, const SvmOptions& options)
{
    const HeldScores held = heldScores(cut.features, classes, options);
    const Choice choice = bestPenalty(held, cut.features, classes);
    return {cut.stage, options.penalties[choice.penalty], choice.matrix.correct(), choice.matrix.total()};
}

std::size_t best(const std::vector<CutScore>& scores)
{
    std::size_t chosen = 0;
    for (std::size_t i = 1; i < scores.size(); ++i) {
        if (scores[i].correct >= scores[chosen].correct)
            chosen = i;
    }
    return chosen;
}

/// One outer fold: choose on the rest, answer the fold.
void answerNested(const std::vector<CutFeatures>& cuts, const Fold& fold, int classes,
                  const SvmOptions& options, ConfusionMatrix& matrix)
{
    std::vector<CutScore> scores;
    for (const CutFeatures& cut : cuts)
        scores.push_back(scoreOf({cut.stage, selectRows(cut.features, fold.training)}, classes, options));
    const std::size_t chosen = best(scores);
    SvmOptions only = options;
    only.penalties = {scores[chosen].penalty};
    const LabelledFeatures& features = cuts[chosen].features;
    const Scores answers = foldScores(features, fold, classes, only).front();
    for (std::size_t row = 0; row < fold.test.size(); ++row)
        matrix.add(static_cast<int>(features.labels[fold.test[row]]), bestClass(answers, row, classes));
}

} // namespace

void fitSvm(const LabelledFeatures& features, int classes, double penalty, bool balanced,
            network::Tensor& weight, network::Tensor& bias)
{
    requireLearnable(features);
    const Standardiser standardiser(features);
    const Model trained = solve(Problem(features, standardiser), penalty,
                                balanced ? classPrices(features) : std::map<int, double> {});
    takeOut(*trained, features.channels, classes, weight, bias);
    standardiser.fold(weight, bias);
}

Svm trainSvm(const LabelledFeatures& features, int classes, const SvmOptions& options)
{
    const HeldScores held = heldScores(features, classes, options);
    Choice choice = bestPenalty(held, features, classes);
    Svm svm;
    svm.penalty = options.penalties[choice.penalty];
    svm.temperature = fitTemperature(held.scores[choice.penalty], held.rows, features, classes);
    svm.held = std::move(choice.matrix);
    fitSvm(features, classes, svm.penalty, options.balanced, svm.weight, svm.bias);
    return svm;
}

CutChoice scoreCuts(const std::vector<CutFeatures>& cuts, int classes, const SvmOptions& options,
                    const std::function<void(const CutScore&)>& each)
{
    if (cuts.empty())
        throw Error("cut", "there is none to choose from", "Choose a backbone with stages.");
    CutChoice choice;
    for (const CutFeatures& cut : cuts) {
        choice.scores.push_back(scoreOf(cut, classes, options));
        if (each)
            each(choice.scores.back());
    }
    choice.best = best(choice.scores);
    return choice;
}

CutChoice chooseCut(const std::vector<CutFeatures>& cuts, int classes, const SvmOptions& options,
                    const std::function<void(const CutScore&)>& each)
{
    CutChoice choice = scoreCuts(cuts, classes, options, each);
    choice.nested = ConfusionMatrix(classes);
    const LabelledFeatures& rows = cuts.front().features;
    const int folds = foldsFor(rows, options.folds);
    constexpr std::uint64_t outer = 0x9E3779B9; // other folds than the inner ones
    const std::vector<int> parts = stratifiedFolds(rows, folds, options.seed ^ outer);
    for (int fold = 0; fold < folds; ++fold)
        answerNested(cuts, foldRows(rows, parts, fold), classes, options, choice.nested);
    return choice;
}

} // namespace graft::learn
