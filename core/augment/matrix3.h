#pragma once
#include <array>
#include <cstddef>

namespace graft::augment {

/// Three rows of three.
using Matrix3 = std::array<double, 9>;

/// a times b.
constexpr Matrix3 product(const Matrix3& a, const Matrix3& b)
{
    Matrix3 result {};
    for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t j = 0; j < 3; ++j)
            result[i * 3 + j] = a[i * 3] * b[j] + a[i * 3 + 1] * b[3 + j] + a[i * 3 + 2] * b[6 + j];
    return result;
}

} // namespace graft::augment
