#pragma once
#include <cstddef>
#include <functional>
#include <stop_token>

namespace graft {

/// Processors this process may use (respects affinity and cgroup quotas), at least 1.
int usableProcessors();

/// Calls work(i) once for every i in [0, count), on up to `threads` threads, in no promised order; returns
/// when all have ended. The first exception thrown by `work` stops the rest and is thrown here. A stop
/// request ends it early: items that were not begun are left out.
void parallelFor(std::size_t count, int threads, std::stop_token stop,
                 const std::function<void(std::size_t)>& work);

} // namespace graft
