// Five-fold cross-validation, pooled, of the linear strategy on frozen features, the folder's sub-folders
// being the classes: the figure to hold against scikit-learn's on the same pictures. With "all": of svm at
// each cut as well, and with its choice of the cut cross-validated, too (nested), which is what to expect of
// it.
#include "core/base/metrics.h"
#include "core/base/parallel.h"
#include "core/base/random.h"
#include "core/engine/features.h"
#include "core/engine/linear_answers.h"
#include "core/engine/machine.h"
#include "core/learn/strategy.h"
#include "core/learn/svm.h"
#include "core/network/backbone.h"
#include "core/network/cut.h"

#include <algorithm>
#include <chrono>
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

/// Of all pictures, a class for each sub-folder.
learn::LabelledFeatures readFeatures(const std::vector<std::filesystem::path>& classes,
                                     const std::string& cut)
{
    const auto read = engine::features(classes, {.cut = cut}, {}, {});
    learn::LabelledFeatures all;
    all.channels = read.channels;
    all.values = read.values;
    for (const auto& path : read.paths)
        all.labels.push_back(
            std::ranges::find_if(
                classes,
                [&](const auto& folder) {
                    return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first
                        == folder.end();
                })
            - classes.begin());
    return all;
}

ConfusionMatrix linearPooled(const learn::LabelledFeatures& all, int classes)
{
    const auto fold = foldOf(all.labels, 1);
    const auto channels = static_cast<std::size_t>(all.channels);
    ConfusionMatrix pooled(classes);
    for (int held = 0; held < folds; ++held) {
        learn::FeatureTask task;
        task.classes = classes;
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
        const auto answers = engine::linearConfusion(model, test, classes);
        for (int truth = 0; truth < classes; ++truth) {
            for (int answer = 0; answer < classes; ++answer) {
                for (std::int64_t n = 0; n < answers.at(truth, answer); ++n)
                    pooled.add(truth, answer);
            }
        }
    }
    return pooled;
}

void print(const std::string& what, std::int64_t correct, std::int64_t total)
{
    const Interval interval = wilson(correct, total);
    std::printf("%s: %.1f %% (%lld of %lld right; 95 %% interval %.1f to %.1f %%)\n", what.c_str(),
                100.0 * static_cast<double>(correct) / static_cast<double>(total),
                static_cast<long long>(correct), static_cast<long long>(total), 100 * interval.low,
                100 * interval.high);
    std::fflush(stdout);
}

void measureSvm(const std::string& name, const std::vector<std::filesystem::path>& classes)
{
    std::vector<learn::CutFeatures> cuts;
    const auto graph = network::backbone(engine::FeatureOptions().backbone).build({});
    for (const std::string& stage : network::stageNames(graph))
        cuts.push_back({stage, readFeatures(classes, stage)});
    learn::SvmOptions options;
    options.threads = usableProcessors();
    const auto begin = std::chrono::steady_clock::now();
    const auto choice =
        learn::chooseCut(cuts, static_cast<int>(classes.size()), options, [&](const learn::CutScore& score) {
            print(name + ", svm, cut " + score.stage, score.correct, score.total);
        });
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    print(name + ", svm, nested", choice.nested.correct(), choice.nested.total());
    std::printf("%s, svm: the cut is %s; choosing it took %.1f s\n", name.c_str(),
                choice.scores[choice.best].stage.c_str(), seconds);
}

void measure(const std::filesystem::path& folder, const std::string& cut)
{
    std::vector<std::filesystem::path> classes;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.is_directory())
            classes.push_back(entry.path());
    }
    std::ranges::sort(classes);
    const std::string name = folder.filename();
    const std::string linearCut = cut == "all" ? "last" : cut;
    const auto linear = linearPooled(readFeatures(classes, linearCut), static_cast<int>(classes.size()));
    print(name + ", linear, cut " + linearCut, linear.correct(), linear.total());
    if (cut == "all")
        measureSvm(name, classes);
}

} // namespace

int main(int argc, char** argv)
{
    try {
        engine::initialise(argv[0]);
        if (argc < 2) {
            std::fprintf(stderr, "Usage: bench_cross_validation FOLDER [CUT|all]   (or the word sample)\n");
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
