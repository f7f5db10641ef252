#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace graft::store {

/// Bytes of any kind, such as a file's name.
struct Blob {
    std::string_view bytes;
};

/// A prepared statement. Its parameters are numbered from 1, its columns from 0. Every function throws Error.
class Statement
{
public:
    Statement(sqlite3* database, std::string file, std::string_view sql);

    /// Binds all parameters and runs a statement that gives no rows.
    template <class... Values>
    void run(const Values&... values)
    {
        query(values...);
        step();
        reset();
    }

    /// Binds all parameters; rows come from step().
    template <class... Values>
    Statement& query(const Values&... values)
    {
        reset();
        int index = 0;
        (bind(++index, values), ...);
        return *this;
    }

    bool step(); ///< true: there is a row to read
    std::int64_t integer(int column) const;
    std::string bytes(int column) const; ///< of a text or blob; empty for NULL

private:
    void bind(int index, std::int64_t value);
    void bind(int index, std::string_view text);
    void bind(int index, Blob blob);
    void reset();

    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };

    sqlite3* m_database;
    std::string m_file; ///< for messages
    std::unique_ptr<sqlite3_stmt, Finalize> m_statement;
};

enum class OpenMode {
    Create,
    ReadWrite,
    ReadOnly,
    Immutable, ///< on a disk that nobody can write to: no lock and no side file
};

/// An SQLite database. One thread at a time. Every function throws Error; a damaged file, a full disk and a
/// missing right each have their own sentence.
class Database
{
public:
    Database(const std::filesystem::path& file, OpenMode mode);

    void execute(const char* sql); ///< several statements without parameters
    Statement prepare(std::string_view sql) const;
    std::int64_t
    integer(std::string_view sql) const; ///< first column of the first row, 0 where there is none

private:
    struct Close {
        void operator()(sqlite3* database) const;
    };

    std::string m_file;
    std::unique_ptr<sqlite3, Close> m_database;
};

/// Everything until commit() happens together or not at all. Where commit() is not reached it is undone.
class Transaction
{
public:
    enum class Kind { Read, Write };

    Transaction(Database& database, Kind kind);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    void commit();

private:
    Database& m_database;
    bool m_open = true;
};

} // namespace graft::store
