#pragma once
#include "core/neural/interpreter.h"

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace graft::engine {

/// Sends batches through a network and hands on what its stages say. Where a graphics card computes, up to
/// four batches are on their way while the caller reads the next pictures; on the CPU each is handed on at
/// once. One thread.
class RowsAhead
{
public:
    /// The positions that came with a batch, and its rows as Interpreter::pooled() gives them.
    using Sink = std::function<void(std::span<const std::size_t> positions,
                                    const std::vector<std::vector<float>>& rows)>;

    /// All of these must outlive it.
    RowsAhead(neural::Interpreter& network, std::span<const std::string> stages, Sink sink);

    /// Hands on what is done. Throws what the network and the sink throw.
    void add(std::span<const std::size_t> positions, const neural::Batch& batch);

    /// To be called after the last batch: waits for all and hands it on.
    void finish();

private:
    neural::Interpreter& m_network;
    std::span<const std::string> m_stages;
    Sink m_sink;
    std::vector<std::vector<std::size_t>> m_positions; ///< of the batches on their way
};

} // namespace graft::engine
