#include "core/learn/race_verdict.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <string_view>
#include <utility>

namespace graft::learn {

namespace {

constexpr double surely = 0.05; // how often, of races between equals, somebody may be called better
constexpr std::int64_t fewPictures = 20; // as the page that shows results warns

Answers judged(const RaceEntry& entry)
{
    return {std::ranges::count(entry.right, true), std::ssize(entry.right)};
}

/// In a sentence.
std::string nameOf(const std::string& id)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 4> names {
        {{"linear", "the linear classifier"},
         {"finetune", "fine-tuning"},
         {"svm", "the SVM"},
         {"scratch", "training all layers"}}};
    const auto known = std::ranges::find(names, id, [](const auto& name) { return std::string(name.first); });
    return known != names.end() ? std::string(known->second) : id;
}

std::string capital(std::string text)
{
    if (!text.empty() && text.front() >= 'a' && text.front() <= 'z')
        text.front() = static_cast<char>(text.front() - 'a' + 'A');
    return text;
}

/// Whether the longer of two times, in seconds, is about as long as the shorter one.
bool alike(double longer, double shorter)
{
    constexpr double tenth = 1.1;
    constexpr double second = 1.0;
    return longer <= std::max(tenth * shorter, shorter + second);
}

/// "12 s", "4 min 10 s", "15 min": of times that are not alike the words differ.
std::string timeOf(double seconds)
{
    constexpr long minute = 60;
    constexpr long longest = 10 * minute; // told to the second
    const long whole = std::max(1L, std::lround(seconds));
    if (whole < minute)
        return std::to_string(whole) + " s";
    if (whole >= longest)
        return std::to_string(std::lround(seconds / minute)) + " min";
    const long rest = whole % minute;
    return std::to_string(whole / minute) + " min" + (rest > 0 ? " " + std::to_string(rest) + " s" : "");
}

/// "a", "a and b", "a, b and c"
std::string listed(const std::vector<std::string>& words)
{
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i)
        text += (i == 0 ? "" : i + 1 == words.size() ? " and " : ", ") + words[i];
    return text;
}

std::string pictureWord(JudgedOn on)
{
    return on == JudgedOn::Test ? "test pictures" : "validation pictures";
}

/// The positions of the entries that can be compared.
std::vector<int> compared(const std::vector<RaceEntry>& entries)
{
    std::vector<int> list;
    for (int i = 0; i < static_cast<int>(entries.size()); ++i) {
        if (!entries[static_cast<std::size_t>(i)].right.empty())
            list.push_back(i);
    }
    return list;
}

class Judge
{
public:
    Judge(const std::vector<RaceEntry>& entries, JudgedOn on)
        : m_entries(entries)
        , m_on(on)
        , m_field(compared(entries))
    {
    }

    RaceVerdict verdict() const
    {
        if (m_field.empty())
            return {-1, -1, "There is nothing to compare: no strategy has learned enough for a model."};
        if (m_field.size() == 1)
            return {-1, m_field.front(), alone()};
        int leader = best();
        std::vector<int> worse = worseThan(leader);
        const bool wins = worse.size() + 1 == m_field.size();
        if (const int other = betterThan(leader); !wins && other >= 0) {
            leader = other; // validation chose another than the judged pictures do: no winner, in any case
            worse = worseThan(leader);
        }
        if (wins)
            return {leader, leader, victory(leader)};
        std::vector<int> equals;
        for (const int i : byAccuracy()) {
            if (std::ranges::find(worse, i) == worse.end())
                equals.push_back(i);
        }
        const int cheap = cheapest(equals);
        return {-1, cheap, noVictory(equals, cheap)};
    }

private:
    const RaceEntry& entry(int i) const { return m_entries[static_cast<std::size_t>(i)]; }

    std::string name(int i) const { return nameOf(entry(i).strategy); }

    bool haveValidation() const
    {
        return std::ranges::all_of(m_field, [&](int i) { return entry(i).validation.total > 0; });
    }

    /// By validation, where there is one; the quicker of equal ones.
    bool before(int a, int b) const
    {
        const auto accuracy = [&, chosen = haveValidation()](int i) {
            return chosen ? entry(i).validation.accuracy() : judged(entry(i)).accuracy();
        };
        return accuracy(a) != accuracy(b) ? accuracy(a) > accuracy(b) : entry(a).seconds < entry(b).seconds;
    }

    int best() const
    {
        return *std::ranges::min_element(m_field, [&](int a, int b) { return before(a, b); });
    }

    /// As they were judged, the best first.
    std::vector<int> byAccuracy() const
    {
        std::vector<int> order = m_field;
        std::ranges::stable_sort(order, [&](int a, int b) {
            const auto [first, second] = std::pair(judged(entry(a)).correct, judged(entry(b)).correct);
            return first != second ? first > second : before(a, b);
        });
        return order;
    }

    struct Difference {
        std::int64_t only = 0; ///< pictures that the first alone answered rightly
        std::int64_t other = 0; ///< and the second alone
    };

    Difference difference(int first, int second) const
    {
        Difference result;
        for (std::size_t picture = 0; picture < entry(first).right.size(); ++picture) {
            const bool own = entry(first).right[picture];
            const bool theirs = entry(second).right[picture];
            result.only += own && !theirs ? 1 : 0;
            result.other += theirs && !own ? 1 : 0;
        }
        return result;
    }

