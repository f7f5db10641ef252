#include "core/learn/rbf_svm.h"

#include "core/base/error.h"
#include "core/base/parallel.h"
#include "core/base/progress.h"
#include "core/learn/folds.h"
#include "core/learn/standardiser.h"
#include "core/learn/svm_scores.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <svm.h>

namespace graft::learn {

namespace {

constexpr double tolerance = 1e-3; // LIBSVM's own

/// Squared distances between all rows, standardised by some of them.
class Distances
{
public:
    Distances(const LabelledFeatures& features, const std::vector<float>& standardised)
        : m_rows(static_cast<std::size_t>(features.rows()))
        , m_values(m_rows * m_rows)
    {
        const auto channels = static_cast<std::size_t>(features.channels);
        for (std::size_t a = 0; a < m_rows; ++a) {
            for (std::size_t b = 0; b < a; ++b) {
                const double distance = std::transform_reduce(
                    &standardised[a * channels], &standardised[a * channels] + channels,
                    &standardised[b * channels], 0.0, std::plus {},
                    [](float x, float y) { return static_cast<double>(x - y) * static_cast<double>(x - y); });
                m_values[a * m_rows + b] = m_values[b * m_rows + a] = static_cast<float>(distance);
            }
        }
    }

    std::size_t rows() const { return m_rows; }

    double at(std::size_t a, std::size_t b) const { return m_values[a * m_rows + b]; }

private:
    std::size_t m_rows;
    std::vector<float> m_values;
};

/// exp(-gamma * distance) of all pairs, as LIBSVM takes a kernel that was computed before: each row begins
/// with its own number.
class Kernel
{
public:
    Kernel(const Distances& distances, double gamma)
        : m_width(distances.rows() + 1)
        , m_nodes(distances.rows() * m_width)
    {
        for (std::size_t a = 0; a < distances.rows(); ++a) {
            svm_node* own = row(a);
            own[0] = {0, static_cast<double>(a + 1)};
            for (std::size_t b = 0; b < distances.rows(); ++b)
                own[b + 1] = {static_cast<int>(b) + 1, std::exp(-gamma * distances.at(a, b))};
        }
    }

    svm_node* row(std::size_t index) { return &m_nodes[index * m_width]; }

