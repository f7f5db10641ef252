#include "core/learn/schedule.h"

#include <cmath>
#include <numbers>

namespace graft::learn {

double Schedule::rate(std::int64_t step) const
{
    if (step < warmUp)
        return peak * static_cast<double>(step + 1) / static_cast<double>(warmUp + 1);
    const double way = static_cast<double>(step - warmUp) / static_cast<double>(steps - warmUp);
    return peak * 0.5 * (1.0 + std::cos(std::numbers::pi * way));
}

} // namespace graft::learn
