#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace graft::network {

/// The number types that weight files hold, little-endian.
enum class NumberType { Float32, Float64, Float16, BFloat16, Int64, Int32, Int16, Int8, UInt8, Bool };

std::int64_t bytesOf(NumberType type);

/// Weights are floating-point numbers; integers are counters and are not loaded.
bool isFloating(NumberType type);

/// Appends the numbers in `raw`, a whole count of a floating `type`, as float32.
void appendFloats(NumberType type, std::string_view raw, std::vector<float>& values);

/// How many numbers a tensor of this shape has, or -1 where an extent is negative or the count exceeds
/// `limit`.
std::int64_t countOf(std::span<const std::int64_t> shape, std::int64_t limit);

} // namespace graft::network
