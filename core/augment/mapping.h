#pragma once
#include "core/augment/matrix3.h"

#include <cstddef>
#include <span>
#include <vector>

// Where pixels come from. Coordinates do not depend on the number of pixels: the origin is the middle of the
// picture, the unit is half of its shorter side, x goes right and y goes down.
namespace graft::augment {

struct Point {
    double x = 0.0;
    double y = 0.0;
};

/// How far the picture reaches from its middle: 1 along the shorter side, more along the longer one.
struct Frame {
    double halfWidth = 1.0;
    double halfHeight = 1.0;
};

/// A projective mapping; row-major, for columns (x, y, 1).
struct Homography {
    Matrix3 m {1, 0, 0, 0, 1, 0, 0, 0, 1};

    bool isAffine() const { return m[6] == 0.0 && m[7] == 0.0 && m[8] == 1.0; }

    Point operator()(Point p) const;
};

/// x' = a x + b y + c, y' = d x + e y + f.
Homography affine(double a, double b, double c, double d, double e, double f);

/// First `b`, then `a`.
Homography operator*(const Homography& a, const Homography& b);

/// Requires an invertible one.
Homography inverse(const Homography& h);

/// A mapping that is no homography, with its numbers.
using Bend = Point (*)(std::span<const double> values, Point p);

/// Several operations as one: maps a point of the finished picture to the point of the first one whose colour
/// it takes. Each operation is given as it would stand alone, by its own backward mapping, in the order in
/// which a person applies them. Keeps its memory from use to use.
class Mapping
{
public:
    /// Takes the memory for so many operations, with a usual number of numbers each, now.
    void reserve(std::size_t operations);

    void clear();

    void then(const Homography& from);

    /// The caller appends the bend's numbers to what is returned, before anything else happens to the
    /// mapping.
    std::vector<double>& then(Bend from);

    bool isEmpty() const { return m_stages.empty(); }

    /// Is it one homography (the identity where nothing was given)?
    bool isHomography() const { return isEmpty() || (m_stages.size() == 1 && m_stages[0].bend == nullptr); }

    /// Requires isHomography().
    Homography homography() const { return isEmpty() ? Homography {} : m_stages[0].homography; }

    Point operator()(Point p) const;

private:
    struct Stage {
        Homography homography;
        Bend bend = nullptr; ///< in place of the homography, where there is one
        std::size_t firstValue = 0; ///< of the bend, in m_values; the others follow, up to the next one's
    };

    std::vector<Stage> m_stages;
    std::vector<double> m_values; ///< of all bends
};

} // namespace graft::augment
