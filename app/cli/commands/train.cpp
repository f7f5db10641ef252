#include "core/engine/train.h"

#include "app/cli/command.h"
#include "app/cli/json.h"
#include "app/cli/options.h"
#include "app/cli/text.h"
#include "core/learn/strategy.h"

#include <CLI/CLI.hpp>

namespace graft::cli {

namespace {

struct Arguments {
    std::string project;
    learn::Plan plan;
    std::string recipe = "none";
    std::string resume;
};

const char* outcome(store::RunState state)
{
    return store::id(state); // finished, stopped, failed
}

std::string runText(const store::RunRecord& run)
{
    const learn::RunResult& result = run.result;
    std::string text = run.id + ": " + (run.state == store::RunState::Stopped ? "stopped" : "done")
        + " after " + counted(result.epochs, "epoch") + ", " + duration(result.seconds) + "\n";
    if (!run.hasModel)
        return text + "There is no model yet: it was stopped before the first epoch ended.\n";
    text += "The best was epoch " + std::to_string(result.bestEpoch) + "; it is kept.\n\n";
    if (result.crossValidation.total() > 0)
        text += "  expect      " + verdict(result.crossValidation)
            + "\n  There are few pictures, so each one of training and validation was answered by a model "
              "that "
              "had not\n  learned from it (cross-validation). Lean on this rather than on the few below.\n\n";
    text += "  test        " + verdict(result.test) + "\n  validation  " + verdict(result.validation)
        + "\n  device      " + shown(result.device) + ", " + result.precision;
    if (result.imagesPerSecond > 0.0)
        text += ", " + fixed(result.imagesPerSecond, 0) + " pictures a second";
    return text + "\n";
}

learn::Plan planOf(const Arguments& arguments)
{
    learn::Plan plan = arguments.plan;
    plan.recipe = storedRecipe(arguments.recipe);
    return plan;
}

Answer trainModel(const Arguments& arguments, Work& work)
{
    store::Project project = store::Project::open(arguments.project, store::Access::Write);
    const engine::TrainControl control {
        .sink = work.progress.trainSink(), .stop = work.stop, .pause = work.pause};
    const store::RunRecord run = arguments.resume.empty()
        ? engine::train(project, planOf(arguments), control)
        : engine::resume(project, arguments.resume, control);
    Json json {{"run", run.id},
               {"outcome", outcome(run.state)},
               {"strategy", run.plan.strategy},
               {"backbone", run.plan.backbone},
               {"cut", run.plan.cut},
               {"epochs", run.result.epochs},
               {"best_epoch", run.result.bestEpoch},
               {"validation", scoreJson(run.result.validation)},
               {"test", scoreJson(run.result.test)},
               {"cross_validation", scoreJson(run.result.crossValidation)},
               {"seconds", run.result.seconds},
               {"images_per_second", run.result.imagesPerSecond},
               {"device", run.result.device},
               {"precision", run.result.precision},
               {"model", run.hasModel ? Json(absolutePath(project.modelFile(run.id))) : Json()}};
    if (run.state == store::RunState::Failed) {
        json["error"] = {
            {"subject", run.id}, {"happened", run.problem}, {"next", ""}, {"message", run.problem}};
        return {dump(json), {}, Failed, {}, run.problem};
    }
    return {dump(json), runText(run), run.state == store::RunState::Stopped ? WasStopped : Done, {}, {}};
}

std::vector<std::string> strategyIds()
{
    std::vector<std::string> ids;
    for (const learn::StrategySpec& spec : learn::strategies())
        ids.emplace_back(spec.id);
    return ids;
}

/// How the strategy learns; what is not said is the strategy's own.
void addLearning(CLI::App& app, learn::Plan& plan)
{
    app.add_option("--init", plan.init, "scratch: begin with the pretrained weights, or with random ones")
        ->type_name("weights|random")
        ->check(CLI::IsMember({"weights", "random"}).description(""))
        ->capture_default_str();
    app.add_option("--input-size", plan.inputSize,
                   "scratch: height and width of the pictures in pixels, a multiple of 32")
        ->type_name("N");
    app.add_option("--loss", plan.loss, "What is made small: cross_entropy, mse, mae or cosine")
        ->type_name("ID")
        ->capture_default_str();
    app.add_option("--optimizer", plan.optimizer, "How it is made small: sgd, rmsprop, adagrad or adamw")
        ->type_name("ID")
        ->capture_default_str();
    app.add_option("--lr", plan.learningRate, "Learning rate; else the strategy's own")
        ->type_name("X")
        ->check(CLI::Range(1e-9, 1e3).description(""));
    app.add_option("--momentum", plan.momentum, "Of sgd")->type_name("X")->capture_default_str();
    app.add_option("--weight-decay", plan.weightDecay, "How strongly weights shrink; else the strategy's own")
        ->type_name("X")
        ->check(CLI::Range(0.0, 10.0).description(""));
    app.add_option("--label-smoothing", plan.labelSmoothing, "How much of each label goes to other classes")
        ->type_name("X")
        ->capture_default_str();
    app.add_option("--class-weights", plan.classWeights,
                   "none, balanced (small classes count more), or auto: balanced where they are unequal")
        ->type_name("WORD")
        ->capture_default_str();
    app.add_option("--epochs", plan.epochs, "Rounds over all training pictures; else the strategy's own")
        ->type_name("N")
        ->check(CLI::Range(1, 1'000'000).description(""));
    app.add_option("--minutes", plan.minutes, "finetune, scratch: learn for so long instead")
        ->type_name("M")
        ->check(CLI::Range(0.01, 1e5).description(""));
    app.add_option("--patience", plan.patience,
                   "Epochs without a better validation loss until it ends; 0: never")
        ->type_name("N")
        ->check(CLI::Range(0, 1'000'000).description(""));
    app.add_option("--clip", plan.clipNorm, "Longest gradient; 0: no limit; else the strategy's own")
        ->type_name("X")
        ->check(CLI::Range(0.0, 1e6).description(""));
    app.add_option(
           "--dropout", plan.headDropout,
           "Share of the features before the classifier that each step leaves out, 0 to 0.9; else the "
           "strategy's own")
        ->type_name("X")
        ->check(CLI::Range(0.0, 0.9).description(""));
    app.add_option("--pooling", plan.pooling,
                   "How the network's last feature map becomes numbers: avg (mean) or max (largest)")
        ->type_name("avg|max")
        ->check(CLI::IsMember({"avg", "max"}).description(""))
        ->capture_default_str();
    app.add_option(
           "--batch-norm", plan.batchStatistics,
           "finetune, scratch: frozen (the pretrained statistics stay) or batch (those of each batch); "
           "else the strategy's own")
        ->type_name("frozen|batch")
        ->check(CLI::IsMember({"frozen", "batch"}).description(""));
    app.add_option("--kernel", plan.kernel, "svm: linear, or rbf: radial basis functions")
        ->type_name("linear|rbf")
        ->check(CLI::IsMember({"linear", "rbf"}).description(""))
        ->capture_default_str();
    app.add_option("--gamma", plan.gamma,
                   "svm, rbf: how fast likeness fades; else chosen by cross-validation")
        ->type_name("X")
        ->check(CLI::Range(0.0, 1e3).description(""));
    app.add_option("--c", plan.penalty, "svm: the price of an error; else chosen by cross-validation")
        ->type_name("X")
        ->check(CLI::Range(0.0, 1e6).description(""));
    app.add_option("--batch", plan.batch, "Pictures per step; else the strategy's own")
        ->type_name("N")
        ->check(CLI::Range(1, 1'000'000).description(""));
}

} // namespace

Action prepareTrain(CLI::App& app)
{
    const auto arguments = std::make_shared<Arguments>();
    learn::Plan& plan = arguments->plan;
    addProject(app, arguments->project);
    app.add_option("--strategy", plan.strategy, "Way to learn (see graft-cli strategies)")
        ->type_name("ID")
        ->check(CLI::IsMember(strategyIds()).description(""))
        ->capture_default_str();
    addBackbone(app, plan.backbone);
    addCut(app, plan.cut);
    addLearning(app, plan);
    addRecipe(app, arguments->recipe)->capture_default_str();
    app.add_option(
           "--copies", plan.copies,
           "linear, svm: augmented copies of each training picture to learn from as well (finetune and "
           "scratch draw anew in each epoch)")
        ->type_name("N")
        ->check(CLI::Range(0, 1000).description(""))
        ->capture_default_str();
    addDevice(app, plan.device);
    addPrecision(app, plan.precision);
    requireDigits(*app.add_option("--seed", plan.seed, "Decides the order of the pictures and what is drawn")
                       ->type_name("N")
                       ->capture_default_str());
    app.add_option("--resume", arguments->resume,
                   "Go on with this run, which was stopped or interrupted; all else is taken from it")
        ->type_name("RUN");
    return [arguments](Work& work) { return trainModel(*arguments, work); };
}

} // namespace graft::cli
