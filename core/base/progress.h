#pragma once
#include <cstdint>
#include <functional>
#include <string>

namespace graft {

/// How far a piece of work is: "Reading pictures, 120 of 347".
struct Progress {
    std::string what; ///< a short sentence without numbers: "Reading pictures"
    std::int64_t done = 0;
    std::int64_t total = 0; ///< 0 while it is not known
};

/// Called on whichever thread works, never on two at once; must return quickly and must not throw.
using ProgressSink = std::function<void(const Progress&)>;

} // namespace graft