    double at(std::size_t a, std::size_t b) const { return m_nodes[a * m_width + b + 1].value; }

private:
    std::size_t m_width;
    std::vector<svm_node> m_nodes;
};

/// One class against all others: score = sum over `rows` of coefficient * kernel + bias.
struct Binary {
    std::vector<std::size_t> rows; ///< the support vectors
    std::vector<double> coefficients;
    double bias = absentScore;
};

Binary solve(Kernel& kernel, const LabelledFeatures& features, const std::vector<std::size_t>& training,
             int label, double penalty, double price)
{
    static const bool quiet = [] {
        svm_set_print_string_function([](const char*) {});
        return true;
    }();
    static_cast<void>(quiet);
    std::vector<svm_node*> rows;
    std::vector<double> answers;
    for (const std::size_t row : training) {
        rows.push_back(kernel.row(row));
        answers.push_back(features.labels[row] == label ? 1.0 : -1.0);
    }
    if (std::ranges::find(answers, 1.0) == answers.end())
        return {};
    const svm_problem problem {.l = static_cast<int>(rows.size()), .y = answers.data(), .x = rows.data()};
    int weighted = 1;
    const svm_parameter options {.svm_type = C_SVC,
                                 .kernel_type = PRECOMPUTED,
                                 .degree = 0,
                                 .gamma = 0.0,
                                 .coef0 = 0.0,
                                 .cache_size = 50.0, // megabytes
                                 .eps = tolerance,
                                 .C = penalty,
                                 .nr_weight = 1,
                                 .weight_label = &weighted,
                                 .weight = &price,
                                 .nu = 0.0,
                                 .p = 0.0,
                                 .shrinking = 1,
                                 .probability = 0};
    svm_model* trained = svm_train(&problem, &options);
    const double sign = trained->label[0] == 1 ? 1.0 : -1.0; // scores speak for the label that came first
    Binary machine;
    machine.bias = -sign * trained->rho[0];
    for (int i = 0; i < trained->l; ++i) {
        machine.rows.push_back(training[static_cast<std::size_t>(trained->sv_indices[i]) - 1]);
        machine.coefficients.push_back(sign * trained->sv_coef[0][i]);
    }
    svm_free_and_destroy_model(&trained);
    return machine;
}

std::vector<Binary> solveAll(Kernel& kernel, const LabelledFeatures& features,
                             const std::vector<std::size_t>& training, int classes, double penalty,
                             bool balanced)
{
    const std::map<int, double> prices =
        balanced ? classPrices(selectRows(features, training)) : std::map<int, double> {};
    std::vector<Binary> machines;
    for (int label = 0; label < classes; ++label) {
        const auto price = prices.find(label);
        machines.push_back(
            solve(kernel, features, training, label, penalty, price == prices.end() ? 1.0 : price->second));
    }
    return machines;
}

/// A point of the grid.
struct Setting {
    double gamma = 0.0;
    double penalty = 0.0;
};

std::vector<Setting> settingsOf(const RbfOptions& options, int channels)
{
    std::vector<Setting> settings;
    for (const double gamma : options.gammas) {
        for (const double penalty : options.penalties)
            settings.push_back({options.absolute ? gamma : gamma / channels, penalty});
    }
    return settings;
}

/// Scores of the fold's test rows at every setting.
std::vector<Scores> foldScores(const LabelledFeatures& features, const Fold& fold, int classes,
                               const std::vector<Setting>& settings, const RbfOptions& options)
{
    const LabelledFeatures training = selectRows(features, fold.training);
    requireLearnable(training);
    const Distances distances(features, Standardiser(training).apply(features.values));
    std::vector<Scores> result;
    std::unique_ptr<Kernel> kernel;
    double gamma = 0.0;
    for (const Setting& setting : settings) {
        if (options.stop.stop_requested())
            throw Stopped();
        if (!kernel || setting.gamma != gamma)
            kernel = std::make_unique<Kernel>(distances, gamma = setting.gamma);
        const std::vector<Binary> machines =
            solveAll(*kernel, features, fold.training, classes, setting.penalty, options.balanced);
        Scores& scores = result.emplace_back();
        for (const std::size_t row : fold.test) {
            for (const Binary& machine : machines) {
                double sum = machine.bias;
                for (std::size_t i = 0; i < machine.rows.size(); ++i)
                    sum += machine.coefficients[i] * kernel->at(row, machine.rows[i]);
                scores.push_back(sum);
            }
        }
    }
    return result;
}

/// The machines' support vectors, each once.
RbfMachine joined(const std::vector<Binary>& machines, const std::vector<float>& standardised,
                  const Standardiser& standardiser, int channels, double gamma)
{
    std::map<std::size_t, std::size_t> places; // of a row among the vectors
    for (const Binary& machine : machines) {
        for (const std::size_t row : machine.rows)
            places.try_emplace(row, 0);
    }
    RbfMachine all;
    const auto width = static_cast<std::size_t>(channels);
    std::size_t next = 0;
    for (auto& [row, place] : places) {
        place = next++;
        const auto begin = standardised.begin() + static_cast<std::ptrdiff_t>(row * width);
        all.support.values.insert(all.support.values.end(), begin, begin + channels);
    }
    const auto classes = static_cast<std::int64_t>(machines.size());
    const auto vectors = static_cast<std::int64_t>(places.size());
    all.support.shape = {vectors, channels};
    all.coefficients = {{classes, vectors}, std::vector<float>(machines.size() * places.size())};
    all.bias.shape = {classes};
    for (std::size_t k = 0; k < machines.size(); ++k) {
        all.bias.values.push_back(static_cast<float>(machines[k].bias));
        for (std::size_t i = 0; i < machines[k].rows.size(); ++i)
            all.coefficients.values[k * places.size() + places.at(machines[k].rows[i])] =
                static_cast<float>(machines[k].coefficients[i]);
    }
    all.mean = standardiser.mean();
    all.scale = standardiser.scale();
    all.gamma = static_cast<float>(gamma);
    return all;
}

void requireFits(const LabelledFeatures& features)
{
    requireLearnable(features);
    if (features.rows() > mostRbfRows)
        throw Error("kernel",
                    "rbf compares every picture with every other: " + std::to_string(features.rows())
                        + " pictures and copies are too many, " + std::to_string(mostRbfRows)
                        + " are the most",
                    "Choose the kernel linear, or fewer copies.");
}

void divide(network::Tensor& tensor, double by)
{
    for (float& value : tensor.values)
        value = static_cast<float>(value / by);
}

} // namespace

RbfMachine fitRbf(const LabelledFeatures& features, int classes, double penalty, double gamma, bool balanced)
{
    requireFits(features);
    const Standardiser standardiser(features);
    const std::vector<float> standardised = standardiser.apply(features.values);
    Kernel kernel(Distances(features, standardised), gamma);
    std::vector<std::size_t> rows(features.labels.size());
    std::iota(rows.begin(), rows.end(), std::size_t {0});
    return joined(solveAll(kernel, features, rows, classes, penalty, balanced), standardised, standardiser,
                  features.channels, gamma);
}

RbfSvm trainRbfSvm(const LabelledFeatures& features, int classes, const RbfOptions& options)
{
    requireFits(features);
    const int count = foldsFor(features, options.folds);
    const std::vector<int> parts = stratifiedFolds(features, count, options.seed);
    const std::vector<Setting> settings = settingsOf(options, features.channels);
    std::vector<Fold> folds;
    for (int fold = 0; fold < count; ++fold)
        folds.push_back(foldRows(features, parts, fold));
    std::vector<std::vector<Scores>> byFold(folds.size());
    parallelFor(folds.size(), options.threads, options.stop, [&](std::size_t fold) {
        byFold[fold] = foldScores(features, folds[fold], classes, settings, options);
    });
    if (options.stop.stop_requested())
        throw Stopped();
    std::vector<std::size_t> rows;
    for (const Fold& fold : folds)
        rows.insert(rows.end(), fold.test.begin(), fold.test.end());
    RbfSvm best;
    Scores bestScores;
    for (std::size_t s = 0; s < settings.size(); ++s) {
        Scores scores;
        for (const std::vector<Scores>& fold : byFold)
            scores.insert(scores.end(), fold[s].begin(), fold[s].end());
        ConfusionMatrix matrix = confusionOf(scores, rows, features, classes);
        if (s > 0 && matrix.correct() <= best.held.correct())
            continue;
        best.held = std::move(matrix);
        best.gamma = settings[s].gamma;
        best.penalty = settings[s].penalty;
        bestScores = std::move(scores);
    }
    best.temperature = fitTemperature(bestScores, rows, features, classes);
    best.machine = fitRbf(features, classes, best.penalty, best.gamma, options.balanced);
    divide(best.machine.coefficients, best.temperature);
    divide(best.machine.bias, best.temperature);
    return best;
}

} // namespace graft::learn
