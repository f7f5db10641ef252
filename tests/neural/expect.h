#pragma once
#include "core/base/random.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

// What the plain test programs share: they print a line for each thing that must hold and exit 0 when all do.
namespace graft::test {

inline int failures = 0;

inline void expect(bool holds, const std::string& what)
{
    std::printf("%s  %s\n", holds ? "ok  " : "FAIL", what.c_str());
    failures += holds ? 0 : 1;
}

/// Runs `work`, which must throw `Wanted`; hands its text back.
template <class Wanted>
std::string expectThrow(const std::function<void()>& work, const std::string& what)
{
    try {
        work();
    } catch (const Wanted& error) {
        expect(true, what + " (" + error.what() + ")");
        return error.what();
    }
    expect(false, what);
    return {};
}

/// From GRAFT_TEST_DEVICES, separated by commas; "cpu" where it is not set.
inline std::vector<std::string> devices()
{
    const char* named = std::getenv("GRAFT_TEST_DEVICES");
    std::istringstream words(named != nullptr && *named != '\0' ? named : "cpu");
    std::vector<std::string> list;
    for (std::string id; std::getline(words, id, ',');)
        list.push_back(id);
    return list;
}

/// The same bytes each time.
inline std::vector<std::uint8_t> noise(std::int64_t count)
{
    Draws draws({.seed = 7});
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(count));
    std::ranges::generate(pixels, [&] { return static_cast<std::uint8_t>(draws.uniform(0, 256)); });
    return pixels;
}

/// Relative to the largest number: single ones may be close to zero. Infinite where the lengths differ.
template <class Numbers>
double largestDifference(const Numbers& ours, const Numbers& reference)
{
    if (ours.size() != reference.size() || ours.empty())
        return INFINITY;
    double difference = 0.0;
    double largest = 0.0;
    for (std::size_t i = 0; i < ours.size(); ++i) {
        if (!std::isfinite(ours[i]))
            return INFINITY;
        difference = std::max<double>(difference, std::abs(ours[i] - reference[i]));
        largest = std::max<double>(largest, std::abs(reference[i]));
    }
    return difference / largest;
}

} // namespace graft::test
