#include "core/learn/inside/json_members.h"

#include "core/base/error.h"

#include <limits>

namespace graft::learn {

using nlohmann::json;

void reject(const std::string& subject, const std::string& happened)
{
    throw Error(subject, happened,
                "The file is damaged or was made by another program: use another copy of it.");
}

std::string dump(const json& value)
{
    return value.dump(-1, ' ', true, json::error_handler_t::replace);
}

json parseAs(json::value_t type, const char* what, std::string_view text)
{
    json value = json::parse(text, nullptr, false);
    if (value.type() != type)
        reject(what, "is not the JSON that it should be");
    return value;
}

const json* member(const json& object, const char* key)
{
    const auto found = object.find(key);
    return found == object.end() ? nullptr : &*found;
}

void read(const json& object, const char* key, std::string& into)
{
    if (const json* value = member(object, key)) {
        if (!value->is_string())
            reject(key, "is no text");
        into = value->get<std::string>();
    }
}

void read(const json& object, const char* key, bool& into)
{
    if (const json* value = member(object, key)) {
        if (!value->is_boolean())
            reject(key, "is neither true nor false");
        into = value->get<bool>();
    }
}

void read(const json& object, const char* key, double& into)
{
    if (const json* value = member(object, key)) {
        if (!value->is_number())
            reject(key, "is no number");
        into = value->get<double>();
    }
}

void read(const json& object, const char* key, std::uint64_t& into)
{
    if (const json* value = member(object, key)) {
        if (!value->is_number_unsigned())
            reject(key, "is no whole number from 0");
        into = value->get<std::uint64_t>();
    }
}

void read(const json& object, const char* key, std::int64_t& into)
{
    std::uint64_t number = static_cast<std::uint64_t>(into);
    read(object, key, number);
    if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        reject(key, "is too large");
    into = static_cast<std::int64_t>(number);
}

void read(const json& object, const char* key, int& into, std::int64_t lowest)
{
    const json* value = member(object, key);
    if (!value)
        return;
    if (!value->is_number_integer())
        reject(key, "is no whole number");
    constexpr auto largest = static_cast<std::uint64_t>(std::numeric_limits<int>::max());
    if (value->is_number_unsigned() && value->get<std::uint64_t>() > largest)
        reject(key, "is too large");
    if (value->get<std::int64_t>() < lowest)
        reject(key, "is too small");
    into = value->get<int>();
}

} // namespace graft::learn
