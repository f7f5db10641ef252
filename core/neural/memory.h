#pragma once
#include <cstdint>

namespace graft::neural {

/// While one of these lives, what tensors give back on the CPU is kept for the next ones (up to a limit);
/// with the last one, all of it returns to the system. The system would hand out every large block as new,
/// zeroed pages, and that cost a third of the time of EfficientNet-Lite0. Any thread.
class KeepMemory
{
public:
    KeepMemory();
    ~KeepMemory();
    KeepMemory(const KeepMemory&) = delete;
    KeepMemory& operator=(const KeepMemory&) = delete;
};

/// Bytes that all tensors on the CPU held together, as they asked for them: what is kept for later is not
/// counted, nor what a library takes for itself. One at a time; any thread.
class MemoryMeter
{
public:
    MemoryMeter(); ///< begins to look

    std::int64_t before() const { return m_before; } ///< when it began

    std::int64_t peak() const; ///< most at once since it began

private:
    std::int64_t m_before;
};

/// While it lives, a tensor on the CPU that would take all of them together beyond this many bytes is
/// refused as OutOfMemory. Linux would promise the memory and end the program when it is used. One at a time;
/// any thread.
class MemoryLimit
{
public:
    explicit MemoryLimit(std::int64_t bytes);
    ~MemoryLimit();
    MemoryLimit(const MemoryLimit&) = delete;
    MemoryLimit& operator=(const MemoryLimit&) = delete;
};

} // namespace graft::neural
