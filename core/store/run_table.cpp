#include "core/store/run_table.h"

#include "core/base/error.h"
#include "core/learn/json.h"

#include <charconv>

namespace graft::store {

namespace {

RunState runState(const std::string& word)
{
    for (const RunState state : {RunState::Running, RunState::Finished, RunState::Stopped, RunState::Failed})
        if (word == id(state))
            return state;
    throw Error(word, "is no state of a training", "The project is damaged: restore it from a backup.");
}

} // namespace

const char* id(RunState state)
{
    switch (state) {
    case RunState::Running:
        return "running";
    case RunState::Finished:
        return "finished";
    case RunState::Stopped:
        return "stopped";
    case RunState::Failed:
        break;
    }
    return "failed";
}

std::string runId(std::int64_t number)
{
    return "run-" + std::to_string(number);
}

std::int64_t runNumber(std::string_view text)
{
    if (text.starts_with("run-"))
        text.remove_prefix(4);
    std::int64_t number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    return failure == std::errc() && end == text.data() + text.size() && number > 0 ? number : 0;
}

const std::string_view runColumns =
    "SELECT number, created, state, plan, result, problem, has_model FROM runs ";

RunRecord readRun(const Statement& row)
{
    RunRecord run;
    run.id = runId(row.integer(0));
    run.created = row.integer(1);
    run.state = runState(row.bytes(2));
    run.plan = learn::planFromJson(row.bytes(3));
    run.result = learn::runResultFromJson(row.bytes(4));
    run.problem = row.bytes(5);
    run.hasModel = row.integer(6) != 0;
    return run;
}

void insertRunRow(Database& database, const RunRecord& run)
{
    database.prepare("INSERT INTO runs VALUES (?, ?, ?, ?, ?, '', 0)")
        .run(runNumber(run.id), run.created, id(run.state), learn::toJson(run.plan),
             learn::toJson(run.result));
}

void updateRunRow(Database& database, const RunRecord& run)
{
    database
        .prepare(
            "UPDATE runs SET state = ?, plan = ?, result = ?, problem = ?, has_model = ? WHERE number = ?")
        .run(id(run.state), learn::toJson(run.plan), learn::toJson(run.result), Blob {run.problem},
             run.hasModel, runNumber(run.id));
}

void updateRunState(Database& database, const RunRecord& run)
{
    database.prepare("UPDATE runs SET state = ?, problem = ?, has_model = ? WHERE number = ?")
        .run(id(run.state), Blob {run.problem}, run.hasModel, runNumber(run.id));
}

} // namespace graft::store
