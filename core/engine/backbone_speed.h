#pragma once
#include <stop_token>
#include <string>

namespace graft::engine {

/// Pictures per second that the network itself answers here, on the device that "auto" means: without reading
/// files, so that it is the same for every project. `weights` is as learn::Plan::backbone. Takes about a
/// second, more with a network that takes longer for one batch. Throws Error, WeightsNeeded, Stopped.
double backboneSpeed(const std::string& weights, std::stop_token stop);

} // namespace graft::engine
