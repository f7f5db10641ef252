#pragma once
#include <ctime>

namespace graft::tests {

/// Processor time of this process, all threads together. Unlike the clock on the wall it does not run while
/// other programs have the processor, so a limit holds on a busy computer, too.
class ProcessorClock
{
public:
    double milliseconds() const { return now() - m_begin; }

private:
    static double now()
    {
        std::timespec time {};
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
        return 1e3 * static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_nsec);
    }

    double m_begin = now();
};

} // namespace graft::tests
