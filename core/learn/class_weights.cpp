#include "core/learn/class_weights.h"

#include "core/base/error.h"

#include <algorithm>
#include <string>

namespace graft::learn {

std::vector<double> classWeights(std::span<const std::int64_t> labels, int classes, std::string_view wish)
{
    if (wish != "auto" && wish != "none" && wish != "balanced")
        throw Error("class weights", "'" + std::string(wish) + "' is not known",
                    "Choose auto, none or balanced.");
    if (wish == "none" || labels.empty())
        return {};
    std::vector<double> counts(static_cast<std::size_t>(classes));
    for (const std::int64_t label : labels)
        counts[static_cast<std::size_t>(label)] += 1.0;
    double smallest = static_cast<double>(labels.size());
    double present = 0.0;
    for (const double count : counts) {
        if (count > 0.0) {
            smallest = std::min(smallest, count);
            present += 1.0;
        }
    }
    constexpr double unequal = 1.5;
    if (wish == "auto" && std::ranges::max(counts) <= unequal * smallest)
        return {};
    for (double& count : counts)
        count = count > 0.0 ? static_cast<double>(labels.size()) / (present * count) : 1.0;
    return counts;
}

} // namespace graft::learn
