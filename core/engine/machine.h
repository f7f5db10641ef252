#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace graft::engine {

/// Call once at the start of a program, before any thread works. Does not touch the tensor library: that
/// happens at the first use of a network, so that a window can be shown first.
void initialise(const char* programName);

const char* version(); ///< "0.1.0"

struct Machine {
    int processors = 1; ///< that this process may use
    std::int64_t memoryTotal = 0; ///< bytes
    std::int64_t memoryFree = 0; ///< bytes that programs can still get
    std::int64_t memoryUsed = 0; ///< bytes, resident, of this process
};

Machine machine(); ///< cheap: may be asked every second

/// One thing `doctor` looked at.
struct Finding {
    std::string id; ///< "blas", "libtorch", "driver", "gpu", "weights", "memory", "disk", "display"
    bool ok = true;
    std::string title; ///< "Matrix products"
    std::string sentence; ///< what was found, and what to do where it is not ok
};

std::vector<Finding> doctor();

/// Sample pictures that are installed on this computer.
struct Sample {
    std::string id; ///< "stamps"
    std::string title; ///< "Animals, birds, fruit"
    std::string sentence; ///< "6 classes, 107 pictures"
    std::filesystem::path folder; ///< one sub-folder per class, can be imported
    std::vector<std::filesystem::path> covers; ///< two or three pictures to show
};

std::vector<Sample> samples();

} // namespace graft::engine
