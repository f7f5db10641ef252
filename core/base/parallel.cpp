#include "core/base/parallel.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <exception>
#include <fstream>
#include <mutex>
#include <sched.h>
#include <thread>
#include <vector>

namespace graft {

namespace {

/// The quota of control group v2, in processors; 0 where there is none.
int quota()
{
    std::ifstream file("/sys/fs/cgroup/cpu.max");
    double allowed = 0.0;
    double period = 0.0;
    return file >> allowed >> period && period > 0.0
        ? std::max(1, static_cast<int>(std::ceil(allowed / period)))
        : 0;
}

} // namespace

int usableProcessors()
{
    cpu_set_t set;
    CPU_ZERO(&set);
    int count = sched_getaffinity(0, sizeof set, &set) == 0
        ? CPU_COUNT(&set)
        : static_cast<int>(std::thread::hardware_concurrency());
    if (const int limit = quota(); limit > 0)
        count = std::min(count, limit);
    return std::max(1, count);
}

void parallelFor(std::size_t count, int threads, std::stop_token stop,
                 const std::function<void(std::size_t)>& work)
{
    std::atomic<std::size_t> next = 0;
    std::atomic<bool> failed = false;
    std::exception_ptr failure;
    std::mutex mutex;
    const auto run = [&] {
        while (!stop.stop_requested() && !failed) {
            const std::size_t i = next++;
            if (i >= count)
                return;
            try {
                work(i);
            } catch (...) {
                const std::scoped_lock lock(mutex);
                if (!failed.exchange(true))
                    failure = std::current_exception();
            }
        }
    };
    {
        std::vector<std::jthread> others;
        const auto wanted = std::min<std::size_t>(count, static_cast<std::size_t>(std::max(1, threads)));
        for (std::size_t i = 1; i < wanted; ++i)
            others.emplace_back(run);
        run();
    }
    if (failure)
        std::rethrow_exception(failure);
}

} // namespace graft
