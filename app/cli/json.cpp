#include "app/cli/json.h"

#include "app/cli/text.h"

namespace graft::cli {

namespace {

const char* id(PictureFault fault)
{
    switch (fault) {
    case PictureFault::NotAPicture:
        return "not_a_picture";
    case PictureFault::Empty:
        return "empty";
    case PictureFault::Damaged:
        return "damaged";
    case PictureFault::TooBig:
        return "too_big";
    case PictureFault::Unreadable:
        return "unreadable";
    case PictureFault::Missing:
        return "missing";
    }
    return "";
}

/// Many reasons begin with the file's name already.
std::string problemLine(const std::filesystem::path& path, const std::string& reason)
{
    const bool named = !path.filename().empty() && reason.find(path.filename().native()) != std::string::npos;
    return "  " + (named ? std::string() : shown(path) + ": ") + shown(reason) + "\n";
}

} // namespace

std::string dump(const Json& json)
{
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string absolutePath(const std::filesystem::path& path)
{
    return path.empty() ? std::string() : std::filesystem::absolute(path).lexically_normal().string();
}

Json scoreJson(const ConfusionMatrix& confusion)
{
    return scoreJson(learn::Answers {confusion.correct(), confusion.total()});
}

Json scoreJson(const learn::Answers& answers)
{
    if (answers.total == 0)
        return nullptr;
    const Interval interval = answers.interval();
    return {{"accuracy", answers.accuracy()},
            {"correct", answers.correct},
            {"total", answers.total},
            {"interval", Json::array({interval.low, interval.high})}};
}

Json problemsJson(const std::vector<dataset::Problem>& problems)
{
    Json list = Json::array();
    for (const dataset::Problem& problem : problems) {
        Json others = Json::array();
        for (const auto& other : problem.others)
            others.push_back(absolutePath(other));
        list.push_back({{"path", absolutePath(problem.path)},
                        {"kind", dataset::id(problem.kind)},
                        {"reason", problem.reason},
                        {"skipped", problem.skipped},
                        {"class", problem.className.empty() ? Json() : Json(problem.className)},
                        {"others", std::move(others)}});
    }
    return list;
}

Json problemsJson(const std::vector<engine::PictureProblem>& problems)
{
    Json list = Json::array();
    for (const engine::PictureProblem& problem : problems)
        list.push_back({{"path", absolutePath(problem.path)},
                        {"kind", id(problem.fault)},
                        {"reason", problem.reason},
                        {"skipped", true}});
    return list;
}

Json errorJson(const Error& error)
{
    return {{"subject", error.subject()},
            {"happened", error.happened()},
            {"next", error.next()},
            {"message", error.what()}};
}

Json runJson(const store::Project& project, const store::RunRecord& run)
{
    const learn::Plan& plan = run.plan;
    return {{"id", run.id},
            {"created", utc(run.created)},
            {"state", store::id(run.state)},
            {"strategy", plan.strategy},
            {"backbone", plan.backbone},
            {"cut", plan.cut},
            {"loss", plan.loss},
            {"optimizer", plan.optimizer},
            {"learning_rate", plan.learningRate},
            {"weight_decay", plan.weightDecay},
            {"batch", plan.batch},
            {"seed", plan.seed},
            {"epochs", run.result.epochs},
            {"best_epoch", run.result.bestEpoch},
            {"validation", scoreJson(run.result.validation)},
            {"test", scoreJson(run.result.test)},
            {"cross_validation", scoreJson(run.result.crossValidation)},
            {"seconds", run.result.seconds},
            {"images_per_second", run.result.imagesPerSecond},
            {"device", run.result.device},
            {"precision", run.result.precision},
            {"model", run.hasModel ? Json(absolutePath(project.modelFile(run.id))) : Json()},
            {"problem", run.problem.empty() ? Json() : Json(run.problem)}};
}

Json weightsJson(const engine::WeightsStatus& status)
{
    return {{"id", status.id},
            {"backbone", status.backbone},
            {"title", status.title},
            {"recipe", status.recipe},
            {"state", engine::id(status.state)},
            {"bytes", status.bytes},
            {"partial", status.partial},
            {"top1", status.top1},
            {"file", absolutePath(status.file)},
            {"sha256", status.sha256},
            {"source", status.source},
            {"licence", status.licence},
            {"terms", status.terms}};
}

Answer failed(Json json, const Error& error)
{
    json["error"] = errorJson(error);
    return {dump(json), {}, Failed, {}, error.what()};
}

std::string problemsText(const std::vector<dataset::Problem>& problems)
{
    std::string left;
    std::string kept;
    std::int64_t leftOut = 0;
    for (const dataset::Problem& problem : problems) {
        (problem.skipped ? left : kept) += problemLine(problem.path, problem.reason);
        leftOut += problem.skipped ? 1 : 0;
    }
    std::string text;
    if (!left.empty())
        text += "\nLeft out (" + std::to_string(leftOut) + "):\n" + left;
    if (!kept.empty())
        text += "\nWorth knowing:\n" + kept;
    return text;
}

std::string problemsText(const std::vector<engine::PictureProblem>& problems)
{
    if (problems.empty())
        return {};
    std::string text = "Could not be read (" + std::to_string(problems.size()) + "):\n";
    for (const engine::PictureProblem& problem : problems)
        text += problemLine(problem.path, problem.reason);
    return text;
}

Error nothingReadable(std::size_t problems)
{
    return problems == 0
        ? Error("Pictures", "none was found at the paths given",
                "Name picture files or folders that hold some.")
        : Error("Pictures",
                problems == 1 ? std::string("the one file could not be read")
                              : "none of the " + std::to_string(problems) + " files could be read",
                "The list of problems says why for each.");
}

} // namespace graft::cli
