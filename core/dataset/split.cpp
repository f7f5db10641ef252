#include "core/dataset/split.h"

#include "core/base/error.h"
#include "core/base/random.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <tuple>

namespace graft::dataset {

namespace {

constexpr std::size_t sideCount = 3;
/// Where a spare picture goes first: learning needs it most, then the last measurement.
constexpr std::array<Side, sideCount> bySpare {Side::Training, Side::Test, Side::Validation};

using Sides = std::array<int, sideCount>;

constexpr std::size_t index(Side side)
{
    return static_cast<std::size_t>(side);
}

/// Pictures that go to one side together.
struct Group {
    std::vector<std::size_t> members;
    std::map<int, int> perClass; ///< pictures of each label
    std::string content; ///< the smallest SHA-256 of its pictures: the same wherever and in whatever order
    std::optional<Side> side;
    bool fixed = false; ///< its side is known from before

    int home() const ///< the label that most of its pictures have
    {
        return std::ranges::max_element(perClass, {}, [](const auto& entry) { return entry.second; })->first;
    }
};

/// A draw in [0, 1) that depends on the seed and the group's content alone.
double drawFor(const Group& group, std::uint64_t seed)
{
    const auto word = [&](std::size_t at) {
        const std::string digits =
            group.content.size() >= at + 8 ? group.content.substr(at, 8) : std::string();
        return static_cast<std::uint32_t>(std::strtoul(digits.c_str(), nullptr, 16));
    };
    return Draws({seed, word(0), word(8), word(16)}).uniform();
}

/// Shares of `pictures` by largest remainder; at least one for each wanted side where `groups` allow it.
Sides targetsOf(int pictures, int groups, const std::array<int, 3>& percent)
{
    Sides targets {};
    for (std::size_t i = 0; i < sideCount; ++i)
        targets[i] = pictures * percent[i] / 100;
    std::array<Side, sideCount> order = bySpare;
    std::ranges::stable_sort(order, std::ranges::greater(),
                             [&](Side side) { return pictures * percent[index(side)] % 100; });
    const int spare = pictures - std::accumulate(targets.begin(), targets.end(), 0);
    for (std::size_t i = 0; i < static_cast<std::size_t>(spare); ++i)
        ++targets[index(order[i])];
    if (groups < static_cast<int>(sideCount))
        return targets;
    for (const Side side : bySpare) {
        if (percent[index(side)] > 0 && targets[index(side)] == 0) {
            --*std::ranges::max_element(targets);
            ++targets[index(side)];
        }
    }
    return targets;
}

class Splitter
{
public:
    Splitter(const Dataset& dataset, const SplitOptions& options)
        : m_options(options)
        , m_left(dataset.classes.size())
        , m_byClass(dataset.classes.size())
    {
        std::map<int, std::size_t> numbers;
        for (std::size_t i = 0; i < dataset.pictures.size(); ++i) {
            const Picture& picture = dataset.pictures[i];
            const auto [entry, isNew] = numbers.emplace(picture.group, m_groups.size());
            if (isNew)
                m_groups.emplace_back();
            Group& group = m_groups[entry->second];
            group.members.push_back(i);
            ++group.perClass[picture.label];
            if (group.content.empty() || picture.sha256 < group.content)
                group.content = picture.sha256;
        }
    }

    /// Sides of groups with pictures in `known`: where most of those are.
    void fix(const Dataset& dataset, const std::map<std::string, Side>& known)
    {
        for (auto& group : m_groups) {
            Sides votes {};
            for (const std::size_t i : group.members) {
                if (const auto entry = known.find(dataset.pictures[i].sha256); entry != known.end())
                    ++votes[index(entry->second)];
            }
            const Side most =
                *std::ranges::max_element(bySpare, {}, [&](Side side) { return votes[index(side)]; });
            group.fixed = votes[index(most)] > 0;
            if (group.fixed)
                group.side = most;
        }
    }

    void run()
    {
        // Large groups first, while there is room; among equals in an order that only the content decides.
        std::vector<std::tuple<std::size_t, double, Group*>> drawn;
        for (auto& group : m_groups)
            drawn.emplace_back(group.members.size(), drawFor(group, m_options.seed), &group);
        std::ranges::sort(drawn, [](const auto& a, const auto& b) {
            return std::make_tuple(std::get<0>(b), std::get<1>(a), std::get<2>(a)->content)
                < std::make_tuple(std::get<0>(a), std::get<1>(b), std::get<2>(b)->content);
        });
        for (const auto& [size, draw, group] : drawn) {
            for (const auto& [label, count] : group->perClass)
                m_byClass[static_cast<std::size_t>(label)].push_back(group);
        }
        countLeft();
        // Groups with pictures of several classes bind both, so they choose before the others.
        for (const bool mixed : {true, false}) {
            for (const auto& [size, draw, group] : drawn) {
                if (!group->side && (group->perClass.size() > 1) == mixed)
                    place(*group, draw);
            }
        }
        for (const auto& groups : m_byClass)
            fillEmptySides(groups);
    }

