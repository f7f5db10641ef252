#include "core/learn/json.h"

#include "core/learn/inside/json_members.h"

namespace graft::learn {

using nlohmann::json;

namespace {

json matrixToJson(const ConfusionMatrix& matrix)
{
    json rows = json::array();
    for (int truth = 0; truth < matrix.classes(); ++truth) {
        json& row = rows.emplace_back(json::array());
        for (int predicted = 0; predicted < matrix.classes(); ++predicted)
            row.push_back(matrix.at(truth, predicted));
    }
    return rows;
}

ConfusionMatrix matrixFromJson(const json& rows)
{
    // Counts are added one by one: a limit keeps a hostile file from keeping the program busy.
    constexpr std::uint64_t mostPictures = 100'000'000;
    const auto bad = [] { reject("confusion matrix", "is not as many rows of as many counts"); };
    if (!rows.is_array())
        bad();
    for (const json& row : rows)
        if (!row.is_array() || row.size() != rows.size())
            bad();
    ConfusionMatrix matrix(static_cast<int>(rows.size()));
    std::uint64_t left = mostPictures;
    for (int truth = 0; truth < matrix.classes(); ++truth) {
        for (int predicted = 0; predicted < matrix.classes(); ++predicted) {
            const json& cell = rows[static_cast<std::size_t>(truth)][static_cast<std::size_t>(predicted)];
            if (!cell.is_number_unsigned() || cell.get<std::uint64_t>() > left)
                bad();
            const auto count = cell.get<std::uint64_t>();
            left -= count;
            for (std::uint64_t i = 0; i < count; ++i)
                matrix.add(truth, predicted);
        }
    }
    return matrix;
}

json epochToJson(const EpochDone& epoch)
{
    return {{"epoch", epoch.epoch},
            {"epochs", epoch.epochs},
            {"train_loss", epoch.trainLoss},
            {"train_accuracy", epoch.trainAccuracy},
            {"validation_loss", epoch.validationLoss},
            {"validation_accuracy", epoch.validationAccuracy},
            {"learning_rate", epoch.learningRate},
            {"best", epoch.best},
            {"seconds", epoch.seconds},
            {"pictures_per_second", epoch.picturesPerSecond},
            {"seconds_left", epoch.secondsLeft},
            {"memory_bytes", epoch.memoryBytes}};
}

EpochDone epochFromJson(const json& object)
{
    EpochDone epoch;
    read(object, "epoch", epoch.epoch);
    read(object, "epochs", epoch.epochs);
    read(object, "train_loss", epoch.trainLoss);
    read(object, "train_accuracy", epoch.trainAccuracy);
    read(object, "validation_loss", epoch.validationLoss);
    read(object, "validation_accuracy", epoch.validationAccuracy);
    read(object, "learning_rate", epoch.learningRate);
    read(object, "best", epoch.best);
    read(object, "seconds", epoch.seconds);
    read(object, "pictures_per_second", epoch.picturesPerSecond);
    read(object, "seconds_left", epoch.secondsLeft);
    read(object, "memory_bytes", epoch.memoryBytes);
    return epoch;
}

const char* word(Outcome outcome)
{
    switch (outcome) {
    case Outcome::Finished:
        return "finished";
    case Outcome::Stopped:
        return "stopped";
    case Outcome::Failed:
        break;
    }
    return "failed";
}

struct EventToJson {
    json operator()(const TrainStarted& event) const
    {
        return {{"event", "train_started"},
                {"run", event.run},
                {"title", event.title},
                {"device", event.device},
                {"epochs", event.epochs},
                {"training_pictures", event.trainingPictures},
                {"validation_pictures", event.validationPictures},
                {"test_pictures", event.testPictures},
                {"classes", event.classes}};
    }

    json operator()(const TrainPreparing& event) const
    {
        return {{"event", "train_preparing"},
                {"what", event.what},
                {"done", event.done},
                {"total", event.total},
                {"pictures_per_second", event.picturesPerSecond}};
    }

    json operator()(const BatchDone& event) const
    {
        return {{"event", "batch_done"},
                {"epoch", event.epoch},
                {"batch", event.batch},
                {"batches", event.batches},
                {"loss", event.loss},
                {"accuracy", event.accuracy},
                {"seconds_left", event.secondsLeft}};
    }

    json operator()(const EpochDone& event) const
    {
        json object = epochToJson(event);
        object["event"] = "epoch_done";
        return object;
    }

    json operator()(const Guesses& event) const
    {
        json guesses = json::array();
        for (const Guesses::Guess& guess : event.guesses)
            guesses.push_back({{"path", guess.path},
                               {"truth", guess.truth},
                               {"predicted", guess.predicted},
                               {"probability", guess.probability}});
        return {{"event", "guesses"}, {"epoch", event.epoch}, {"guesses", std::move(guesses)}};
    }

    json operator()(const TrainPaused& /*event*/) const { return {{"event", "train_paused"}}; }

