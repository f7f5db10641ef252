#include "core/dataset/duplicates.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <map>
#include <numeric>

namespace graft::dataset {

namespace {

/// Bits of two perceptual hashes that may differ. Pairs that differ in more are never compared.
constexpr int mostHashBits = 7;
/// The index cuts a hash into pieces and tries each with one bit changed: 2 * pieces - 1 bits are always
/// found.
constexpr int pieces = 4;
constexpr int pieceBits = 64 / pieces;
static_assert(mostHashBits <= 2 * pieces - 1);

/// Standard deviation of grey values under which a picture has nothing to compare.
constexpr double leastContrast = 6.0;
constexpr double leastCorrelation = 0.985;
/// Mean absolute difference of the grey values once both have the same mean and contrast, relative to it.
constexpr double mostDifference = 0.12;

/// Sets that only grow together (Tarjan, 1975).
class Sets
{
public:
    explicit Sets(std::size_t count)
        : m_parent(count)
    {
        std::iota(m_parent.begin(), m_parent.end(), std::size_t {0});
    }

    std::size_t find(std::size_t i)
    {
        while (m_parent[i] != i) {
            m_parent[i] = m_parent[m_parent[i]];
            i = m_parent[i];
        }
        return i;
    }

    void join(std::size_t a, std::size_t b)
    {
        m_parent[std::max(find(a), find(b))] = std::min(find(a), find(b));
    }

private:
    std::vector<std::size_t> m_parent;
};

struct Moments {
    double mean = 0.0;
    double deviation = 0.0;
};

Moments momentsOf(std::span<const std::uint8_t> values)
{
    std::int64_t sum = 0;
    std::int64_t squares = 0;
    for (const int value : values) {
        sum += value;
        squares += value * value;
    }
    const auto count = static_cast<double>(values.size());
    const double mean = static_cast<double>(sum) / count;
    return {mean, std::sqrt(std::max(0.0, static_cast<double>(squares) / count - mean * mean))};
}

bool looksNearlySame(std::span<const std::uint8_t> a, const Moments& first, std::span<const std::uint8_t> b,
                     const Moments& second)
{
    if (first.deviation < leastContrast || second.deviation < leastContrast)
        return false;
    std::int64_t products = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        products += std::int32_t {a[i]} * b[i];
    const auto count = static_cast<double>(a.size());
    const double covariance = static_cast<double>(products) / count - first.mean * second.mean;
    if (covariance < leastCorrelation * first.deviation * second.deviation)
        return false;
    double difference = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i)
        difference +=
            std::abs((a[i] - first.mean) / first.deviation - (b[i] - second.mean) / second.deviation);
    return difference <= mostDifference * count;
}

/// Pictures by one piece of their hash.
class PieceIndex
{
public:
    PieceIndex(const std::vector<std::uint64_t>& hashes, int piece)
        : m_shift(static_cast<unsigned>(piece * pieceBits))
        , m_starts((std::size_t {1} << pieceBits) + 1)
        , m_items(hashes.size())
    {
        for (const std::uint64_t hash : hashes)
            ++m_starts[key(hash) + 1];
        std::partial_sum(m_starts.begin(), m_starts.end(), m_starts.begin());
        std::vector<std::uint32_t> next(m_starts.begin(), m_starts.end() - 1);
        for (std::uint32_t i = 0; i < hashes.size(); ++i)
            m_items[next[key(hashes[i])]++] = i;
    }

    std::size_t key(std::uint64_t hash) const { return (hash >> m_shift) & ((1U << pieceBits) - 1U); }

