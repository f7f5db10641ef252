#pragma once
#include <stdexcept>
#include <string>

namespace graft {

/// The one exception of core. Its text is one message a person can act on, shown unchanged by window and
/// command line: what it concerns, what happened, what to do next. The three parts are kept apart for places
/// that show them apart.
class Error : public std::runtime_error
{
public:
    Error(const std::string& subject, const std::string& happened, const std::string& next)
        : std::runtime_error(subject + ": " + happened + ". " + next)
        , m_subject(subject)
        , m_happened(happened)
        , m_next(next)
    {
    }

    const std::string& subject() const { return m_subject; }

    const std::string& happened() const { return m_happened; }

    const std::string& next() const { return m_next; }

private:
    std::string m_subject;
    std::string m_happened;
    std::string m_next;
};

/// Thrown by work that a person stopped and that has nothing to hand over. Work that keeps what is done
/// returns instead. Not an Error: nothing went wrong.
class Stopped : public std::exception
{
public:
    const char* what() const noexcept override { return "stopped"; }
};

} // namespace graft
