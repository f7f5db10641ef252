#pragma once

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

} // namespace graft::neural
