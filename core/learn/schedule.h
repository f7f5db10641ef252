#pragma once
#include <cstdint>

namespace graft::learn {

/// Learning rate of one step: rises in a straight line to `peak` over the first `warmUp` steps, then falls
/// along half a cosine to nearly 0 at the last (I. Loshchilov, F. Hutter, "SGDR: stochastic gradient descent
/// with warm restarts", 2017, without the restarts).
struct Schedule {
    double peak = 0.0;
    std::int64_t warmUp = 0; ///< steps, at most `steps`
    std::int64_t steps = 1; ///< all of them

    double rate(std::int64_t step) const; ///< step in [0, steps)
};

} // namespace graft::learn
