#include "tests/support/drawn_pictures.h"

#include <QDir>
#include <QImage>
#include <QPainter>
#include <QRandomGenerator>

namespace graft::test {

namespace {

constexpr int side = 160; // pixels

enum class Shape { Circle, Square, Triangle };

QImage draw(Shape shape, QRandomGenerator& random)
{
    const auto between = [&random](int low, int high) { return random.bounded(low, high); };
    QImage image(side, side, QImage::Format_RGB32);
    image.fill(QColor::fromHsv(between(0, 360), between(10, 60), between(200, 256)));
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    // Specks, so that no two pictures are nearly the same.
    for (int i = 0; i < 24; ++i) {
        painter.setBrush(QColor::fromHsv(between(0, 360), 80, 230));
        painter.drawEllipse(QPointF(between(0, side), between(0, side)), between(2, 9), between(2, 9));
    }
    painter.setBrush(QColor::fromHsv(between(0, 360), between(150, 256), between(90, 200)));
    painter.translate(between(60, 100), between(60, 100));
    painter.rotate(between(-25, 25));
    const double r = between(30, 52);
    switch (shape) {
    case Shape::Circle:
        painter.drawEllipse(QPointF(), r, r);
        break;
    case Shape::Square:
        painter.drawRect(QRectF(-r, -r, 2 * r, 2 * r));
        break;
    case Shape::Triangle:
        painter.drawPolygon(QPolygonF({QPointF(0, -r), QPointF(r, r), QPointF(-r, r)}));
        break;
    }
    return image;
}

} // namespace

QString drawPictures(const QString& parent, const QString& name, int each)
{
    QRandomGenerator random(7);
    const QDir folder(QDir(parent).filePath(name));
    const std::pair<Shape, QString> classes[] = {{Shape::Circle, QStringLiteral("Circle")},
                                                 {Shape::Square, QStringLiteral("Square")},
                                                 {Shape::Triangle, QStringLiteral("Triangle")}};
    for (const auto& [shape, title] : classes) {
        folder.mkpath(title);
        for (int i = 0; i < each; ++i)
            draw(shape, random)
                .save(folder.filePath(QStringLiteral("%1/%2_%3.png").arg(title, title.toLower()).arg(i)));
    }
    return folder.path();
}

} // namespace graft::test
