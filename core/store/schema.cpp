#include "core/store/schema.h"

#include "core/base/error.h"

#include <array>
#include <unistd.h>

namespace graft::store {

namespace {

constexpr std::int64_t applicationId = 0x47726674; // "Grft", at byte 68 of the file

// One step per schema version, from the one before. Never change one that was released: add another.
// Names of files and classes are BLOBs: they may hold any bytes. A picture's path is relative to the root,
// where it lies under it.
constexpr std::array migrations {
    "CREATE TABLE settings (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE classes (id INTEGER PRIMARY KEY, name BLOB NOT NULL);"
    "CREATE TABLE pictures ("
    " id INTEGER PRIMARY KEY, path BLOB NOT NULL, class INTEGER NOT NULL REFERENCES classes (id),"
    " sha256 TEXT NOT NULL, perceptual_hash INTEGER NOT NULL, width INTEGER NOT NULL, height INTEGER NOT "
    "NULL,"
    " duplicate_group INTEGER NOT NULL, side TEXT NOT NULL);"
    "CREATE TABLE problems ("
    " id INTEGER PRIMARY KEY, kind TEXT NOT NULL, path BLOB NOT NULL, class_name BLOB NOT NULL, reason BLOB "
    "NOT NULL,"
    " skipped INTEGER NOT NULL);"
    "CREATE TABLE problem_others ("
    " problem INTEGER NOT NULL REFERENCES problems (id), position INTEGER NOT NULL, path BLOB NOT NULL,"
    " PRIMARY KEY (problem, position)) WITHOUT ROWID;"
    "CREATE TABLE runs ("
    " number INTEGER PRIMARY KEY, created INTEGER NOT NULL, state TEXT NOT NULL, plan TEXT NOT NULL,"
    " result TEXT NOT NULL, problem BLOB NOT NULL, has_model INTEGER NOT NULL);",
};

constexpr std::int64_t currentVersion = migrations.size();

void migrate(Database& database, std::int64_t from)
{
    Transaction transaction(database, Transaction::Kind::Write);
    for (auto version = static_cast<std::size_t>(from); version < migrations.size(); ++version)
        database.execute(migrations[version]);
    database.execute(("PRAGMA application_id = " + std::to_string(applicationId)).c_str());
    database.execute(("PRAGMA user_version = " + std::to_string(currentVersion)).c_str());
    transaction.commit();
}

[[noreturn]] void rejectAsDamaged(const std::filesystem::path& file, const std::string& detail)
{
    throw Error(
        file.string(), "is damaged (" + detail + ")",
        "Your pictures are untouched, and finished models are still in the folder 'runs' beside it. Restore "
        "this file from a backup, or import the pictures into a new project.");
}

/// "ok", or the first thing that is wrong.
std::string quickCheck(const Database& database)
{
    Statement check = database.prepare("PRAGMA quick_check(1)");
    return check.step() ? check.bytes(0) : "no answer";
}

OpenMode mode(const std::filesystem::path& file, bool writable)
{
    if (writable)
        return OpenMode::ReadWrite;
    // Readers of a WAL database leave marks in a side file. Where none can be made, nobody writes either.
    const bool folderWritable = access(file.parent_path().c_str(), W_OK) == 0;
    return folderWritable || std::filesystem::exists(file.string() + "-wal") ? OpenMode::ReadOnly
                                                                             : OpenMode::Immutable;
}

} // namespace

void createDatabase(const std::filesystem::path& file)
{
    // Under another name until it is complete, so that a kill leaves no half project. WAL comes with the
    // first opening: until then the database is one file, which can be renamed.
    const std::filesystem::path unfinished = file.string() + ".new";
    std::error_code failure;
    std::filesystem::remove(unfinished, failure);
    std::filesystem::remove(unfinished.string() + "-journal", failure);
    try {
        Database database(unfinished, OpenMode::Create);
        migrate(database, 0);
    } catch (...) {
        std::filesystem::remove(unfinished, failure);
        std::filesystem::remove(unfinished.string() + "-journal", failure);
        throw;
    }
    std::filesystem::rename(unfinished, file, failure);
    if (failure)
        throw Error(file.string(), "could not be made: " + failure.message(),
                    "Choose another place for the project.");
}

Database openDatabase(const std::filesystem::path& file, bool writable)
{
    Database database(file, mode(file, writable));
    if (database.integer("PRAGMA application_id") != applicationId)
        rejectAsDamaged(file, "it does not begin as a project of Graft does");
    const std::int64_t version = database.integer("PRAGMA user_version");
    if (version > currentVersion)
        throw Error(file.string(),
                    "was made by a newer Graft (format " + std::to_string(version) + ", this program knows "
                        + std::to_string(currentVersion) + ")",
                    "Nothing was changed. Update Graft to open this project.");
    if (version < 1)
        rejectAsDamaged(file, "its format has no number");
    if (const std::string verdict = quickCheck(database); verdict != "ok")
        rejectAsDamaged(file, verdict);
    if (version < currentVersion && !writable)
        throw Error(file.string(), "was made by an older Graft and must be brought up to date",
                    "Open the project for writing once.");
    if (writable) {
        database.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
        if (version < currentVersion)
            migrate(database, version);
    }
    return database;
}

} // namespace graft::store
