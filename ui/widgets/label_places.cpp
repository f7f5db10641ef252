#include "ui/widgets/label_places.h"

#include <algorithm>
#include <numeric>

namespace graft::ui {

namespace {

constexpr double Beside = 12.0; // pixels from the end of the line
constexpr double Away = 9.0; // above or below it

bool crosses(const QRectF& box, const QLineF& line)
{
    if (box.contains(line.p1()) || box.contains(line.p2()))
        return true;
    const QLineF edges[] = {{box.topLeft(), box.topRight()},
                            {box.topRight(), box.bottomRight()},
                            {box.bottomRight(), box.bottomLeft()},
                            {box.bottomLeft(), box.topLeft()}};
    return std::ranges::any_of(edges, [&](const QLineF& edge) {
        return edge.intersects(line, nullptr) == QLineF::BoundedIntersection;
    });
}

QRectF inside(QRectF box, const QRectF& room)
{
    box.moveLeft(std::min(box.left(), room.right() - box.width()));
    box.moveTop(std::clamp(box.top(), room.top(), std::max(room.top(), room.bottom() - box.height())));
    return box;
}

/// In the order of preference.
std::vector<QRectF> places(const EndLabel& label, const QRectF& room)
{
    const QPointF beside(label.end.x() + Beside, label.end.y() - label.size.height() / 2.0);
    std::vector<QRectF> all;
    for (const double y : {beside.y(), label.end.y() + Away, label.end.y() - Away - label.size.height()})
        all.push_back(inside({{beside.x(), y}, label.size}, room));
    return all;
}

} // namespace

void placeEndLabels(std::vector<EndLabel>& labels, const std::vector<QLineF>& lines, const QRectF& room)
{
    std::vector<std::size_t> fromTop(labels.size());
    std::iota(fromTop.begin(), fromTop.end(), std::size_t {0});
    std::ranges::stable_sort(fromTop, {}, [&](std::size_t i) { return labels[i].end.y(); });
    std::vector<QRectF> taken;
    for (const std::size_t i : fromTop) {
        const auto onALabel = [&](const QRectF& box) {
            return std::ranges::any_of(taken, [&](const QRectF& other) { return other.intersects(box); });
        };
        const auto onALine = [&](const QRectF& box) {
            return std::ranges::any_of(lines, [&](const QLineF& line) { return crosses(box, line); });
        };
        const std::vector<QRectF> all = places(labels[i], room);
        auto found =
            std::ranges::find_if(all, [&](const QRectF& box) { return !onALabel(box) && !onALine(box); });
        if (found == all.end())
            found = std::ranges::find_if_not(all, onALabel);
        QRectF place = found == all.end() ? all.front() : *found;
        while (onALabel(place) && place.bottom() < room.bottom())
            place.translate(0.0, 1.0);
        labels[i].place = place;
        taken.push_back(place);
    }
}

} // namespace graft::ui