    std::span<const std::uint32_t> at(std::size_t key) const
    {
        return std::span(m_items).subspan(m_starts[key], m_starts[key + 1] - m_starts[key]);
    }

private:
    unsigned m_shift;
    std::vector<std::uint32_t> m_starts;
    std::vector<std::uint32_t> m_items;
};

/// Calls visit(i, j), j < i, for all pairs whose hashes differ in at most mostHashBits; some of them twice.
template <typename Visit>
void forEachNearPair(const std::vector<std::uint64_t>& hashes, const Visit& visit)
{
    for (int piece = 0; piece < pieces; ++piece) {
        const PieceIndex index(hashes, piece);
        for (std::size_t i = 0; i < hashes.size(); ++i) {
            const auto probe = [&](std::size_t key) {
                for (const std::size_t j : index.at(key)) {
                    if (j >= i)
                        break;
                    if (std::popcount(hashes[i] ^ hashes[j]) <= mostHashBits)
                        visit(i, j);
                }
            };
            const std::size_t key = index.key(hashes[i]);
            probe(key);
            for (int bit = 0; bit < pieceBits; ++bit)
                probe(key ^ (std::size_t {1} << bit));
        }
    }
}

using ByContent = std::map<std::string, std::vector<std::size_t>>;

ByContent groupByContent(const Dataset& dataset)
{
    ByContent groups;
    for (std::size_t i = 0; i < dataset.pictures.size(); ++i)
        groups[dataset.pictures[i].sha256].push_back(i);
    return groups;
}

Problem problemOf(const Dataset& dataset, ProblemKind kind, std::size_t i,
                  const std::vector<std::size_t>& others)
{
    const Picture& picture = dataset.pictures[i];
    Problem problem {kind, picture.path, dataset.classes[static_cast<std::size_t>(picture.label)],
                     {},   false,        {}};
    for (const std::size_t other : others) {
        if (other != i)
            problem.others.push_back(dataset.pictures[other].path);
    }
    return problem;
}

/// "IMG_1.jpg", "IMG_1.jpg and 2 others".
std::string nameOthers(const std::vector<std::filesystem::path>& others)
{
    std::string text = others.front().filename().string();
    if (others.size() > 1)
        text += " and " + std::to_string(others.size() - 1) + (others.size() == 2 ? " other" : " others");
    return text;
}

/// Takes pictures with contradicting labels out.
void removeContradictions(Dataset& dataset, std::vector<std::vector<std::uint8_t>>& signatures)
{
    std::vector<bool> out(dataset.pictures.size());
    for (const auto& [sha256, same] : groupByContent(dataset)) {
        const auto labelOf = [&](std::size_t i) { return dataset.pictures[i].label; };
        const auto other =
            std::ranges::find_if(same, [&](std::size_t i) { return labelOf(i) != labelOf(same[0]); });
        if (other == same.end())
            continue;
        const auto className = [&](std::size_t i) {
            return dataset.classes[static_cast<std::size_t>(labelOf(i))];
        };
        for (const std::size_t i : same) {
            const std::size_t contrary = labelOf(i) == labelOf(same[0]) ? *other : same[0];
            Problem problem = problemOf(dataset, ProblemKind::SameInTwoClasses, i, same);
            problem.skipped = true;
            problem.reason = dataset.pictures[i].path.filename().string() + " is in \"" + className(i)
                + "\", and the same picture is in \"" + className(contrary) + "\" as "
                + dataset.pictures[contrary].path.filename().string()
                + ". Neither is used: keep it in the class that is right.";
            dataset.problems.push_back(std::move(problem));
            out[i] = true;
        }
    }
    std::size_t kept = 0;
    for (std::size_t i = 0; i < out.size(); ++i) {
        if (out[i])
            continue;
        if (kept != i) {
            dataset.pictures[kept] = std::move(dataset.pictures[i]);
            signatures[kept] = std::move(signatures[i]);
        }
        ++kept;
    }
    dataset.pictures.resize(kept);
    signatures.resize(kept);
}

/// One picture of each content that has structure: the ones to compare.
std::vector<std::size_t> joinSameContent(Dataset& dataset,
                                         const std::vector<std::vector<std::uint8_t>>& signatures, Sets& sets)
{
    std::vector<std::size_t> different;
    for (const auto& [sha256, same] : groupByContent(dataset)) {
        for (const std::size_t i : std::span(same).subspan(1)) {
            sets.join(same[0], i);
            Problem problem = problemOf(dataset, ProblemKind::SameFileTwice, i, same);
            problem.reason = dataset.pictures[i].path.filename().string() + " is the same file as "
                + nameOthers(problem.others) + ". It is kept, and stays on one side of the split with it.";
            dataset.problems.push_back(std::move(problem));
        }
        const auto& values = signatures[same[0]];
        if (!values.empty() && momentsOf(values).deviation >= leastContrast)
            different.push_back(same[0]);
    }
    std::ranges::sort(different);
    return different;
}

void joinNearlySame(Dataset& dataset, const std::vector<std::vector<std::uint8_t>>& signatures, Sets& sets)
{
    const std::vector<std::size_t> different = joinSameContent(dataset, signatures, sets);
    std::vector<std::uint64_t> hashes;
    std::vector<Moments> moments;
    for (const std::size_t i : different) {
        hashes.push_back(dataset.pictures[i].perceptualHash);
        moments.push_back(momentsOf(signatures[i]));
    }
    std::map<std::size_t, std::vector<std::size_t>> earlier;
    forEachNearPair(hashes, [&](std::size_t a, std::size_t b) {
        const std::size_t i = different[a];
        const std::size_t j = different[b];
        // In one group already: a hundred frames of one film need a hundred comparisons, not ten thousand.
        if (sets.find(i) == sets.find(j) || signatures[i].size() != signatures[j].size()
            || !looksNearlySame(signatures[i], moments[a], signatures[j], moments[b]))
            return;
        sets.join(i, j);
        earlier[i].push_back(j);
    });
    for (const auto& [i, others] : earlier) {
        Problem problem = problemOf(dataset, ProblemKind::NearDuplicate, i, others);
        problem.reason = dataset.pictures[i].path.filename().string() + " looks nearly the same as "
            + nameOthers(problem.others) + ". It is kept, and stays on one side of the split with it.";
        dataset.problems.push_back(std::move(problem));
    }
}

} // namespace

bool looksNearlySame(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b)
{
    return a.size() == b.size() && !a.empty() && looksNearlySame(a, momentsOf(a), b, momentsOf(b));
}

void groupDuplicates(Dataset& dataset, std::vector<std::vector<std::uint8_t>> signatures)
{
    removeContradictions(dataset, signatures);
    Sets sets(dataset.pictures.size());
    joinNearlySame(dataset, signatures, sets);
    std::map<std::size_t, int> numbers;
    for (std::size_t i = 0; i < dataset.pictures.size(); ++i)
        dataset.pictures[i].group =
            numbers.emplace(sets.find(i), static_cast<int>(numbers.size())).first->second;
}

} // namespace graft::dataset
