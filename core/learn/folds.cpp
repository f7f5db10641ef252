#include "core/learn/folds.h"

#include "core/base/error.h"
#include "core/base/random.h"

#include <map>

namespace graft::learn {

namespace {

constexpr std::uint32_t foldDraws = 2; // DrawKey::op of the order of the groups

/// Groups of rows, by class of their first row.
using Groups = std::map<std::int64_t, std::vector<std::vector<std::size_t>>>;

Groups groupsByClass(const LabelledFeatures& features)
{
    std::map<std::int64_t, std::vector<std::size_t>> together;
    for (std::size_t row = 0; row < features.labels.size(); ++row)
        together[features.groups.empty() ? static_cast<std::int64_t>(row) : features.groups[row]].push_back(
            row);
    Groups groups;
    for (auto& [group, rows] : together) {
        const std::int64_t label = features.labels[rows.front()];
        groups[label].push_back(std::move(rows));
    }
    return groups;
}

} // namespace

std::vector<int> stratifiedFolds(const LabelledFeatures& features, int folds, std::uint64_t seed)
{
    Groups groups = groupsByClass(features);
    std::size_t count = 0;
    for (const auto& [label, own] : groups)
        count += own.size();
    if (folds < 2 || count < static_cast<std::size_t>(folds))
        throw Error("cross-validation",
                    "cannot part " + std::to_string(count) + " pictures into " + std::to_string(folds)
                        + " folds",
                    "Add pictures.");
    std::vector<int> result(features.labels.size());
    std::size_t next = 0; // goes on from class to class, so that all folds are about the same size
    for (auto& [label, own] : groups) {
        Draws draws({seed, static_cast<std::uint32_t>(label), 0, foldDraws});
        for (std::size_t i = own.size(); i > 1; --i) // Fisher and Yates
            std::swap(own[i - 1], own[static_cast<std::size_t>(draws.uniform() * static_cast<double>(i))]);
        for (const auto& rows : own) {
            for (const std::size_t row : rows)
                result[row] = static_cast<int>(next % static_cast<std::size_t>(folds));
            ++next;
        }
    }
    return result;
}

LabelledFeatures selectRows(const LabelledFeatures& features, const std::vector<std::size_t>& rows)
{
    const auto channels = static_cast<std::size_t>(features.channels);
    LabelledFeatures chosen;
    chosen.channels = features.channels;
    chosen.values.reserve(rows.size() * channels);
    for (const std::size_t row : rows) {
        const auto begin = features.values.begin() + static_cast<std::ptrdiff_t>(row * channels);
        chosen.values.insert(chosen.values.end(), begin, begin + features.channels);
        chosen.labels.push_back(features.labels[row]);
        if (!features.groups.empty())
            chosen.groups.push_back(features.groups[row]);
        if (!features.augmented.empty())
            chosen.augmented.push_back(features.augmented[row]);
    }
    return chosen;
}

Fold foldRows(const LabelledFeatures& features, const std::vector<int>& folds, int fold)
{
    Fold rows;
    for (std::size_t row = 0; row < folds.size(); ++row) {
        if (folds[row] != fold)
            rows.training.push_back(row);
        else if (features.augmented.empty() || !features.augmented[row])
            rows.test.push_back(row);
    }
    return rows;
}

} // namespace graft::learn
