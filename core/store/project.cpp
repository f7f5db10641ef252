#include "core/store/project.h"

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/learn/json.h"
#include "core/store/dataset_tables.h"
#include "core/store/run_table.h"
#include "core/store/schema.h"
#include "core/store/write_lock.h"

#include <ctime>
#include <map>
#include <mutex>

namespace graft::store {

namespace fs = std::filesystem;

namespace {

constexpr auto databaseName = "project.sqlite";
constexpr auto recommendedRun = "recommended_run"; // settings: numbers of runs
constexpr auto recommendedAmong = "recommended_among"; // the newest one then

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

} // namespace

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
    /// By id: runs whose end is not in the database, for want of room or of the lock.
    std::map<std::string, RunRecord> kept;

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

    ~Impl()
    {
        if (lock)
            writeKept();
    }

    void writeRun(const RunRecord& run);
    void keepFailure(RunRecord run, const Error& cause);
    void writeKept();
    RunRecord asKept(RunRecord run) const;
    void failInterruptedRuns();
    std::string knownRuns() const;
};

void Project::Impl::writeRun(const RunRecord& run)
{
    updateRunRow(database, run);
    makeFolder(runFolder(run.id)); // a person may have cleaned up
    // The cut may have been chosen on the way.
    writeFile(runFolder(run.id) / "plan.json", learn::toJson(run.plan) + '\n');
    writeFile(runFolder(run.id) / "result.json", learn::toJson(run.result) + '\n');
}

/// How a run ended could not be written. That it failed takes next to no room: where even that is not there,
/// this object tells it, and writes it later.
void Project::Impl::keepFailure(RunRecord run, const Error& cause)
{
    if (run.state != RunState::Failed)
        run.problem = cause.what();
    run.state = RunState::Failed;
    kept.insert_or_assign(run.id, std::move(run));
    writeKept();
}

void Project::Impl::writeKept()
{
    if (kept.empty())
        return;
    const auto written = [&](const auto& entry) {
        for (const bool anew : {false, true}) {
            try {
                if (anew) // SQLite's log begins again, in the room that it has
                    database.execute("PRAGMA wal_checkpoint(RESTART)");
                updateRunState(database, entry.second);
                return true;
            } catch (const Error&) {
            }
        }
        return false;
    };
    std::erase_if(kept, written);
}

RunRecord Project::Impl::asKept(RunRecord run) const
{
    if (const auto found = kept.find(run.id); found != kept.end()) {
        run.state = found->second.state;
        run.problem = found->second.problem;
        run.hasModel = found->second.hasModel;
    }
    return run;
}

void Project::Impl::failInterruptedRuns()
{
    Statement rows = database.prepare(std::string(runColumns) + "WHERE state = 'running'");
    std::vector<RunRecord> interrupted;
    while (rows.step())
        interrupted.push_back(readRun(rows));
    for (RunRecord& run : interrupted) {
        run.state = RunState::Failed;
        run.problem = "The program ended before this training was finished.";
        if (!lock) {
            kept.insert_or_assign(run.id, run); // told, and left to whoever may write
            continue;
        }
        try {
            Transaction transaction(database, Transaction::Kind::Write);
            writeRun(run);
            transaction.commit();
        } catch (const Error& error) { // no reason not to open the project
            keepFailure(run, error);
        }
    }
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
    if (access == Access::Write || diedWithWriteLock(where))
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
        runs.push_back(m_impl->asKept(readRun(rows)));
    return runs;
}

RunRecord Project::run(const std::string& id) const
{
    const std::scoped_lock guard(m_impl->mutex);
    Statement row = m_impl->database.prepare(std::string(runColumns) + "WHERE number = ?");
    if (row.query(runNumber(id)).step())
        return m_impl->asKept(readRun(row));
    const std::string known = m_impl->knownRuns();
    throw Error(id, "is no run of this project",
                known.empty() ? "It has none yet: train first." : "Choose one of: " + known + ".");
}

std::optional<RunRecord> Project::latestModel() const
{
    const std::scoped_lock guard(m_impl->mutex);
    const auto setting = [this](const char* key) -> std::int64_t {
        Statement row = m_impl->database.prepare("SELECT CAST(value AS INTEGER) FROM settings WHERE key = ?");
        return row.query(std::string(key)).step() ? row.integer(0) : 0;
    };
    Statement row =
        m_impl->database.prepare(std::string(runColumns)
                                 + "WHERE has_model ORDER BY state = 'finished' AND number > ? DESC, number "
                                   "= ? DESC, state = 'finished' DESC, number DESC LIMIT 1");
    row.query(setting(recommendedAmong), setting(recommendedRun));
    return row.step() ? std::optional(m_impl->asKept(readRun(row))) : std::nullopt;
}

void Project::recommendRun(const std::string& id)
{
    const std::scoped_lock guard(m_impl->mutex);
    m_impl->requireWritable();
    Transaction transaction(m_impl->database, Transaction::Kind::Write);
    const auto set = [this](const char* key, std::int64_t number) {
        m_impl->database.prepare("INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)")
            .run(std::string(key), Blob {std::to_string(number)});
    };
    set(recommendedRun, runNumber(id));
    set(recommendedAmong, m_impl->database.integer("SELECT max(number) FROM runs"));
    transaction.commit();
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
    insertRunRow(m_impl->database, run);
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
    Statement known = m_impl->database.prepare("SELECT 1 FROM runs WHERE number = ?");
    if (!known.query(runNumber(run.id)).step())
        throw Error(run.id, "is no run of this project", "Train again.");
    try {
        Transaction transaction(m_impl->database, Transaction::Kind::Write);
        m_impl->writeRun(run);
        transaction.commit();
        m_impl->kept.erase(run.id);
    } catch (const Error& error) {
        if (run.state != RunState::Running)
            m_impl->keepFailure(run, error);
        throw;
    }
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
