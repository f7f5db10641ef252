#include "core/store/database.h"

#include "core/base/error.h"
#include "core/base/file.h"

#include <array>
#include <cerrno>
#include <sqlite3.h>

namespace graft::store {

namespace {

constexpr int busyMilliseconds = 5000; // how long to wait for another program that uses the file

[[noreturn]] void fail(sqlite3* database, int code, const std::string& file)
{
    const int systemError = database ? sqlite3_system_errno(database) : 0;
    const std::string detail = database ? sqlite3_errmsg(database) : sqlite3_errstr(code);
    const int primary = code & 0xff;
    switch (primary) {
    case SQLITE_FULL:
        throw Error(file, "could not be written: the disk is full",
                    "Make room and try again; what was saved before is safe.");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_SCHEMA:
    case SQLITE_ERROR: // a table that is not there
        throw Error(
            file, "is damaged (" + detail + ")",
            "Your pictures are untouched, and finished models are still in the folder 'runs' beside it. "
            "Restore this file from a backup, or import the pictures into a new project.");
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        throw Error(file, "could not be written: you have no right to do this here",
                    "Check the rights of the project's folder, or copy the project to a place of your own.");
    case SQLITE_CANTOPEN:
        throw Error(file, "could not be opened: " + (systemError != 0 ? describeErrno(systemError) : detail),
                    "Check the rights of the project's folder and that its disk is connected.");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        throw Error(file, "is in use by another program", "Close the other program and try again.");
    case SQLITE_NOMEM:
        throw Error(file, "could not be read: there is not enough memory",
                    "Close other programs and try again.");
    case SQLITE_IOERR:
        if (code == SQLITE_IOERR_WRITE || code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_SHMSIZE)
            throw Error(file, "could not be written: your share of the disk is used up, or the disk fails",
                        "Make room or check the disk, then try again; what was saved before is safe.");
        [[fallthrough]];
    default:
        throw Error(
            file, "could not be read or written: " + (systemError != 0 ? describeErrno(systemError) : detail),
            "Check the disk and try again.");
    }
}

/// As a URI, so that a name with any bytes can carry options.
std::string uri(const std::filesystem::path& file, OpenMode mode)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text = "file:";
    for (const char c : file.native()) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9')
            || c == '/' || c == '.' || c == '-' || c == '_') {
            text += c;
        } else {
            text += '%';
            text += digits[byte >> 4U];
            text += digits[byte & 15U];
        }
    }
    return mode == OpenMode::Immutable ? text + "?immutable=1" : text;
}

} // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const
{
    sqlite3_finalize(statement);
}

Statement::Statement(sqlite3* database, std::string file, std::string_view sql)
    : m_database(database)
    , m_file(std::move(file))
{
    sqlite3_stmt* statement = nullptr;
    const int code =
        sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
    m_statement.reset(statement);
    if (code != SQLITE_OK)
        fail(database, code, m_file);
}

bool Statement::step()
{
    const int code = sqlite3_step(m_statement.get());
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        fail(m_database, sqlite3_extended_errcode(m_database), m_file);
    return code == SQLITE_ROW;
}

std::int64_t Statement::integer(int column) const
{
    return sqlite3_column_int64(m_statement.get(), column);
}

std::string Statement::bytes(int column) const
{
    const void* data = sqlite3_column_blob(m_statement.get(), column);
    const int size = sqlite3_column_bytes(m_statement.get(), column);
    return data ? std::string(static_cast<const char*>(data), static_cast<std::size_t>(size)) : std::string();
}

void Statement::bind(int index, std::int64_t value)
{
    if (const int code = sqlite3_bind_int64(m_statement.get(), index, value); code != SQLITE_OK)
        fail(m_database, code, m_file);
}

void Statement::bind(int index, std::string_view text)
{
    const int code = sqlite3_bind_text64(m_statement.get(), index, text.empty() ? "" : text.data(),
                                         text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    if (code != SQLITE_OK)
        fail(m_database, code, m_file);
}

void Statement::bind(int index, Blob blob)
{
    const int code =
        sqlite3_bind_blob64(m_statement.get(), index, blob.bytes.empty() ? "" : blob.bytes.data(),
                            blob.bytes.size(), SQLITE_TRANSIENT);
    if (code != SQLITE_OK)
        fail(m_database, code, m_file);
}

void Statement::reset()
{
    sqlite3_reset(m_statement.get());
}

void Database::Close::operator()(sqlite3* database) const
{
    sqlite3_close(database);
}

Database::Database(const std::filesystem::path& file, OpenMode mode)
    : m_file(file.string())
{
    int flags = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX;
    if (mode == OpenMode::Create)
        flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    else
        flags |= mode == OpenMode::ReadWrite ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
    sqlite3* database = nullptr;
    const int code = sqlite3_open_v2(uri(file, mode).c_str(), &database, flags, nullptr);
    m_database.reset(database);
    if (code != SQLITE_OK)
        fail(database, code, m_file);
    sqlite3_extended_result_codes(database, 1);
    sqlite3_busy_timeout(database, busyMilliseconds);
    execute("PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF");
}

void Database::execute(const char* sql)
{
    if (const int code = sqlite3_exec(m_database.get(), sql, nullptr, nullptr, nullptr); code != SQLITE_OK)
        fail(m_database.get(), code, m_file);
}

Statement Database::prepare(std::string_view sql) const
{
    return {m_database.get(), m_file, sql};
}

std::int64_t Database::integer(std::string_view sql) const
{
    Statement statement = prepare(sql);
    return statement.step() ? statement.integer(0) : 0;
}

Transaction::Transaction(Database& database, Kind kind)
    : m_database(database)
{
    m_database.execute(kind == Kind::Write ? "BEGIN IMMEDIATE" : "BEGIN");
}

Transaction::~Transaction()
{
    if (!m_open)
        return;
    try {
        m_database.execute("ROLLBACK");
    } catch (const Error&) { // SQLite has undone it by itself, as it does on a full disk
    }
}

void Transaction::commit()
{
    m_database.execute("COMMIT");
    m_open = false;
}

} // namespace graft::store
