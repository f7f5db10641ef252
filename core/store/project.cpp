#include "core/store/project.h"

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/learn/json.h"
#include "core/store/dataset_tables.h"
#include "core/store/schema.h"
#include "core/store/write_lock.h"

#include <charconv>
#include <ctime>
#include <mutex>

namespace graft::store {

namespace fs = std::filesystem;

namespace {

constexpr auto databaseName = "project.sqlite";

fs::path absoluteFolder(const fs::path& folder)
{
    std::error_code failure;
    fs::path path = fs::absolute(folder, failure).lexically_normal();
    if (failure)
        throw Error(folder.string(), "could not be found: " + describeErrno(failure.value()),
                    "Give the whole path of the project.");
    return path.has_filename() ? path : path.parent_path();
}

void makeFolder(const fs::path& folder)
{
    std::error_code failure;
    fs::create_directories(folder, failure);
    if (failure)
        throw Error(folder.string(), "could not be made: " + describeErrno(failure.value()),
                    "Make room or choose another place, then try again.");
}

/// Other than what a project leaves there when its making is cut short.
bool holdsOtherFiles(const fs::path& folder)
{
    std::error_code failure;
    for (const auto& entry : fs::directory_iterator(folder, failure)) {
        const std::string name = entry.path().filename().string();
        if (name != "lock" && !name.starts_with(databaseName))
            return true;
    }
    return false;
}

RunState runState(const std::string& word)
{
    for (const RunState state : {RunState::Running, RunState::Finished, RunState::Stopped, RunState::Failed})
        if (word == id(state))
            return state;
    throw Error(word, "is no state of a training", "The project is damaged: restore it from a backup.");
}

std::string runId(std::int64_t number)
{
    return "run-" + std::to_string(number);
}

/// 3 for "run-3" and for "3"; 0 for anything else.
std::int64_t runNumber(std::string_view text)
{
    if (text.starts_with("run-"))
        text.remove_prefix(4);
    std::int64_t number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    return failure == std::errc() && end == text.data() + text.size() && number > 0 ? number : 0;
}

constexpr std::string_view runColumns =
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

bool isProject(const fs::path& folder)
{
    std::error_code failure;
    return fs::is_regular_file(folder / databaseName, failure);
}

struct Project::Impl {
    fs::path folder;
    std::unique_ptr<WriteLock> lock; ///< none: opened for reading. Outlives the database.
    mutable std::mutex mutex;
    mutable Database database;

    Impl(fs::path where, std::unique_ptr<WriteLock> writeLock)
        : folder(std::move(where))
        , lock(std::move(writeLock))
        , database(openDatabase(folder / databaseName, lock != nullptr))
    {
    }

    void requireWritable() const
    {
        if (!lock)
            throw Error(folder.string(), "is open for reading only", "Open the project for writing.");
    }

    fs::path runFolder(const std::string& run) const { return folder / "runs" / run; }

