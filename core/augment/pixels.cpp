#include "core/augment/pixels.h"

namespace graft::augment {

void Scratch::add(std::size_t size)
{
    auto* memory = static_cast<std::byte*>(::operator new (size, std::align_val_t {alignment}));
    m_blocks.push_back({std::unique_ptr<std::byte, Freer>(memory), size});
    m_used = 0;
}

void* Scratch::takeBytes(std::size_t size)
{
    const std::size_t whole = (size + alignment - 1) / alignment * alignment;
    if (m_blocks.empty() || m_used + whole > m_blocks.back().size)
        add(whole);
    void* memory = m_blocks.back().memory.get() + m_used;
    m_used += whole;
    return memory;
}

void Scratch::reset()
{
    if (m_blocks.size() > 1) {
        // One block that holds all of it and as much again: other draws need more, but not that much more.
        std::size_t size = 0;
        for (const Block& block : m_blocks)
            size += 2 * block.size;
        m_blocks.clear();
        add(size);
    }
    m_used = 0;
}

} // namespace graft::augment
