#include "core/base/error.h"
#include "core/network/weights/pickle_machine.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace graft::network::pickle {

namespace {

/// A network of 300 tensors takes about 11,000 opcodes. Each makes at most one value, so this bounds memory.
constexpr std::size_t maxValues = 200'000;

} // namespace

void Machine::damaged(const std::string& happened) const
{
    throw Error(m_file, "is damaged: " + happened + " (byte " + std::to_string(m_at) + " of its table)",
                "Fetch the file again.");
}

void Machine::refuse(const std::string& wish) const
{
    throw Error(m_file,
                "asks for " + wish
                    + ", which plain weights do not need, so it was refused; nothing in the file was run",
                "Save the network's state_dict with PyTorch, or get the file from its official source.");
}

void Machine::require(bool holds, const char* otherwise) const
{
    if (!holds)
        damaged(otherwise);
}

void Machine::spend(std::size_t values)
{
    m_spent += values;
    if (m_spent > maxValues)
        refuse("more than " + std::to_string(maxValues) + " values");
}

std::string_view Machine::take(std::size_t count)
{
    require(count <= m_bytes.size() - m_at, "it ends in the middle of a value");
    const std::string_view taken = m_bytes.substr(m_at, count);
    m_at += count;
    return taken;
}

std::string_view Machine::line()
{
    const std::size_t end = m_bytes.find('\n', m_at);
    require(end != std::string_view::npos, "it ends in the middle of a name");
    const std::string_view text = take(end - m_at);
    take(1);
    return text;
}

template <class T>
T Machine::number()
{
    T value;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
}

/// Little-endian two's complement of any length up to 8 bytes.
std::int64_t Machine::longInteger()
{
    const std::string_view digits = take(number<std::uint8_t>());
    require(digits.size() <= sizeof(std::int64_t), "a number is too large");
    std::uint64_t value = !digits.empty() && (digits.back() & 0x80) != 0 ? ~std::uint64_t {0} : 0;
    std::memcpy(&value, digits.data(), digits.size());
    return std::bit_cast<std::int64_t>(value);
}

bool Machine::push(Value value)
{
    m_stack.push_back(static_cast<Index>(m_document.values.size()));
    m_document.values.push_back(std::move(value));
    return true;
}

Index Machine::pop()
{
    require(!m_stack.empty(), "a value is missing");
    const Index index = m_stack.back();
    m_stack.pop_back();
    require(!m_document.as<Mark>(index), "a value is missing");
    return index;
}

Sequence Machine::popCount(std::size_t count)
{
    Sequence sequence {std::vector<Index>(count)};
    for (std::size_t i = count; i > 0; --i)
        sequence.items[i - 1] = pop();
    return sequence;
}

std::vector<Index> Machine::popToMark()
{
    const auto mark = std::find_if(m_stack.rbegin(), m_stack.rend(),
                                   [&](Index index) { return m_document.as<Mark>(index) != nullptr; });
    require(mark != m_stack.rend(), "a list has no beginning");
    std::vector<Index> items(mark.base(), m_stack.end());
    m_stack.erase(mark.base() - 1, m_stack.end());
    return items;
}

bool Machine::remember(std::uint32_t key)
{
    require(!m_stack.empty() && !m_document.as<Mark>(m_stack.back()), "a value is missing");
    m_memo[key] = m_stack.back();
    return true;
}

bool Machine::recall(std::uint32_t key)
{
    const auto found = m_memo.find(key);
    require(found != m_memo.end(), "it refers to a value that it has not named");
    m_stack.push_back(found->second);
    return true;
}

template <class T>
T& Machine::top(const char* otherwise)
{
    require(!m_stack.empty(), otherwise);
    T* value = std::get_if<T>(&m_document.values[m_stack.back()]);
    require(value != nullptr, otherwise);
    return *value;
}