    void writeRun(const RunRecord& run);
    void failInterruptedRuns();
    std::string knownRuns() const;
};

void Project::Impl::writeRun(const RunRecord& run)
{
    const std::string plan = learn::toJson(run.plan);
    const std::string result = learn::toJson(run.result);
    Statement update = database.prepare(
        "UPDATE runs SET state = ?, plan = ?, result = ?, problem = ?, has_model = ? WHERE number = ?");
    update.run(id(run.state), plan, result, Blob {run.problem}, run.hasModel, runNumber(run.id));
    makeFolder(runFolder(run.id)); // a person may have cleaned up
    writeFile(runFolder(run.id) / "plan.json", plan + '\n'); // the cut may have been chosen on the way
    writeFile(runFolder(run.id) / "result.json", result + '\n');
}

void Project::Impl::failInterruptedRuns()
{
    Statement rows = database.prepare(std::string(runColumns) + "WHERE state = 'running'");
    std::vector<RunRecord> interrupted;
    while (rows.step())
        interrupted.push_back(readRun(rows));
    if (interrupted.empty())
        return;
    Transaction transaction(database, Transaction::Kind::Write);
    for (RunRecord& run : interrupted) {
        run.state = RunState::Failed;
        run.problem = "The program ended before this training was finished.";
        writeRun(run);
    }
    transaction.commit();
}

std::string Project::Impl::knownRuns() const
{
    std::string list;
    Statement rows = database.prepare("SELECT number FROM runs ORDER BY number");
    while (rows.step())
        list += (list.empty() ? "" : ", ") + runId(rows.integer(0));
    return list;
}

Project::Project(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl))
{
}

Project::~Project() = default;
Project::Project(Project&&) noexcept = default;
Project& Project::operator=(Project&&) noexcept = default;

Project Project::create(const fs::path& folder)
{
    const fs::path where = absoluteFolder(folder);
    if (!isProject(where) && holdsOtherFiles(where))
        throw Error(where.string(), "holds other files and is no project",
                    "Choose a new name for the project, such as 'Flowers.graft'.");
    makeFolder(where);
    auto lock = std::make_unique<WriteLock>(where);
    if (!isProject(where))
        createDatabase(where / databaseName);
    makeFolder(where / "runs");
    Project project(std::make_unique<Impl>(where, std::move(lock)));
    project.m_impl->failInterruptedRuns();
    return project;
}

Project Project::open(const fs::path& folder, Access access)
{
    const fs::path where = absoluteFolder(folder);
    if (!isProject(where))
        throw Error(
            where.string(), "is no project of Graft",
            "Choose a folder that ends in '.graft', or make a new project from a folder of pictures.");
    Project project(std::make_unique<Impl>(
        where, access == Access::Write ? std::make_unique<WriteLock>(where) : nullptr));
    if (access == Access::Write)
        project.m_impl->failInterruptedRuns();
    return project;
}

const fs::path& Project::folder() const
{
    return m_impl->folder;
}

std::string Project::name() const
{
    return m_impl->folder.extension() == ".graft" ? m_impl->folder.stem().string()
                                                  : m_impl->folder.filename().string();
}

dataset::Dataset Project::dataset() const
{
    const std::scoped_lock guard(m_impl->mutex);
    const Transaction snapshot(m_impl->database, Transaction::Kind::Read);
    return readDataset(m_impl->database, m_impl->folder);
}

dataset::SplitOptions Project::splitOptions() const
{
    const std::scoped_lock guard(m_impl->mutex);
    return readSplitOptions(m_impl->database, m_impl->folder);
}

void Project::setDataset(const dataset::Dataset& dataset, const dataset::SplitOptions& split)
{
    const std::scoped_lock guard(m_impl->mutex);
    m_impl->requireWritable();
    Transaction transaction(m_impl->database, Transaction::Kind::Write);
    writeDataset(m_impl->database, m_impl->folder, dataset, split);
    transaction.commit();
}

std::string Project::recipe() const
{
    const std::scoped_lock guard(m_impl->mutex);
    Statement row = m_impl->database.prepare("SELECT value FROM settings WHERE key = 'recipe'");
    return row.step() ? row.bytes(0) : learn::Plan().recipe;
}

int Project::copies() const
{
    constexpr int usual = 4;
    const std::scoped_lock guard(m_impl->mutex);
    Statement row =
        m_impl->database.prepare("SELECT CAST(value AS INTEGER) FROM settings WHERE key = 'copies'");
    return row.step() ? static_cast<int>(row.integer(0)) : usual;
}

void Project::setCopies(int copies)
{
    const std::scoped_lock guard(m_impl->mutex);
    m_impl->requireWritable();
    m_impl->database.prepare("INSERT OR REPLACE INTO settings (key, value) VALUES ('copies', ?)")
        .run(Blob {std::to_string(copies)});
}

void Project::setRecipe(const std::string& recipe)
{
    const std::scoped_lock guard(m_impl->mutex);
    m_impl->requireWritable();
    m_impl->database.prepare("INSERT OR REPLACE INTO settings (key, value) VALUES ('recipe', ?)")
        .run(Blob {recipe});
}

std::string Project::advice() const
{
    const std::scoped_lock guard(m_impl->mutex);
    Statement row = m_impl->database.prepare("SELECT value FROM settings WHERE key = 'advice'");
    return row.step() ? row.bytes(0) : std::string();
}

void Project::setAdvice(const std::string& advice)
{
    const std::scoped_lock guard(m_impl->mutex);
    m_impl->requireWritable();
    m_impl->database.prepare("INSERT OR REPLACE INTO settings (key, value) VALUES ('advice', ?)")
        .run(Blob {advice});
}

std::vector<RunRecord> Project::runs() const
{
    const std::scoped_lock guard(m_impl->mutex);
    std::vector<RunRecord> runs;
    Statement rows = m_impl->database.prepare(std::string(runColumns) + "ORDER BY number");
    while (rows.step())
        runs.push_back(readRun(rows));
    return runs;
}

RunRecord Project::run(const std::string& id) const
{
    const std::scoped_lock guard(m_impl->mutex);
    Statement row = m_impl->database.prepare(std::string(runColumns) + "WHERE number = ?");
    if (row.query(runNumber(id)).step())
        return readRun(row);
    const std::string known = m_impl->knownRuns();
    throw Error(id, "is no run of this project",
                known.empty() ? "It has none yet: train first." : "Choose one of: " + known + ".");
}

std::optional<RunRecord> Project::latestModel() const
{
    const std::scoped_lock guard(m_impl->mutex);
    Statement row = m_impl->database.prepare(
        std::string(runColumns) + "WHERE has_model ORDER BY state = 'finished' DESC, number DESC LIMIT 1");
    return row.step() ? std::optional(readRun(row)) : std::nullopt;
}

RunRecord Project::addRun(const learn::Plan& plan)
{
    const std::scoped_lock guard(m_impl->mutex);
    m_impl->requireWritable();
    Transaction transaction(m_impl->database, Transaction::Kind::Write);
    std::int64_t number = m_impl->database.integer("SELECT max(number) FROM runs") + 1;
    std::error_code ignored;
    while (
        fs::exists(m_impl->runFolder(runId(number)), ignored)) // left by a kill: nothing is ever overwritten
        ++number;
    RunRecord run;
    run.id = runId(number);
    run.created = std::time(nullptr);
    run.plan = plan;
    const std::string planText = learn::toJson(plan);
    m_impl->database.prepare("INSERT INTO runs VALUES (?, ?, ?, ?, ?, '', 0)")
        .run(number, run.created, store::id(run.state), planText, learn::toJson(run.result));
    const fs::path runFolder = m_impl->runFolder(run.id);
    try {
        makeFolder(runFolder);
        writeFile(runFolder / "plan.json", planText + '\n');
        transaction.commit();
    } catch (const Error&) {
        fs::remove_all(runFolder, ignored); // made above, holds nothing but the plan
        throw;
    }
    return run;
}

void Project::updateRun(const RunRecord& run)
{
    const std::scoped_lock guard(m_impl->mutex);
    m_impl->requireWritable();
    Transaction transaction(m_impl->database, Transaction::Kind::Write);
    Statement known = m_impl->database.prepare("SELECT 1 FROM runs WHERE number = ?");
    if (!known.query(runNumber(run.id)).step())
        throw Error(run.id, "is no run of this project", "Train again.");
    m_impl->writeRun(run);
    transaction.commit();
}

fs::path Project::runFolder(const std::string& id) const
{
    return m_impl->runFolder(id);
}

fs::path Project::modelFile(const std::string& id) const
{
    return runFolder(id) / "model.safetensors";
}

fs::path Project::cacheFolder() const
{
    fs::path cache = m_impl->folder / "cache";
    makeFolder(cache);
    return cache;
}

} // namespace graft::store
