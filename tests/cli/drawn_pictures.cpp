#include "tests/cli/drawn_pictures.h"

#include <QDir>
#include <QFile>
#include <QImage>
#include <QPainter>
#include <QPolygonF>
#include <QRandomGenerator>

void drawPicture(const QString& file, int shape, int number)
{
    QRandomGenerator random(static_cast<quint32>(1000 * shape + number + 1));
    constexpr int width = 200;
    constexpr int height = 160;
    QImage image(width, height, QImage::Format_RGB32);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    for (int x = 0; x < width;) { // stripes that differ keep the pictures from being near duplicates
        const int step = random.bounded(8, 40);
        painter.fillRect(x, 0, step, height,
                         QColor::fromHsv(random.bounded(360), 60, random.bounded(80, 255)));
        x += step;
    }
    for (int y = 0; y < height;) {
        const int step = random.bounded(8, 40);
        painter.fillRect(0, y, width, step / 2,
                         QColor::fromHsv(random.bounded(360), 60, random.bounded(80, 255)));
        y += step;
    }
    constexpr int hues[] = {0, 120, 240};
    painter.setBrush(QColor::fromHsv(hues[shape], 255, random.bounded(160, 255)));
    painter.setPen(Qt::NoPen);
    const double size = random.bounded(60, 110);
    const QRectF box(random.bounded(width - static_cast<int>(size)),
                     random.bounded(height - static_cast<int>(size)), size, size);
    if (shape == 0)
        painter.drawEllipse(box);
    else if (shape == 1)
        painter.drawRect(box);
    else
        painter.drawPolygon(QPolygonF {box.bottomLeft(), box.bottomRight(), {box.center().x(), box.top()}});
    painter.end();
    if (!image.save(file))
        qFatal("%s could not be written", qPrintable(file));
}

void drawPictures(const QString& folder, int each)
{
    const QString names[] = {QStringLiteral("disc"), QStringLiteral("square"), QStringLiteral("triangle")};
    for (int shape = 0; shape < 3; ++shape) {
        QDir().mkpath(folder + QLatin1Char('/') + names[shape]);
        for (int i = 0; i < each; ++i)
            drawPicture(
                QStringLiteral("%1/%2/%3.png").arg(folder, names[shape]).arg(i, 3, 10, QLatin1Char('0')),
                shape, i);
    }
}

void writeBroken(const QString& file)
{
    QFile out(file);
    if (!out.open(QIODevice::WriteOnly)
        || out.write("\x89PNG\r\n\x1a\nthis is not the rest of a picture") < 0)
        qFatal("%s could not be written", qPrintable(file));
}
