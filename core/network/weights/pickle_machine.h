#pragma once
#include "core/network/weights/pickle.h"

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace graft::network::pickle {

/// The stack machine that a pickle is a program for.
class Machine
{
public:
    Machine(std::string_view bytes, const std::string& file)
        : m_bytes(bytes)
        , m_file(file)
    {
    }

    Document run();

private:
    bool step(); ///< false after the last opcode

    // Errors.
    [[noreturn]] void damaged(const std::string& happened) const;
    [[noreturn]] void refuse(const std::string& wish) const;
    void require(bool holds, const char* otherwise) const;

    void spend(std::size_t values);

    // The bytes.
    std::string_view take(std::size_t count);
    std::string_view line();
    template <class T>
    T number();
    std::int64_t longInteger();

    // The stack and the memo. What handles an opcode returns true, so that a switch can tell it is done.
    bool push(Value value);
    Index pop();
    Sequence popCount(std::size_t count);
    std::vector<Index> popToMark();
    bool remember(std::uint32_t key);
    bool recall(std::uint32_t key);
    template <class T>
    T& top(const char* otherwise);
    template <class T>
    const T& get(Index index, const char* otherwise) const;
    std::vector<std::int64_t> integers(Index index) const;

    // What the opcodes ask for.
    bool pushesValue(char opcode); ///< false when it is none of these
    bool usesValues(char opcode); ///< false when it is none of these
    bool append(const std::vector<Index>& items);
    bool setItems(const std::vector<Index>& items);
    bool global();
    bool reduce();
    bool build();
    bool persistent();
    Dict orderedDict(const Sequence& arguments);
    Value rebuildTensor(const Sequence& arguments) const;

    std::string_view m_bytes;
    const std::string& m_file;
    std::size_t m_at = 0;
    std::size_t m_spent = 0;
    std::vector<Index> m_stack;
    std::unordered_map<std::uint32_t, Index> m_memo;
    Document m_document;
};

template <class T>
const T& Machine::get(Index index, const char* otherwise) const
{
    const T* value = m_document.as<T>(index);
    require(value != nullptr, otherwise);
    return *value;
}

} // namespace graft::network::pickle
