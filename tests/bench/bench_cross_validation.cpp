// Five-fold cross-validation, pooled, of the linear strategy on frozen features, the folder's sub-folders
// being the classes: the figure to hold against scikit-learn's on the same pictures.
#include "core/base/metrics.h"
#include "core/base/random.h"
#include "core/engine/features.h"
#include "core/engine/linear_answers.h"
#include "core/engine/machine.h"
#include "core/learn/strategy.h"

#include <algorithm>
#include <cstdio>
#include <numeric>

using namespace graft;

namespace {

constexpr int folds = 5;

/// Pictures of a class are dealt to the folds in an order that the seed decides.
std::vector<int> foldOf(const std::vector<std::int64_t>& labels, std::uint64_t seed)
{
    std::vector<std::size_t> order(labels.size());
    std::iota(order.begin(), order.end(), std::size_t {0});
    std::ranges::sort(order, {}, [&](std::size_t i) {
        return std::pair(labels[i], Draws({.seed = seed, .sample = static_cast<std::uint32_t>(i)}).uniform());
    });
    std::vector<int> fold(labels.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        fold[order[i]] = static_cast<int>(i % folds);
    return fold;
}

void measure(const std::filesystem::path& folder, const std::string& cut)
{
    std::vector<std::filesystem::path> classes;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.is_directory())
            classes.push_back(entry.path());
    }
    std::ranges::sort(classes);
    learn::LabelledFeatures all;
    for (std::size_t label = 0; label < classes.size(); ++label) {
        const auto some = engine::features({classes[label]}, {.cut = cut}, {}, {});
        all.channels = some.channels;
        all.values.insert(all.values.end(), some.values.begin(), some.values.end());
        all.labels.insert(all.labels.end(), some.paths.size(), static_cast<std::int64_t>(label));
    }
    const auto fold = foldOf(all.labels, 1);
    const auto channels = static_cast<std::size_t>(all.channels);
    ConfusionMatrix pooled(static_cast<int>(classes.size()));
    for (int held = 0; held < folds; ++held) {
        learn::FeatureTask task;
        task.classes = static_cast<int>(classes.size());
        learn::LabelledFeatures test;
        task.training.channels = task.validation.channels = test.channels = all.channels;
        for (std::size_t i = 0; i < fold.size(); ++i) {
            auto& side = fold[i] == held ? test : task.training;
            const auto row = std::span(all.values).subspan(i * channels, channels);
            side.values.insert(side.values.end(), row.begin(), row.end());
            side.labels.push_back(all.labels[i]);
        }
        const auto& linear = learn::strategy("linear");
        const auto model = std::get<learn::LearnFromFeatures>(linear.way)(
            task, linear.complete({}, task.training.rows()), {});
        const auto answers = engine::linearConfusion(model, test, pooled.classes());
        for (int truth = 0; truth < pooled.classes(); ++truth) {
            for (int answer = 0; answer < pooled.classes(); ++answer) {
                for (std::int64_t n = 0; n < answers.at(truth, answer); ++n)
                    pooled.add(truth, answer);
            }
        }
    }
    const Interval interval = wilson(pooled.correct(), pooled.total());
    std::printf("%s, cut %s: %.1f %% (%lld of %lld right; 95 %% interval %.1f to %.1f %%)\n",
                folder.filename().c_str(), cut.c_str(), 100 * pooled.accuracy(),
                static_cast<long long>(pooled.correct()), static_cast<long long>(pooled.total()),
                100 * interval.low, 100 * interval.high);
}

} // namespace

int main(int argc, char** argv)
{
    try {
        engine::initialise(argv[0]);
        if (argc < 2) {
            std::fprintf(stderr, "Usage: bench_cross_validation FOLDER [CUT]   (or the word sample)\n");
            return 2;
        }
        std::filesystem::path folder = argv[1];
        if (folder == "sample" && !engine::samples().empty())
            folder = engine::samples().front().folder;
        measure(folder, argc > 2 ? argv[2] : "last");
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
