#pragma once
#include "core/learn/network_training.h"

#include <filesystem>
#include <string>

namespace graft::learn {

/// A .safetensors file with everything with which a training goes on to the bit; written atomically.
/// `pictures` names what was learned from. Throws Error.
void saveCheckpoint(const std::filesystem::path& file, const Checkpoint& checkpoint,
                    const std::string& pictures);

/// Throws Error (missing, damaged, made from other pictures).
Checkpoint loadCheckpoint(const std::filesystem::path& file, const std::string& pictures);

} // namespace graft::learn
