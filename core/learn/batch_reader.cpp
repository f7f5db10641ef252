#include "core/learn/batch_reader.h"

#include <algorithm>

namespace graft::learn {

ReadBatch readBatch(const SampleSource& source, std::vector<std::size_t> wanted, std::uint32_t copy)
{
    ReadBatch batch;
    batch.pixels.resize(wanted.size() * source.bytes);
    batch.pictures = source.read(wanted, copy, batch.pixels);
    batch.pixels.resize(batch.pictures.size() * source.bytes);
    for (const std::size_t picture : batch.pictures)
        batch.labels.push_back(source.labels[picture]);
    return batch;
}

BatchReader::BatchReader(const SampleSource& source, const std::vector<std::int64_t>& order, std::size_t size,
                         std::uint32_t copy)
    : m_source(source)
    , m_order(order)
    , m_size(size)
    , m_copy(copy)
{
    ahead();
}

ReadBatch BatchReader::next()
{
    ReadBatch batch = m_next.get();
    ahead();
    return batch;
}

void BatchReader::ahead()
{
    if (m_begin >= m_order.size())
        return;
    const std::size_t end = std::min(m_begin + m_size, m_order.size());
    std::vector<std::size_t> wanted;
    for (; m_begin < end; ++m_begin)
        wanted.push_back(static_cast<std::size_t>(m_order[m_begin]));
    m_next = std::async(std::launch::async, readBatch, std::cref(m_source), std::move(wanted), m_copy);
}

} // namespace graft::learn
