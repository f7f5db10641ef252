#include "core/engine/rows_ahead.h"

#include <utility>

namespace graft::engine {

namespace {

/// As many batches as are read in one go: while the next ones are read, the card has these to do.
constexpr std::size_t mostOnTheirWay = 4;

} // namespace

RowsAhead::RowsAhead(neural::Interpreter& network, std::span<const std::string> stages, Sink sink)
    : m_network(network)
    , m_stages(stages)
    , m_sink(std::move(sink))
{
}

void RowsAhead::add(std::span<const std::size_t> positions, const neural::Batch& batch)
{
    if (m_positions.size() == mostOnTheirWay)
        finish();
    m_network.begin(batch, m_stages);
    m_positions.emplace_back(positions.begin(), positions.end());
    if (m_network.device() == "cpu")
        finish();
}

void RowsAhead::finish()
{
    const auto rows = m_network.finish();
    const auto positions = std::exchange(m_positions, {});
    for (std::size_t i = 0; i < positions.size(); ++i)
        m_sink(positions[i], rows[i]);
}

} // namespace graft::engine