    /// The others that differ from `reference` by more than chance, with Holm's steps.
    std::vector<int> apart(int reference) const
    {
        std::vector<std::pair<double, int>> chances;
        for (const int i : m_field) {
            if (i == reference)
                continue;
            const Difference counts = difference(reference, i);
            chances.emplace_back(mcNemar(counts.only, counts.other), i);
        }
        std::ranges::sort(chances);
        const std::size_t field = m_field.size();
        const std::size_t tests = m_on == JudgedOn::Test ? field - 1 : field * (field - 1) / 2;
        std::vector<int> list;
        for (std::size_t step = 0; step < chances.size(); ++step) {
            if (chances[step].first > surely / static_cast<double>(tests - step))
                break;
            list.push_back(chances[step].second);
        }
        return list;
    }

    std::vector<int> worseThan(int reference) const
    {
        std::vector<int> list = apart(reference);
        std::erase_if(list, [&](int i) {
            const Difference counts = difference(reference, i);
            return counts.only < counts.other;
        });
        return list;
    }

    /// The best of those that are better than `reference` by more than chance; -1: none.
    int betterThan(int reference) const
    {
        const std::vector<int> worse = worseThan(reference);
        const std::vector<int> all = apart(reference);
        for (const int i : byAccuracy()) {
            if (std::ranges::find(all, i) != all.end() && std::ranges::find(worse, i) == worse.end())
                return i;
        }
        return -1;
    }

    /// And of those that take as long, the best.
    int cheapest(const std::vector<int>& some) const
    {
        const auto seconds = [&](int i) { return entry(i).seconds; };
        const double least = seconds(*std::ranges::min_element(some, {}, seconds));
        std::vector<int> quick;
        std::ranges::copy_if(some, std::back_inserter(quick),
                             [&](int i) { return alike(seconds(i), least); });
        return *std::ranges::min_element(quick, [&](int a, int b) { return before(a, b); });
    }

    std::string score(int i) const
    {
        const Answers answers = judged(entry(i));
        return std::to_string(answers.correct) + " of " + std::to_string(answers.total);
    }

    std::string alone() const
    {
        const int only = m_field.front();
        return "Only " + name(only) + " has a model, so there is nothing to compare it with: " + score(only)
            + " " + pictureWord(m_on) + " right.";
    }

    std::string victory(int leader) const
    {
        const std::vector<int> order = byAccuracy();
        const int next = *std::ranges::find_if(order, [&](int i) { return i != leader; });
        return capital(name(leader)) + " won: " + score(leader) + " " + pictureWord(m_on)
            + " right, and the next, " + name(next) + ", " + std::to_string(judged(entry(next)).correct)
            + ". Chance alone hardly makes such a difference.";
    }

    std::string noVictory(const std::vector<int>& equals, int cheap) const
    {
        return equals.size() == 1 ? outvoted(cheap) : notApart(equals) + whyThatOne(equals, cheap);
    }

    /// Validation chose one, and the judged pictures another.
    std::string outvoted(int other) const
    {
        return "No clear winner: " + name(best()) + " did best on validation pictures, but " + name(other)
            + " on " + pictureWord(m_on) + ", " + std::to_string(judged(entry(other)).correct) + " and "
            + score(best()) + " right. Take " + name(other) + ".";
    }

    std::string notApart(const std::vector<int>& equals) const
    {
        std::vector<std::string> names;
        std::vector<std::string> scores;
        for (const int i : equals) {
            names.push_back(name(i));
            scores.push_back(std::to_string(judged(entry(i)).correct));
        }
        const std::int64_t total = judged(entry(equals.front())).total;
        const bool few = total < fewPictures;
        return "No clear winner: " + listed(names) + " cannot be told apart"
            + (few ? " by so few pictures, " : ", ") + listed(scores) + " of " + std::to_string(total) + " "
            + pictureWord(m_on) + " right. ";
    }

    std::string whyThatOne(const std::vector<int>& equals, int cheap) const
    {
        const int slowest = *std::ranges::max_element(equals, {}, [&](int i) { return entry(i).seconds; });
        if (alike(entry(slowest).seconds, entry(cheap).seconds))
            return "They took about as long, so take " + name(cheap) + ", which was ahead"
                + (haveValidation() ? " on validation pictures." : ".");
        return capital(name(cheap)) + " took " + timeOf(entry(cheap).seconds) + " instead of "
            + (equals.size() > 2 ? "up to " : "") + timeOf(entry(slowest).seconds) + ", so take that one.";
    }

    const std::vector<RaceEntry>& m_entries;
    JudgedOn m_on;
    std::vector<int> m_field; ///< positions of those that are compared
};

} // namespace

double mcNemar(std::int64_t onlyFirst, std::int64_t onlySecond)
{
    const std::int64_t all = onlyFirst + onlySecond;
    const auto factorial = [](std::int64_t n) { return std::lgamma(static_cast<double>(n) + 1.0); };
    double tail = 0.0;
    for (std::int64_t k = 0; k <= std::min(onlyFirst, onlySecond); ++k)
        tail += std::exp(factorial(all) - factorial(k) - factorial(all - k)
                         - static_cast<double>(all) * std::log(2.0));
    return std::min(1.0, 2.0 * tail);
}

RaceVerdict judgeRace(const std::vector<RaceEntry>& entries, JudgedOn on)
{
    return Judge(entries, on).verdict();
}

} // namespace graft::learn
