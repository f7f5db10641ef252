#pragma once
#include <algorithm>
#include <cmath>
#include <deque>
#include <numeric>
#include <vector>

namespace graft::learn {

struct LbfgsOptions {
    int mostSteps = 60;
    int memory = 10; ///< pairs of steps that the curvature is told from
    double precise = 1e-2; ///< length of the gradient at the end, as a share of that at the start
};

/// Sums in double, whatever the numbers are.
inline double product(const std::vector<float>& a, const std::vector<float>& b)
{
    return std::transform_reduce(a.begin(), a.end(), b.begin(), 0.0, std::plus {}, [](float x, float y) {
        return static_cast<double>(x) * static_cast<double>(y);
    });
}

/// a += factor * b
inline void addTo(std::vector<float>& a, double factor, const std::vector<float>& b)
{
    std::ranges::transform(a, b, a.begin(),
                           [f = static_cast<float>(factor)](float x, float y) { return x + f * y; });
}

/// Where a smooth convex function is least, from `point` on, into `point`: L-BFGS (J. Nocedal, S. J. Wright,
/// "Numerical optimization", algorithms 7.4 and 7.5) with halved steps until the value falls enough (Armijo).
/// `function(point, gradient)` writes the gradient and returns the value.
template <typename Function>
void minimise(Function& function, std::vector<float>& point, const LbfgsOptions& options = {})
{
    struct Pair {
        std::vector<float> step; ///< s
        std::vector<float> change; ///< y, of the gradient
        double curvature; ///< 1 / (y · s)
    };

    constexpr double enough = 1e-4; // of the fall that the slope promises
    constexpr int mostHalvings = 20;
    std::deque<Pair> pairs;
    std::vector<float> gradient(point.size());
    std::vector<float> nextGradient(point.size());
    double value = function(point, gradient);
    const double first = std::sqrt(product(gradient, gradient));
    for (int step = 0; step < options.mostSteps; ++step) {
        if (std::sqrt(product(gradient, gradient)) <= options.precise * first)
            return;
        std::vector<float> direction = gradient;
        std::vector<double> shares(pairs.size());
        for (std::size_t i = pairs.size(); i-- > 0;) {
            shares[i] = pairs[i].curvature * product(pairs[i].step, direction);
            addTo(direction, -shares[i], pairs[i].change);
        }
        const double scale = pairs.empty()
            ? 1.0 / std::max(1.0, first)
            : 1.0 / (pairs.back().curvature * product(pairs.back().change, pairs.back().change));
        for (float& number : direction)
            number *= static_cast<float>(-scale);
        for (std::size_t i = 0; i < pairs.size(); ++i)
            addTo(direction, -shares[i] - pairs[i].curvature * product(pairs[i].change, direction),
                  pairs[i].step);
        const double slope = product(gradient, direction);
        double length = 1.0;
        std::vector<float> next;
        double nextValue = 0.0;
        int halvings = 0;
        for (; halvings < mostHalvings; ++halvings, length /= 2.0) {
            next = point;
            addTo(next, length, direction);
            nextValue = function(next, nextGradient);
            if (nextValue <= value + enough * length * slope)
                break;
        }
        if (halvings == mostHalvings)
            return; // as low as float32 can tell
        for (float& number : direction)
            number *= static_cast<float>(length);
        std::vector<float> change = nextGradient;
        addTo(change, -1.0, gradient);
        if (const double curved = product(change, direction); curved > 0.0) {
            pairs.push_back({std::move(direction), std::move(change), 1.0 / curved});
            if (std::ssize(pairs) > options.memory)
                pairs.pop_front();
        }
        point = std::move(next);
        gradient.swap(nextGradient);
        value = nextValue;
    }
}

} // namespace graft::learn
