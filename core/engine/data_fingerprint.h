#pragma once
#include "core/dataset/dataset.h"

namespace graft::engine {

/// SHA-256 over the sorted "content label side" lines: the same pictures with the same labels and split give
/// the same digits, wherever they lie.
std::string dataFingerprint(const dataset::Dataset& data);

} // namespace graft::engine
