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
    Homography product;
    for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t j = 0; j < 3; ++j)
            product.m[i * 3 + j] =
                a.m[i * 3] * b.m[j] + a.m[i * 3 + 1] * b.m[3 + j] + a.m[i * 3 + 2] * b.m[6 + j];
    return product;
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

Mapping::Stage& Mapping::next()
{
    if (m_count == m_stages.size())
        m_stages.emplace_back();
    return m_stages[m_count++];
}

void Mapping::then(const Homography& from)
{
    if (m_count > 0 && m_stages[m_count - 1].bend.from == nullptr) {
        Homography& last = m_stages[m_count - 1].homography;
        last = last * from;
        return;
    }
    Stage& stage = next();
    stage.homography = from;
    stage.bend.from = nullptr;
}

std::vector<double>& Mapping::then(Point (*from)(const std::vector<double>& values, Point p))
{
    Stage& stage = next();
    stage.bend.from = from;
    stage.bend.values.clear();
    return stage.bend.values;
}

Point Mapping::operator()(Point p) const
{
    for (std::size_t i = m_count; i-- > 0;) {
        const Stage& stage = m_stages[i];
        p = stage.bend.from != nullptr ? stage.bend.from(stage.bend.values, p) : stage.homography(p);
    }
    return p;
}

} // namespace graft::augment
