#include "core/engine/evaluate.h"

#include "core/base/error.h"
#include "core/base/parallel.h"
#include "core/engine/answer_network.h"
#include "core/engine/cached_features.h"
#include "core/engine/expand_folders.h"
#include "core/engine/linear_answers.h"
#include "core/network/cut.h"
#include "core/neural/devices.h"

#include <algorithm>
#include <map>
#include <optional>

namespace graft::engine {

namespace fs = std::filesystem;

namespace {

void count(Evaluation& evaluation, Prediction prediction, int truth)
{
    evaluation.confusion.add(truth, prediction.best);
    evaluation.predictions.push_back(std::move(prediction));
    evaluation.truths.push_back(truth);
}

void requireSameClasses(const Evaluation& evaluation, const dataset::Dataset& data)
{
    if (data.classes != evaluation.classes)
        throw Error(evaluation.run, "was trained on other classes than the project has now",
                    "Train again, or evaluate on a folder.");
}

void answerFiles(Evaluation& evaluation, const fs::path& model, const std::vector<fs::path>& files,
                 const std::map<fs::path, int>& truth, const EvaluateOptions& options,
                 const ProgressSink& progress, std::stop_token stop)
{
    Classifier classifier(model);
    classifier.setTestTimeCopies(options.testTimeCopies);
    ClassifyResult result = classifier.classify(files, 0.0, progress, std::move(stop));
    if (result.stopped)
        throw Stopped();
    for (Prediction& prediction : result.predictions) {
        const int label = truth.at(prediction.path);
        count(evaluation, std::move(prediction), label);
    }
    evaluation.problems = std::move(result.problems);
}

/// Sees the pictures themselves: a model whose network has learned, or answers on several draws.
void onPictures(Evaluation& evaluation, const store::Project& project, const fs::path& model,
                const EvaluateOptions& options, const ProgressSink& progress, std::stop_token stop)
{
    const dataset::Side side = dataset::side(options.on);
    const dataset::Dataset data = project.dataset();
    requireSameClasses(evaluation, data);
    std::vector<fs::path> files;
    std::map<fs::path, int> truth;
    for (const dataset::Picture& picture : data.pictures) {
        if (picture.side != side)
            continue;
        files.push_back(picture.path);
        truth[picture.path] = picture.label;
    }
    answerFiles(evaluation, model, files, truth, options, progress, std::move(stop));
}

/// A model whose trunk is the untouched backbone answers from cached features.
void onFeatures(Evaluation& evaluation, const store::Project& project, const share::Model& model,
                dataset::Side side, const ProgressSink& progress, std::stop_token stop)
{
    const share::ModelCard& card = model.card;
    const dataset::Dataset data = project.dataset();
    requireSameClasses(evaluation, data);
    std::optional<Trunk> trunk;
    const auto load = [&]() -> const Trunk& {
        if (!trunk) {
            trunk = loadTrunk(card.backbone);
            poolStages(*trunk, card.plan.pooling);
        }
        if (trunk->weightsSha256 != card.weightsSha256)
            throw Error(evaluation.run,
                        "was trained with other weights of " + std::string(trunk->spec->title)
                            + " than this computer has",
                        "Evaluate on a folder: that uses the weights in the model.");
        return *trunk;
    };
    FeatureWishes wishes {.stages = {card.cut},
                          .precision = "float32",
                          .device = neural::chooseDevice("auto").id,
                          .sides = {false, false, false}};
    wishes.sides[static_cast<int>(side)] = true;
    const learn::LinearModel head = headOf(model);
    const int channels = static_cast<int>(head.rbf ? head.rbf->mean.shape.at(0) : head.weight.shape.at(1));
    const FeatureMaker maker {.cacheFolder = project.cacheFolder(),
                              .weightsSha256 = card.weightsSha256,
                              .preprocess = card.preprocess,
                              .channels = [&](const std::string&) { return channels; },
                              .trunk = load,
                              .pooling = card.plan.pooling};
    const FeatureSet set = std::move(cachedFeatures(data, maker, wishes, progress, stop).front());
    if (set.stopped)
        throw Stopped();
    const auto& rows = set.sides[static_cast<int>(side)];
    for (std::size_t row = 0; row < rows.labels.size(); ++row) {
        Prediction one {set.pictures[static_cast<int>(side)][row]->path, linearProbabilities(head, rows, row),
                        0, false};
        one.best = static_cast<int>(std::ranges::max_element(one.probabilities) - one.probabilities.begin());
        count(evaluation, std::move(one), static_cast<int>(rows.labels[row]));
    }
    evaluation.problems = set.problems;
}

/// Sub-folders named like the classes.
void onFolder(Evaluation& evaluation, const fs::path& model, const EvaluateOptions& options,
              const ProgressSink& progress, std::stop_token stop)
{
    const fs::path folder = options.on;
    if (!fs::is_directory(folder))
        throw Error(folder.string(), "is no folder",
                    "Give test, validation, or a folder with one sub-folder per class.");
    std::vector<fs::path> files;
    std::map<fs::path, int> truth;
    for (int label = 0; label < static_cast<int>(evaluation.classes.size()); ++label) {
        const fs::path sub = folder / evaluation.classes[static_cast<std::size_t>(label)];
        if (!fs::is_directory(sub))
            continue;
        for (const fs::path& file : expandFolders({sub})) {
            files.push_back(file);
            truth[file] = label;
        }
    }
    if (files.empty())
        throw Error(folder.string(), "holds no sub-folder that is named like a class of this model",
                    "Name the sub-folders as the classes are: " + evaluation.classes.front() + ", ...");
    answerFiles(evaluation, model, files, truth, options, progress, std::move(stop));
}

} // namespace

Evaluation evaluate(store::Project& project, const EvaluateOptions& options, const ProgressSink& progress,
                    std::stop_token stop)
{
    const auto latest = options.run.empty() ? project.latestModel() : project.run(options.run);
    if (!latest || !latest->hasModel)
        throw Error(options.run.empty() ? project.name() : options.run, "has no trained model",
                    "Train one first.");
    const fs::path file = project.modelFile(latest->id);
    const share::Model model = share::loadModel(file);
    Evaluation evaluation;
    evaluation.run = latest->id;
    evaluation.on = options.on;
    evaluation.classes = model.card.classes;
    evaluation.confusion = ConfusionMatrix(static_cast<int>(model.card.classes.size()));
    const auto& way = learn::strategy(model.card.plan.strategy).way;
    if (options.on != "test" && options.on != "validation")
        onFolder(evaluation, file, options, progress, std::move(stop));
    else if (std::holds_alternative<learn::LearnFromFeatures>(way) && options.testTimeCopies == 0)
        onFeatures(evaluation, project, model, dataset::side(options.on), progress, std::move(stop));
    else
        onPictures(evaluation, project, file, options, progress, std::move(stop));
    return evaluation;
}

} // namespace graft::engine
