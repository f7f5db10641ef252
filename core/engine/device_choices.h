#pragma once
#include <string>
#include <vector>

namespace graft::engine {

/// What can compute on this computer.
struct DeviceChoice {
    std::string id; ///< as learn::Plan::device: "cpu", "cuda:0"
    std::string title; ///< "CPU, 2 threads"
};

/// The processor first. The first call may take a second where there is a graphics card.
std::vector<DeviceChoice> deviceChoices();

} // namespace graft::engine
