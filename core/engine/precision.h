#pragma once
#include "core/engine/trunk.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace graft::engine {

/// How the trunk runs to make training features.
struct Chosen {
    neural::Precision precision = neural::Precision::Float32;
    bool folded = true;

    std::string id() const { return std::string(neural::idOf(precision)); }
};

/// Empty for "auto", which is measured. Throws Error for a word that is none.
std::optional<neural::Precision> precisionOf(const std::string& wanted);

/// `wanted` is float32, bfloat16, float16 or auto. Auto measures on some of `files` and takes bfloat16 where
/// it is faster and gives the same; for fewer pictures than the measurement is worth it stays with float32.
/// Throws Error for another word.
Chosen choosePrecision(const Trunk& trunk, const std::string& stage, const std::string& wanted,
                       const std::vector<std::filesystem::path>& files, const std::string& device);

neural::Interpreter interpreter(const Trunk& trunk, const Chosen& chosen, const std::string& device);

} // namespace graft::engine
