#include "core/engine/training_run.h"

#include "core/base/error.h"
#include "core/engine/answer_network.h"
#include "core/engine/data_fingerprint.h"
#include "core/engine/machine.h"
#include "core/learn/plan_choices.h"
#include "core/network/cut.h"
#include "core/share/model_file.h"

#include <algorithm>
#include <ctime>
#include <set>

namespace graft::engine {

namespace {

using dataset::Side;

std::string now()
{
    const std::time_t time = std::time(nullptr);
    std::tm utc {};
    gmtime_r(&time, &utc);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return text;
}

} // namespace

TrainingRun::TrainingRun(store::Project& itsProject, store::RunRecord& itsRecord, dataset::Dataset itsData,
                         RunRecorder& recorder, const TrainControl& control)
    : project(itsProject)
    , record(itsRecord)
    , data(std::move(itsData))
    , tell(recorder)
    , stop(control.stop)
    , pause(control.pause)
    , measureTest(control.measureTest)
    , device(neural::chooseDevice(itsRecord.plan.device))
    , trunk(itsRecord.plan.init == "random" ? emptyTrunk(itsRecord.plan.backbone)
                                            : loadTrunk(itsRecord.plan.backbone))
{
    poolStages(trunk, itsRecord.plan.pooling);
}

std::vector<const dataset::Picture*> TrainingRun::pictures(Side side) const
{
    std::vector<const dataset::Picture*> list;
    for (const dataset::Picture& picture : data.pictures) {
        if (picture.side == side)
            list.push_back(&picture);
    }
    return list;
}

void TrainingRun::announce()
{
    const auto count = [&](Side side) { return static_cast<int>(pictures(side).size()); };
    const bool learnsForATime = plan().minutes > 0.0
        && std::holds_alternative<learn::LearnFromPictures>(learn::strategy(plan().strategy).way);
    tell(TrainStarted {.run = record.id,
                       .title = std::string(learn::titleOf(plan())) + " on " + std::string(trunk.spec->title),
                       .device = device.title,
                       .epochs = learnsForATime ? 0 : plan().epochs,
                       .trainingPictures = count(Side::Training),
                       .validationPictures = count(Side::Validation),
                       .testPictures = count(Side::Test),
                       .classes = data.classes});
    if (!device.why.empty())
        tell(TrainNote {false, device.why});
}

void TrainingRun::tellProblem(const PictureProblem& problem)
{
    if (quiet)
        return; // told when the run itself came upon it
    tell(TrainNote {true, problem.reason + " This run goes on without it."});
}

void TrainingRun::tellGuesses(int epoch, const std::vector<const dataset::Picture*>& pictures,
                              std::span<const float> logits)
{
    constexpr std::size_t wanted = 5;
    const std::size_t shown = std::min(wanted, pictures.size());
    const auto width = static_cast<std::size_t>(classes());
    Guesses event {epoch, {}};
    for (std::size_t i = 0; i < shown; ++i) {
        const std::size_t row = (2 * i + 1) * pictures.size() / (2 * shown);
        std::vector<float> probabilities(logits.begin() + static_cast<std::ptrdiff_t>(row * width),
                                         logits.begin() + static_cast<std::ptrdiff_t>((row + 1) * width));
        softmax(probabilities);
        const auto best = std::ranges::max_element(probabilities);
        event.guesses.push_back({pictures[row]->path.string(), pictures[row]->label,
                                 static_cast<int>(best - probabilities.begin()), *best});
    }
    if (!event.guesses.empty())
        tell(event);
}

ProgressSink TrainingRun::preparing()
{
    return [this, clock = WorkClock(pause.get())](const Progress& p) {
        const double seconds = clock.seconds();
        tell(TrainPreparing {p.what, static_cast<int>(p.done), static_cast<int>(p.total),
                             seconds > 0.0 ? static_cast<double>(p.done) / seconds : 0.0});
    };
}

void TrainingRun::holdWhilePaused()
{
    graft::holdWhilePaused(pause.get(), stop, [this](const TrainEvent& event) { tell(event); });
}

void TrainingRun::saveModel(const network::Graph& graph, const network::TensorMap& weights,
                            const std::string& stage, const PreprocessSpec& preprocess, int trainingPictures)
{
    share::Model file {.card = {.title = project.name() + ", " + record.id,
                                .classes = data.classes,
                                .backbone = trunk.weightsId,
                                .cut = stage,
                                .preprocess = preprocess,
                                .plan = plan(),
                                .validation = record.result.validation,
                                .test = record.result.test,
                                .crossValidation = record.result.crossValidation,
                                .trainingPictures = trainingPictures,
                                .dataFingerprint = dataFingerprint(data),
                                .weightsSha256 = trunk.weightsSha256,
                                .weightsLicence = trunk.licence,
                                .created = now(),
                                .program = std::string("Graft ") + version()},
                       .weights = network::weightsOf(graph, weights),
                       .selfCheck = {}};
    if (answersByKernel(plan()))
        file.weights.merge(learn::rbfTensors(learn::rbfFromTensors(weights)));
    AnswerNetwork network = answeringNetwork(file, device.id);
    file.selfCheck = selfCheckLogits(network, file.card.preprocess);
    share::saveModel(project.modelFile(record.id), file);
    record.hasModel = true;
}

void requireTwoClasses(const TrainingRun& run, std::span<const std::int64_t> labels)
{
    if (std::set<std::int64_t>(labels.begin(), labels.end()).size() >= 2)
        return;
    throw Error(run.project.name(),
                "too few of its pictures can still be read: fewer than two classes are left to learn from",
                "Your files were not changed. Bring the pictures back to " + run.data.root.string()
                    + ", or import the folder again.");
}

} // namespace graft::engine
