#pragma once
#include <array>
#include <cstddef>
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
    std::array<double, 9> m {1, 0, 0, 0, 1, 0, 0, 0, 1};

    bool isAffine() const { return m[6] == 0.0 && m[7] == 0.0 && m[8] == 1.0; }

    Point operator()(Point p) const;
};

/// x' = a x + b y + c, y' = d x + e y + f.
Homography affine(double a, double b, double c, double d, double e, double f);

/// First `b`, then `a`.
Homography operator*(const Homography& a, const Homography& b);

/// Requires an invertible one.
Homography inverse(const Homography& h);

/// A mapping that is no homography: `from` with its numbers.
struct Bend {
    Point (*from)(const std::vector<double>& values, Point p) = nullptr;
    std::vector<double> values;
};

/// Several operations as one: maps a point of the finished picture to the point of the first one whose colour
/// it takes. Each operation is given as it would stand alone, by its own backward mapping, in the order in
/// which a person applies them. Keeps its memory from use to use.
class Mapping
{
public:
    void clear() { m_count = 0; }

    void then(const Homography& from);

    /// The numbers of the bend, empty, for the caller to fill.
    std::vector<double>& then(Point (*from)(const std::vector<double>& values, Point p));

    /// Is it one homography (the identity where nothing was given)?
    bool isHomography() const { return m_count == 0 || (m_count == 1 && m_stages[0].bend.from == nullptr); }

    /// Requires isHomography().
    Homography homography() const { return m_count == 0 ? Homography {} : m_stages[0].homography; }

    Point operator()(Point p) const;

private:
    struct Stage {
        Homography homography;
        Bend bend; ///< in place of the homography, where it has a function
    };

    Stage& next();

    std::vector<Stage> m_stages;
    std::size_t m_count = 0; ///< of m_stages in use
};

} // namespace graft::augment
