#include "core/engine/machine.h"

#include "core/base/parallel.h"
#include "core/base/process_memory.h"
#include "core/imaging/decode.h"

#include <algorithm>
#include <fstream>
#include <string>

namespace graft::engine {

namespace {

constexpr std::int64_t kilo = 1024;

/// One "Name:   123 kB" line of /proc/meminfo, in bytes; 0 where it is missing.
std::int64_t memoryLine(std::string_view name)
{
    std::ifstream file("/proc/meminfo");
    std::string key;
    std::int64_t value = 0;
    std::string unit;
    while (file >> key >> value && std::getline(file, unit)) {
        if (key.starts_with(name) && key.size() == name.size() + 1)
            return value * kilo;
    }
    return 0;
}

/// The limit of control group v2, in bytes; 0 where there is none.
std::int64_t memoryLimit()
{
    std::ifstream file("/sys/fs/cgroup/memory.max");
    std::int64_t limit = 0;
    return file >> limit ? limit : 0;
}

} // namespace

void initialise(const char* /*programName*/)
{
    imaging::initialise();
}

const char* version()
{
    return GRAFT_VERSION;
}

Machine machine()
{
    Machine now;
    now.processors = usableProcessors();
    now.memoryTotal = memoryLine("MemTotal");
    now.memoryFree = memoryLine("MemAvailable");
    now.memoryUsed = static_cast<std::int64_t>(residentMemory());
    if (const std::int64_t limit = memoryLimit(); limit > 0 && limit < now.memoryTotal) {
        now.memoryTotal = limit;
        now.memoryFree = std::min(now.memoryFree, limit);
    }
    return now;
}

} // namespace graft::engine