    void write(Dataset& dataset) const
    {
        for (const auto& group : m_groups) {
            for (const std::size_t i : group.members)
                dataset.pictures[i].side = group.side.value_or(Side::Training);
        }
    }

private:
    void countLeft()
    {
        for (std::size_t label = 0; label < m_byClass.size(); ++label) {
            int pictures = 0;
            for (const Group* group : m_byClass[label])
                pictures += group->perClass.at(static_cast<int>(label));
            m_left[label] = targetsOf(pictures, static_cast<int>(m_byClass[label].size()), m_options.percent);
        }
        for (const auto& group : m_groups) {
            if (group.side)
                take(group);
        }
    }

    void take(const Group& group)
    {
        for (const auto& [label, count] : group.perClass)
            m_left[static_cast<std::size_t>(label)][index(*group.side)] -= count;
    }

    /// A side with room, more likely the one with more of it; where none has room, the one that lacks most.
    void place(Group& group, double draw)
    {
        const int home = group.home();
        const Sides& left = m_left[static_cast<std::size_t>(home)];
        const auto room = [&](Side side) {
            return left[index(side)] >= group.perClass.at(home) ? left[index(side)] : 0;
        };
        double at = draw * (room(Side::Training) + room(Side::Test) + room(Side::Validation));
        group.side = *std::ranges::max_element(bySpare, {}, [&](Side side) { return left[index(side)]; });
        for (const Side side : bySpare) {
            if (at < room(side)) {
                group.side = side;
                break;
            }
            at -= room(side);
        }
        take(group);
    }

    /// The promises to small classes: see split().
    void fillEmptySides(const std::vector<Group*>& groups)
    {
        std::vector<Side> wanted;
        for (const Side side : bySpare) {
            if (m_options.percent[index(side)] > 0 && wanted.size() < groups.size())
                wanted.push_back(side);
        }
        for (const Side side : wanted) {
            std::array<int, sideCount> held {};
            for (const Group* group : groups)
                ++held[index(*group->side)];
            if (held[index(side)] > 0)
                continue;
            // The smallest that may move, from a side that keeps another or was not wanted; sorted by size.
            const auto movable = std::find_if(groups.rbegin(), groups.rend(), [&](const Group* group) {
                const bool needed =
                    held[index(*group->side)] < 2 && std::ranges::find(wanted, *group->side) != wanted.end();
                return !group->fixed && group->perClass.size() == 1 && !needed;
            });
            if (movable != groups.rend())
                (*movable)->side = side;
        }
    }

    const SplitOptions& m_options;
    std::vector<Group> m_groups;
    std::vector<Sides> m_left; ///< pictures that each class's sides still want
    std::vector<std::vector<Group*>> m_byClass;
};

} // namespace

void requireUsable(const SplitOptions& options)
{
    const auto& percent = options.percent;
    const bool negative = std::ranges::any_of(percent, [](int share) { return share < 0 || share > 100; });
    if (negative || percent[0] + percent[1] + percent[2] != 100)
        throw Error("The split", "is not three shares that sum to 100",
                    "Give the shares for training, validation and test, for example 70,15,15.");
    if (percent[0] < 1)
        throw Error("The split", "leaves nothing to learn from", "Give training a share of at least 1.");
}

void split(Dataset& dataset, const SplitOptions& options)
{
    splitKeeping(dataset, {}, options);
}

void splitKeeping(Dataset& dataset, const Dataset& before, const SplitOptions& options)
{
    requireUsable(options);
    std::map<std::string, Side> known;
    for (const auto& picture : before.pictures)
        known.emplace(picture.sha256, picture.side);
    Splitter splitter(dataset, options);
    splitter.fix(dataset, known);
    splitter.run();
    splitter.write(dataset);
    // A new picture may join what were two groups: each picture keeps the side on which it was before.
    for (auto& picture : dataset.pictures) {
        if (const auto entry = known.find(picture.sha256); entry != known.end())
            picture.side = entry->second;
    }
}

} // namespace graft::dataset