    json operator()(const TrainContinued& event) const
    {
        return {{"event", "train_continued"}, {"seconds", event.seconds}};
    }

    json operator()(const TrainNote& event) const
    {
        return {{"event", "train_note"}, {"warning", event.warning}, {"text", event.text}};
    }

    json operator()(const TrainEnded& event) const
    {
        return {{"event", "train_ended"},
                {"outcome", word(event.outcome)},
                {"has_model", event.hasModel},
                {"problem", event.problem}};
    }
};

} // namespace

std::string toJson(const Plan& plan)
{
    return dump({{"strategy", plan.strategy},
                 {"backbone", plan.backbone},
                 {"cut", plan.cut},
                 {"init", plan.init},
                 {"input_size", plan.inputSize},
                 {"recipe", plan.recipe},
                 {"copies", plan.copies},
                 {"loss", plan.loss},
                 {"pooling", plan.pooling},
                 {"head_dropout", plan.headDropout},
                 {"optimizer", plan.optimizer},
                 {"learning_rate", plan.learningRate},
                 {"weight_decay", plan.weightDecay},
                 {"epochs", plan.epochs},
                 {"batch", plan.batch},
                 {"minutes", plan.minutes},
                 {"patience", plan.patience},
                 {"momentum", plan.momentum},
                 {"label_smoothing", plan.labelSmoothing},
                 {"class_weights", plan.classWeights},
                 {"clip_norm", plan.clipNorm},
                 {"train_from", plan.trainFrom},
                 {"batch_statistics", plan.batchStatistics},
                 {"kernel", plan.kernel},
                 {"penalty", plan.penalty},
                 {"gamma", plan.gamma},
                 {"device", plan.device},
                 {"precision", plan.precision},
                 {"seed", plan.seed}});
}

Plan planFromJson(std::string_view text)
{
    const json object = parseAs(json::value_t::object, "plan", text);
    Plan plan;
    read(object, "strategy", plan.strategy);
    read(object, "backbone", plan.backbone);
    read(object, "cut", plan.cut);
    read(object, "init", plan.init);
    read(object, "input_size", plan.inputSize);
    read(object, "recipe", plan.recipe);
    read(object, "copies", plan.copies);
    read(object, "loss", plan.loss);
    read(object, "pooling", plan.pooling);
    read(object, "head_dropout", plan.headDropout);
    read(object, "optimizer", plan.optimizer);
    read(object, "learning_rate", plan.learningRate);
    read(object, "weight_decay", plan.weightDecay);
    read(object, "epochs", plan.epochs);
    read(object, "batch", plan.batch);
    read(object, "minutes", plan.minutes);
    read(object, "patience", plan.patience, -1);
    read(object, "momentum", plan.momentum);
    read(object, "label_smoothing", plan.labelSmoothing);
    read(object, "class_weights", plan.classWeights);
    read(object, "clip_norm", plan.clipNorm);
    read(object, "train_from", plan.trainFrom);
    read(object, "batch_statistics", plan.batchStatistics);
    read(object, "kernel", plan.kernel);
    read(object, "penalty", plan.penalty);
    read(object, "gamma", plan.gamma);
    read(object, "device", plan.device);
    read(object, "precision", plan.precision);
    read(object, "seed", plan.seed);
    return plan;
}

std::string toJson(const RunResult& result)
{
    return dump({{"device", result.device},
                 {"precision", result.precision},
                 {"seconds", result.seconds},
                 {"images_per_second", result.imagesPerSecond},
                 {"epochs", result.epochs},
                 {"best_epoch", result.bestEpoch},
                 {"history", list(result.history, epochToJson)},
                 {"validation", matrixToJson(result.validation)},
                 {"test", matrixToJson(result.test)},
                 {"cross_validation", matrixToJson(result.crossValidation)}});
}

RunResult runResultFromJson(std::string_view text)
{
    const json object = parseAs(json::value_t::object, "result", text);
    RunResult result;
    read(object, "device", result.device);
    read(object, "precision", result.precision);
    read(object, "seconds", result.seconds);
    read(object, "images_per_second", result.imagesPerSecond);
    read(object, "epochs", result.epochs);
    read(object, "best_epoch", result.bestEpoch);
    readList(object, "history", result.history, epochFromJson);
    if (const json* matrix = member(object, "validation"))
        result.validation = matrixFromJson(*matrix);
    if (const json* matrix = member(object, "test"))
        result.test = matrixFromJson(*matrix);
    if (const json* matrix = member(object, "cross_validation"))
        result.crossValidation = matrixFromJson(*matrix);
    return result;
}

std::string toJson(const ConfusionMatrix& matrix)
{
    return dump(matrixToJson(matrix));
}

ConfusionMatrix confusionMatrixFromJson(std::string_view text)
{
    return matrixFromJson(parseAs(json::value_t::array, "confusion matrix", text));
}

std::string toJson(const TrainEvent& event)
{
    return dump(std::visit(EventToJson {}, event));
}

} // namespace graft::learn
