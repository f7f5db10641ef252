#include "core/learn/order.h"

#include "core/base/random.h"

#include <numeric>
#include <utility>

namespace graft::learn {

std::vector<std::int64_t> epochOrder(std::int64_t count, std::uint64_t seed, int epoch)
{
    constexpr std::uint32_t orderDraws = 1; // DrawKey::op of these draws
    std::vector<std::int64_t> rows(static_cast<std::size_t>(count));
    std::iota(rows.begin(), rows.end(), 0);
    Draws draws({seed, static_cast<std::uint32_t>(epoch), 0, orderDraws});
    for (std::size_t i = rows.size(); i > 1; --i)
        std::swap(rows[i - 1], rows[static_cast<std::size_t>(draws.uniform() * static_cast<double>(i))]);
    return rows;
}

} // namespace graft::learn
