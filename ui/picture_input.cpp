#include "ui/picture_input.h"

#include <QMimeData>
#include <QPainter>
#include <QUrl>

#include <algorithm>
#include <cstring>

namespace graft::ui {

QStringList localPaths(const QMimeData* data)
{
    QStringList paths;
    for (const QUrl& url : data->urls()) {
        if (url.isLocalFile())
            paths += url.toLocalFile();
    }
    return paths;
}

QImage pastedPicture(const QMimeData* data)
{
    constexpr int longestSide = 8192; // pixels
    QImage picture = qvariant_cast<QImage>(data->imageData());
    if (picture.isNull())
        return {};
    if (std::max(picture.width(), picture.height()) > longestSide)
        picture = picture.scaled(longestSide, longestSide, Qt::KeepAspectRatio, Qt::SmoothTransformation);
    QImage result(picture.size(), QImage::Format_RGB32);
    result.fill(Qt::white);
    QPainter(&result).drawImage(0, 0, picture);
    return result;
}

Image toImage(const QImage& picture)
{
    const QImage rgb = picture.convertToFormat(QImage::Format_RGB888);
    Image image {rgb.width(), rgb.height(), {}};
    const auto row = static_cast<std::size_t>(rgb.width()) * 3;
    image.rgb.resize(row * static_cast<std::size_t>(rgb.height()));
    for (int y = 0; y < rgb.height(); ++y)
        std::memcpy(image.rgb.data() + static_cast<std::size_t>(y) * row, rgb.constScanLine(y), row);
    return image;
}

QImage toQImage(const Image& image)
{
    QImage result(image.width, image.height, QImage::Format_RGB32);
    const std::uint8_t* from = image.rgb.data();
    for (int y = 0; y < image.height; ++y) {
        auto* to = reinterpret_cast<QRgb*>(result.scanLine(y));
        for (int x = 0; x < image.width; ++x, from += 3)
            to[x] = qRgb(from[0], from[1], from[2]);
    }
    return result;
}

} // namespace graft::ui
