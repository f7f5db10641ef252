#pragma once
#include <cstdint>

namespace graft {

/// Bytes of memory that this process has now, as /proc tells them; 0 where it does not. Cheap; any thread.
std::uint64_t residentMemory();

} // namespace graft
