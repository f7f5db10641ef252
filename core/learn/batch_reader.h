#pragma once
#include "core/base/sample_source.h"

#include <cstdint>
#include <future>
#include <vector>

namespace graft::learn {

/// Pictures that were read, with what belongs to them.
struct ReadBatch {
    std::vector<std::size_t> pictures; ///< that could be read
    std::vector<std::int64_t> labels;
    std::vector<std::uint8_t> pixels;

    std::size_t size() const { return pictures.size(); }
};

/// Reads the pictures `wanted`, on the thread that calls.
ReadBatch readBatch(const SampleSource& source, std::vector<std::size_t> wanted, std::uint32_t copy);

/// Batches in order, the next of which is read on another thread while this one is used. The source and the
/// order must outlive it.
class BatchReader
{
public:
    BatchReader(const SampleSource& source, const std::vector<std::int64_t>& order, std::size_t size,
                std::uint32_t copy);

    /// Requires that some are left. Throws what reading threw.
    ReadBatch next();

private:
    void ahead();

    const SampleSource& m_source;
    const std::vector<std::int64_t>& m_order;
    std::size_t m_size; ///< pictures
    std::uint32_t m_copy;
    std::size_t m_begin = 0;
    std::future<ReadBatch> m_next;
};

} // namespace graft::learn
