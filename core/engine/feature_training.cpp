#include "core/base/error.h"
#include "core/base/parallel.h"
#include "core/engine/cached_features.h"
#include "core/engine/cross_validation.h"
#include "core/engine/linear_answers.h"
#include "core/engine/training_run.h"
#include "core/learn/class_weights.h"
#include "core/learn/svm.h"
#include "core/network/cut.h"

#include <algorithm>
#include <cmath>

namespace graft::engine {

namespace {

using dataset::Side;

/// Features of the run's pictures and of their copies, one set for each stage.
std::vector<FeatureSet> readFeatures(TrainingRun& run, const std::vector<std::string>& stages, int copies)
{
    const TrainingView view(run.trunk.preprocess, augment::readRecipe(run.plan().recipe), run.plan().seed);
    const bool changes = augment::changesPictures(view.recipe());
    const FeatureMaker maker {
        .cacheFolder = run.project.cacheFolder(),
        .weightsSha256 = run.trunk.weightsSha256,
        .preprocess = run.trunk.preprocess,
        .channels =
            [&](const std::string& stage) { return network::featureChannels(run.trunk.graph, stage); },
        .trunk = [&]() -> const Trunk& { return run.trunk; },
        .pooling = run.plan().pooling};
    const FeatureWishes wishes {.stages = stages,
                                .precision = run.plan().precision,
                                .device = run.device.id,
                                .sides = {true, true, run.measureTest},
                                .view = &view,
                                .copies = changes ? copies : 0, // copies of nothing new teach nothing
                                .betweenBatches = [&run] { run.holdWhilePaused(); }};
    const WorkClock clock(run.pause.get());
    std::vector<FeatureSet> sets = cachedFeatures(run.data, maker, wishes, run.preparing(), run.stop);
    for (FeatureSet& set : sets)
        set.seconds = clock.seconds(); // without pauses
    for (const PictureProblem& problem : sets.front().problems)
        run.tellProblem(problem);
    if (const std::string& failed = sets.front().fellBack; !failed.empty()) {
        run.device = neural::chooseDevice("cpu");
        run.tell(TrainNote {true,
                            "Features: " + failed + ". Graft went on with the processor; nothing was lost."});
    }
    if (!sets.front().stopped)
        requireTwoClasses(run, sets.front().sides[static_cast<int>(Side::Training)].labels);
    return sets;
}

std::string share(std::int64_t correct, std::int64_t total)
{
    const double percent =
        total > 0 ? 100.0 * static_cast<double>(correct) / static_cast<double>(total) : 0.0;
    const long tenths = std::lround(percent * 10.0);
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " %";
}

/// The position of the stage where a support vector machine does best. Throws Stopped.
std::size_t bestCut(TrainingRun& run, const std::vector<std::string>& stages,
                    const std::vector<FeatureSet>& sets)
{
    std::vector<learn::CutFeatures> cuts;
    for (std::size_t i = 0; i < stages.size(); ++i)
        cuts.push_back({stages[i], sets[i].sides[static_cast<int>(Side::Training)]});
    learn::SvmOptions options;
    options.balanced =
        !learn::classWeights(cuts.front().features.labels, run.classes(), run.plan().classWeights).empty();
    options.seed = run.plan().seed;
    options.threads = usableProcessors();
    options.stop = run.stop;
    if (run.plan().penalty > 0.0)
        options.penalties = {run.plan().penalty};
    if (run.quiet)
        return learn::scoreCuts(cuts, run.classes(), options).best;
    const learn::CutChoice choice =
        learn::chooseCut(cuts, run.classes(), options, [&](const learn::CutScore& score) {
            run.tell(TrainNote {false,
                                "Cut at " + score.stage + ": " + share(score.correct, score.total) + " of "
                                    + std::to_string(score.total) + " right under cross-validation."});
        });
    run.tell(TrainNote {false,
                        "The network is cut at " + stages[choice.best]
                            + ". With the choice itself cross-validated, "
                            + share(choice.nested.correct(), choice.nested.total()) + " of "
                            + std::to_string(choice.nested.total()) + " are right."});
    return choice.best;
}

/// Chooses the cut where the plan leaves that to Graft, writes it into the plan, and returns the features
/// there. Throws Stopped.
FeatureSet featuresAtTheCut(TrainingRun& run)
{
    if (run.plan().cut != "auto") {
        const std::string stage(network::stageOf(*run.trunk.spec, run.plan().cut));
        return std::move(readFeatures(run, {stage}, run.plan().copies).front());
    }
    const std::vector<std::string> stages = network::stageNames(run.trunk.graph);
    std::vector<FeatureSet> sets = readFeatures(run, stages, run.plan().copies);
    if (sets.front().stopped)
        return std::move(sets.front());
    const std::size_t best = bestCut(run, stages, sets);
    run.record.plan.cut = stages[best];
    return std::move(sets[best]);
}

learn::LinearModel learnOn(TrainingRun& run, const FeatureSet& features, learn::LearnFromFeatures learn,
                           const learn::Plan& plan, bool tellProgress)
{
    const learn::FeatureTask task {features.sides[static_cast<int>(Side::Training)],
                                   features.sides[static_cast<int>(Side::Validation)], run.classes()};
    learn::TrainHooks hooks;
    hooks.stop = run.stop;
    hooks.pause = run.pause.get();
    if (tellProgress) {
        hooks.sink = [&](const TrainEvent& event) { run.tell(event); };
        hooks.afterEpoch = [&](int epoch, const learn::LinearModel& model) {
            const auto side = static_cast<int>(Side::Validation);
            run.tellGuesses(epoch, features.pictures[side], linearLogits(model, features.sides[side]));
        };
    }
    return learn(task, plan, hooks);
}

/// Learns on the fold's training side and answers its test side. Throws Stopped.
ConfusionMatrix answerFold(TrainingRun& run, learn::LearnFromFeatures learn)
{
    const FeatureSet features = featuresAtTheCut(run);
    if (features.stopped)
        throw Stopped();
    const learn::LinearModel model = learnOn(run, features, learn, run.plan(), false);
    if (model.stopped || model.bestEpoch == 0)
        throw Stopped();
    return linearConfusion(model, features.sides[static_cast<int>(Side::Test)], run.classes());
}

} // namespace

std::optional<learn::LinearModel> learnHead(TrainingRun& run, const std::string& stage)
{
    const FeatureSet features = std::move(readFeatures(run, {stage}, 0).front());
    if (features.stopped)
        return {};
    const learn::StrategySpec& linear = learn::strategy("linear");
    learn::Plan plan;
    plan.seed = run.plan().seed;
    plan.classWeights = run.plan().classWeights;
    plan = linear.complete(plan, features.sides[static_cast<int>(Side::Training)].rows());
    learn::LinearModel model =
        learnOn(run, features, std::get<learn::LearnFromFeatures>(linear.way), plan, false);
    if (model.bestEpoch == 0)
        return {};
    return model;
}

void trainOnFeatures(TrainingRun& run, learn::LearnFromFeatures learn)
{
    run.announce();
    const learn::Plan asked = run.plan(); // its cut may still be open
    FeatureSet features;
    try {
        features = featuresAtTheCut(run);
    } catch (const Stopped&) {
        return;
    }
    learn::RunResult& result = run.record.result;
    result.device = run.device.id;
    result.precision = features.precision;
    if (features.computed > 0 && features.seconds > 0.0)
        result.imagesPerSecond = static_cast<double>(features.computed) / features.seconds;
    if (features.stopped)
        return;
    const learn::LinearModel model = learnOn(run, features, learn, run.plan(), true);
    result.history = model.history;
    result.epochs = static_cast<int>(model.history.size());
    result.bestEpoch = model.bestEpoch;
    if (model.bestEpoch == 0)
        return;
    const auto confusion = [&](Side side) {
        return linearConfusion(model, features.sides[static_cast<int>(side)], run.classes());
    };
    result.validation = confusion(Side::Validation);
    if (run.measureTest)
        result.test = confusion(Side::Test);
    if (auto folds = foldsOfSmallData(run.data, asked.seed); !folds.empty() && !model.stopped)
        result.crossValidation =
            crossValidate(run, std::move(folds), asked,
                          [&](TrainingRun& fold, const std::string&) { return answerFold(fold, learn); });
    const std::string stage(network::stageOf(*run.trunk.spec, run.plan().cut));
    network::TensorMap all = run.trunk.weights;
    if (model.rbf) {
        all.merge(learn::rbfTensors(*model.rbf));
    } else {
        all.insert_or_assign("graft_head.weight", model.weight);
        all.insert_or_assign("graft_head.bias", model.bias);
    }
    const auto& augmented = features.sides[static_cast<int>(Side::Training)].augmented;
    const network::Pooling pooling = network::poolingNamed(run.plan().pooling);
    run.saveModel(model.rbf ? network::featuresOf(run.trunk.graph, stage, pooling)
                            : network::classifierOn(run.trunk.graph, stage, run.classes()),
                  all, stage, run.trunk.preprocess, static_cast<int>(std::ranges::count(augmented, false)));
}

} // namespace graft::engine