bool Machine::append(const std::vector<Index>& items)
{
    auto& list = top<Sequence>("something is appended to no list").items;
    list.insert(list.end(), items.begin(), items.end());
    return true;
}

bool Machine::setItems(const std::vector<Index>& items)
{
    require(items.size() % 2 == 0, "a dictionary's key has no value");
    auto& dict = top<Dict>("something else is filled where a dictionary should be");
    for (std::size_t i = 0; i < items.size(); i += 2)
        dict.items.emplace_back(items[i], items[i + 1]);
    return true;
}

bool Machine::pushesValue(char opcode)
{
    switch (opcode) {
    case '(':
        return push(Mark {});
    case 'N':
        return push(None {});
    case '\x88': // NEWTRUE
    case '\x89': // NEWFALSE
        return push(opcode == '\x88');
    case 'K': // BININT1
        return push(std::int64_t {number<std::uint8_t>()});
    case 'M': // BININT2
        return push(std::int64_t {number<std::uint16_t>()});
    case 'J': // BININT
        return push(std::int64_t {number<std::int32_t>()});
    case '\x8a': // LONG1
        return push(longInteger());
    case 'G': // BINFLOAT, the one big-endian value
        return push(std::bit_cast<double>(__builtin_bswap64(number<std::uint64_t>())));
    case 'X': // BINUNICODE
    case 'T': // BINSTRING, from Python 2
        return push(take(number<std::uint32_t>()));
    case 'U': // SHORT_BINSTRING
        return push(take(number<std::uint8_t>()));
    case ')': // EMPTY_TUPLE
    case ']': // EMPTY_LIST
        return push(Sequence {});
    case '}': // EMPTY_DICT
        return push(Dict {});
    case '\x85': // TUPLE1, TUPLE2, TUPLE3
    case '\x86':
    case '\x87':
        return push(popCount(static_cast<std::size_t>(opcode - '\x85') + 1));
    case 't': // TUPLE
        return push(Sequence {popToMark()});
    case 'h': // BINGET
        return recall(number<std::uint8_t>());
    case 'j': // LONG_BINGET
        return recall(number<std::uint32_t>());
    default:
        return false;
    }
}

bool Machine::usesValues(char opcode)
{
    switch (opcode) {
    case '\x80': // PROTO
        if (const int protocol = number<std::uint8_t>(); protocol != 2)
            refuse("pickle protocol " + std::to_string(protocol));
        return true;
    case 'q': // BINPUT
        return remember(number<std::uint8_t>());
    case 'r': // LONG_BINPUT
        return remember(number<std::uint32_t>());
    case 'a': // APPEND
        return append({pop()});
    case 'e': // APPENDS
        return append(popToMark());
    case 's': { // SETITEM
        const auto pair = popCount(2);
        return setItems(pair.items);
    }
    case 'u': // SETITEMS
        return setItems(popToMark());
    case 'c': // GLOBAL
        return global();
    case 'R': // REDUCE
    case '\x81': // NEWOBJ: the same here, since the only class is Parameter
        return reduce();
    case 'b': // BUILD
        return build();
    case 'Q': // BINPERSID
        return persistent();
    default:
        return false;
    }
}

bool Machine::step()
{
    const char opcode = take(1).front();
    if (opcode == '.') {
        m_document.root = pop();
        return false;
    }
    if (pushesValue(opcode) || usesValues(opcode))
        return true;
    constexpr std::string_view digits = "0123456789abcdef";
    const auto code = static_cast<unsigned char>(opcode);
    refuse(std::string("pickle opcode 0x") + digits[code >> 4U] + digits[code & 15U] + " (byte "
           + std::to_string(m_at - 1) + " of its table)");
}

Document Machine::run()
{
    while (step())
        spend(1);
    m_document.length = m_at;
    return std::move(m_document);
}

Document parse(std::string_view bytes, const std::string& file)
{
    return Machine(bytes, file).run();
}

} // namespace graft::network::pickle
