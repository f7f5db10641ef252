#pragma once
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace graft::learn {

// What the files of this room that read and write JSON share.

/// Throws Error: `subject` is the key, or what the text is.
[[noreturn]] void reject(const std::string& subject, const std::string& happened);

/// One line of ASCII; bytes that are no UTF-8 become U+FFFD.
std::string dump(const nlohmann::json& value);

/// Throws Error where the text is no JSON of that type.
nlohmann::json parseAs(nlohmann::json::value_t type, const char* what, std::string_view text);

/// Null where the key is missing.
const nlohmann::json* member(const nlohmann::json& object, const char* key);

// Each leaves `into` as it is where the key is missing, and throws Error that names the key where the value
// has another type or is out of range. Whole numbers are 0 or more where nothing else is said.
void read(const nlohmann::json& object, const char* key, std::string& into);
void read(const nlohmann::json& object, const char* key, bool& into);
void read(const nlohmann::json& object, const char* key, double& into);
void read(const nlohmann::json& object, const char* key, std::uint64_t& into);
void read(const nlohmann::json& object, const char* key, std::int64_t& into);
void read(const nlohmann::json& object, const char* key, int& into, std::int64_t lowest = 0);

/// A list of what `to` makes of each item.
template <typename T, typename To>
nlohmann::json list(const std::vector<T>& items, const To& to)
{
    nlohmann::json array = nlohmann::json::array();
    for (const T& item : items)
        array.push_back(to(item));
    return array;
}

/// Appends what `from` makes of each item of a list of objects.
template <typename T, typename From>
void readList(const nlohmann::json& object, const char* key, std::vector<T>& into, const From& from)
{
    const nlohmann::json* items = member(object, key);
    if (!items)
        return;
    if (!items->is_array())
        reject(key, "is no list");
    for (const nlohmann::json& item : *items) {
        if (!item.is_object())
            reject(key, "holds something else than objects");
        into.push_back(from(item));
    }
}

} // namespace graft::learn
