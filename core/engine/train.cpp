#include "core/engine/train.h"

#include "core/augment/recipe.h"
#include "core/base/error.h"
#include "core/engine/advice_record.h"
#include "core/engine/run_recorder.h"
#include "core/engine/training_run.h"
#include "core/engine/trunk.h"
#include "core/network/backbone.h"
#include "core/network/cut.h"
#include "core/network/weights/catalogue.h"
#include "core/neural/devices.h"

#include <algorithm>
#include <new>
#include <set>
#include <variant>

namespace graft::engine {

namespace {

using dataset::Side;

void requireTrainable(const store::Project& project, const dataset::Dataset& data)
{
    if (data.pictures.empty())
        throw Error(project.name(), "has no pictures yet",
                    "Import a folder with one sub-folder for each class.");
    std::set<int> usable;
    for (const dataset::Picture& picture : data.pictures) {
        if (picture.side == Side::Training)
            usable.insert(picture.label);
    }
    if (usable.size() < 2)
        throw Error(project.name(),
                    "has " + std::string(usable.empty() ? "no class" : "only one class")
                        + " with pictures to learn from",
                    "Telling apart needs at least two: add a folder with pictures of something else.");
}

/// Whatever would only be found out in the middle. Throws Error.
void requirePossible(const learn::Plan& plan)
{
    const network::BackboneSpec& backbone = network::backbone(network::backboneOfWeights(plan.backbone));
    if (plan.cut != "auto")
        network::stageOf(backbone, plan.cut);
    augment::readRecipe(plan.recipe);
    if (plan.inputSize > 0)
        backbone.build({.inputSize = plan.inputSize});
    if (plan.init != "random")
        requireWeights(plan.backbone);
}

/// Trains and turns every failure into the record's state.
void runAndRecord(store::Project& project, store::RunRecord& record, dataset::Dataset data, RunRecorder& tell,
                  bool resumed, const TrainControl& control)
{
    const WorkClock clock(control.pause.get());
    const auto fail = [&](const std::string& problem) {
        record.state = store::RunState::Failed;
        record.problem = problem;
    };
    try {
        TrainingRun run(project, record, std::move(data), tell, control);
        run.resumed = resumed;
        const auto& way = learn::strategy(record.plan.strategy).way;
        if (const auto* learn = std::get_if<learn::LearnFromFeatures>(&way))
            trainOnFeatures(run, *learn);
        else
            trainOnPictures(run, std::get<learn::LearnFromPictures>(way));
        record.state = control.stop.stop_requested() ? store::RunState::Stopped : store::RunState::Finished;
    } catch (const Error& error) {
        fail(error.what());
    } catch (const std::bad_alloc&) {
        fail("Not enough memory for this training. Your pictures are safe. Close other programs and try "
             "again.");
    } catch (const std::exception& error) {
        fail("This training failed in an unexpected way (" + std::string(error.what())
             + "). Your pictures are safe. Please report this.");
    }
    record.result.seconds = clock.seconds();
}

Outcome outcomeOf(store::RunState state)
{
    switch (state) {
    case store::RunState::Finished:
        return Outcome::Finished;
    case store::RunState::Stopped:
        return Outcome::Stopped;
    case store::RunState::Running:
    case store::RunState::Failed:
        break;
    }
    return Outcome::Failed;
}

/// From here on a failure is the run's.
store::RunRecord carryOut(store::Project& project, store::RunRecord record, dataset::Dataset data,
                          bool resumed, const TrainControl& control)
{
    RunRecorder tell(project.runFolder(record.id), control.sink);
    runAndRecord(project, record, std::move(data), tell, resumed, control);
    try {
        project.updateRun(record);
    } catch (const Error& error) {
        if (record.state != store::RunState::Failed)
            record.problem = error.what();
        record.state = store::RunState::Failed;
    }
    tell(TrainEnded {outcomeOf(record.state), record.hasModel, record.problem});
    return record;
}

} // namespace

store::RunRecord train(store::Project& project, const learn::Plan& plan, const TrainControl& control)
{
    dataset::Dataset data = project.dataset();
    requireTrainable(project, data);
    const auto training = std::ranges::count(data.pictures, Side::Training, &dataset::Picture::side);
    const learn::Plan complete = learn::strategy(plan.strategy).complete(plan, static_cast<int>(training));
    requirePossible(complete);
    wakeTensorLibrary(); // the number of threads is part of the device's title
    neural::chooseDevice(complete.device);
    store::RunRecord record = project.addRun(complete);
    keepForecast(project, record);
    return carryOut(project, std::move(record), std::move(data), false, control);
}

store::RunRecord resume(store::Project& project, const std::string& run, const TrainControl& control)
{
    store::RunRecord record = project.run(run);
    if (record.state == store::RunState::Finished)
        throw Error(record.id, "is finished: there is nothing left to do", "Start a new training.");
    dataset::Dataset data = project.dataset();
    requireTrainable(project, data);
    requirePossible(record.plan);
    wakeTensorLibrary();
    neural::chooseDevice(record.plan.device);
    record.state = store::RunState::Running;
    record.problem.clear();
    project.updateRun(record);
    return carryOut(project, std::move(record), std::move(data), true, control);
}

} // namespace graft::engine
