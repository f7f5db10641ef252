#include "core/augment/mapping.h"

namespace graft::augment {

Point Homography::operator()(Point p) const
{
    const double x = m[0] * p.x + m[1] * p.y + m[2];
    const double y = m[3] * p.x + m[4] * p.y + m[5];
    if (isAffine())
        return {x, y};
    const double w = m[6] * p.x + m[7] * p.y + m[8];
    return {x / w, y / w};
}

Homography affine(double a, double b, double c, double d, double e, double f)
{
    return {{a, b, c, d, e, f, 0, 0, 1}};
}

Homography operator*(const Homography& a, const Homography& b)
{
    return {product(a.m, b.m)};
}

Homography inverse(const Homography& h)
{
    const auto& m = h.m;
    Homography adjugate {{m[4] * m[8] - m[5] * m[7], m[2] * m[7] - m[1] * m[8], m[1] * m[5] - m[2] * m[4],
                          m[5] * m[6] - m[3] * m[8], m[0] * m[8] - m[2] * m[6], m[2] * m[3] - m[0] * m[5],
                          m[3] * m[7] - m[4] * m[6], m[1] * m[6] - m[0] * m[7], m[0] * m[4] - m[1] * m[3]}};
    const double last = adjugate.m[8];
    for (double& value : adjugate.m)
        value /= last;
    return adjugate;
}

void Mapping::reserve(std::size_t operations)
{
    constexpr std::size_t usual = 64;
    m_stages.reserve(operations);
    m_values.reserve(operations * usual);
}

void Mapping::clear()
{
    m_stages.clear();
    m_values.clear();
}

void Mapping::then(const Homography& from)
{
    if (isEmpty() || m_stages.back().bend != nullptr)
        m_stages.push_back({from, nullptr, m_values.size()});
    else
        m_stages.back().homography = m_stages.back().homography * from;
}

std::vector<double>& Mapping::then(Bend from)
{
    m_stages.push_back({{}, from, m_values.size()});
    return m_values;
}

Point Mapping::operator()(Point p) const
{
    std::size_t end = m_values.size();
    for (std::size_t i = m_stages.size(); i-- > 0;) {
        const Stage& stage = m_stages[i];
        p = stage.bend != nullptr
            ? stage.bend(std::span(m_values).subspan(stage.firstValue, end - stage.firstValue), p)
            : stage.homography(p);
        end = stage.firstValue;
    }
    return p;
}

} // namespace graft::augment
