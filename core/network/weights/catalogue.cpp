#include "core/network/weights/catalogue.h"

#include "core/base/error.h"
#include "core/network/weights/embedded.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <vector>

namespace graft::network {

namespace {

using nlohmann::json;

Interpolation parseInterpolation(const std::string& name)
{
    if (name == "bilinear")
        return Interpolation::Bilinear;
    if (name == "bicubic")
        return Interpolation::Bicubic;
    throw Error("weights.json", "there is no interpolation " + name, "Write bilinear or bicubic.");
}

PreprocessSpec parsePreprocess(const json& item)
{
    if (item.at("colours") != "RGB") // PreprocessSpec knows no other order
        throw Error("weights.json", "the colour order is not RGB", "Turn mean, std and the weights around.");
    return {.resize = item.at("resize").get<int>(),
            .crop = item.at("crop").get<int>(),
            .interpolation = parseInterpolation(item.at("interpolation").get<std::string>()),
            .mean = item.at("mean").get<std::array<float, 3>>(),
            .std = item.at("std").get<std::array<float, 3>>()};
}

std::vector<WeightsEntry> parseCatalogue()
{
    std::vector<WeightsEntry> list;
    for (const auto& item : json::parse(embedded::weightsJson())) {
        const auto text = [&](const char* key) { return item.at(key).get<std::string>(); };
        const bool inPackage = item.contains("package");
        list.push_back({.id = text("id"),
                        .backbone = text("backbone"),
                        .title = text("title"),
                        .recipe = text("recipe"),
                        .fileName = text("file"),
                        .bytes = item.at("bytes").get<std::int64_t>(),
                        .bytesApproximate = item.at("bytes_approximate").get<bool>(),
                        .sha256 = text("sha256"),
                        .addresses = item.at("addresses").get<std::vector<std::string>>(),
                        .package = inPackage ? text("package") : std::string(),
                        .member = inPackage ? text("member") : std::string(),
                        .packageBytes = inPackage ? item.at("package_bytes").get<std::int64_t>() : 0,
                        .packageSha256 = inPackage ? text("package_sha256") : std::string(),
                        .preprocess = parsePreprocess(item.at("preprocess")),
                        .top1 = item.at("top1").get<double>(),
                        .licence = text("licence"),
                        .terms = text("terms")});
    }
    return list;
}

[[noreturn]] void noSuchWeights(std::string_view id)
{
    std::string known;
    for (const WeightsEntry& entry : weightsCatalogue())
        known += " " + entry.id;
    throw Error(std::string(id), "there are no known weights of this name", "Choose one of:" + known + ".");
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

std::int64_t WeightsEntry::tolerance() const
{
    constexpr std::int64_t rounding = 5243; // half of 0.01 MiB
    return bytesApproximate ? rounding : 0;
}

bool WeightsEntry::hasSize(std::int64_t size) const
{
    return std::abs(size - bytes) <= tolerance();
}

const WeightsEntry& weightsEntry(std::string_view id)
{
    const auto list = weightsCatalogue();
    const auto found = std::ranges::find(list, id, &WeightsEntry::id);
    if (found == list.end())
        noSuchWeights(id);
    return *found;
}

std::span<const WeightsEntry> weightsEntries(std::string_view id)
{
    const auto list = weightsCatalogue();
    if (const auto exact = std::ranges::find(list, id, &WeightsEntry::id); exact != list.end())
        return {exact, exact + 1};
    const auto first = std::ranges::find(list, id, &WeightsEntry::backbone);
    if (first == list.end())
        noSuchWeights(id);
    const auto last =
        std::find_if(first, list.end(), [&](const WeightsEntry& e) { return e.backbone != id; });
    return {first, last};
}

std::string_view backboneOfWeights(std::string_view id)
{
    return id.substr(0, id.find(':'));
}

std::span<const std::string> imagenetLabels()
{
    static const auto labels = parseLabels();
    return labels;
}

} // namespace graft::network
