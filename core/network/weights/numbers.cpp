#include "core/network/weights/numbers.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace graft::network {

static_assert(std::endian::native == std::endian::little, "the files' numbers are little-endian");

namespace {

/// IEEE 754 binary16.
float fromHalf(std::uint16_t bits)
{
    const int exponent = (bits >> 10) & 0x1F;
    const int fraction = bits & 0x3FF;
    const std::uint32_t sign = (bits & 0x8000U) << 16U;
    if (exponent == 0)
        return std::copysign(std::ldexp(static_cast<float>(fraction), -24), sign ? -1.0F : 1.0F);
    const std::uint32_t wide = exponent == 31 ? 255U : static_cast<std::uint32_t>(exponent - 15 + 127);
    return std::bit_cast<float>(sign | (wide << 23U) | (static_cast<std::uint32_t>(fraction) << 13U));
}

/// The upper half of a float32.
float fromBFloat16(std::uint16_t bits)
{
    return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16U);
}

template <class Stored, class Convert>
void append(std::string_view raw, std::vector<float>& values, Convert convert)
{
    for (std::size_t at = 0; at + sizeof(Stored) <= raw.size(); at += sizeof(Stored)) {
        Stored stored;
        std::memcpy(&stored, raw.data() + at, sizeof stored);
        values.push_back(convert(stored));
    }
}

} // namespace

std::int64_t bytesOf(NumberType type)
{
    switch (type) {
    case NumberType::Float64:
    case NumberType::Int64:
        return 8;
    case NumberType::Float32:
    case NumberType::Int32:
        return 4;
    case NumberType::Float16:
    case NumberType::BFloat16:
    case NumberType::Int16:
        return 2;
    case NumberType::Int8:
    case NumberType::UInt8:
    case NumberType::Bool:
        return 1;
    }
    return 1;
}

bool isFloating(NumberType type)
{
    return type == NumberType::Float32 || type == NumberType::Float64 || type == NumberType::Float16
        || type == NumberType::BFloat16;
}

void appendFloats(NumberType type, std::string_view raw, std::vector<float>& values)
{
    if (raw.empty())
        return;
    if (type == NumberType::Float32) {
        const std::size_t before = values.size();
        values.resize(before + raw.size() / sizeof(float));
        std::memcpy(values.data() + before, raw.data(), (values.size() - before) * sizeof(float));
    } else if (type == NumberType::Float64) {
        append<double>(raw, values, [](double value) { return static_cast<float>(value); });
    } else if (type == NumberType::Float16) {
        append<std::uint16_t>(raw, values, fromHalf);
    } else if (type == NumberType::BFloat16) {
        append<std::uint16_t>(raw, values, fromBFloat16);
    }
}

std::int64_t countOf(std::span<const std::int64_t> shape, std::int64_t limit)
{
    if (std::ranges::any_of(shape, [](std::int64_t extent) { return extent < 0; }))
        return -1;
    if (std::ranges::find(shape, 0) != shape.end())
        return 0;
    std::int64_t count = 1;
    for (const std::int64_t extent : shape) {
        if (count > limit / extent)
            return -1;
        count *= extent;
    }
    return count <= limit ? count : -1;
}

} // namespace graft::network
