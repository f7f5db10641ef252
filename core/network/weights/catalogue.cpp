#include "core/network/weights/catalogue.h"

#include "core/base/error.h"
#include "core/network/weights/embedded.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

namespace graft::network {

namespace {

std::vector<WeightsEntry> parseCatalogue()
{
    std::vector<WeightsEntry> list;
    for (const auto& item : nlohmann::json::parse(embedded::weightsJson())) {
        const auto text = [&](const char* key) { return item.at(key).get<std::string>(); };
        list.push_back({.id = text("id"),
                        .title = text("title"),
                        .fileName = text("file"),
                        .bytes = item.at("bytes").get<std::int64_t>(),
                        .sha256 = text("sha256"),
                        .package = text("package"),
                        .member = text("member"),
                        .licence = text("licence"),
                        .note = text("note"),
                        .top1 = item.at("top1").get<double>()});
    }
    return list;
}

/// The third column of each line after the first.
std::vector<std::string> parseLabels()
{
    std::vector<std::string> labels;
    std::string_view rest = embedded::imagenetClassesTsv();
    const auto nextLine = [&] {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        const std::string_view line = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        return line;
    };
    nextLine();
    while (!rest.empty()) {
        const std::string_view line = nextLine();
        labels.emplace_back(line.substr(line.rfind('\t') + 1));
    }
    return labels;
}

} // namespace

std::span<const WeightsEntry> weightsCatalogue()
{
    static const auto list = parseCatalogue();
    return list;
}

const WeightsEntry& weightsEntry(std::string_view id)
{
    const auto list = weightsCatalogue();
    const auto found = std::ranges::find(list, id, &WeightsEntry::id);
    if (found != list.end())
        return *found;
    std::string known;
    for (const WeightsEntry& entry : list)
        known += " " + entry.id;
    throw Error(std::string(id), "there are no known weights of this name", "Choose one of:" + known + ".");
}

std::span<const std::string> imagenetLabels()
{
    static const auto labels = parseLabels();
    return labels;
}

} // namespace graft::network
