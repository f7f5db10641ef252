#pragma once
#include "core/base/image.h"

#include <QImage>
#include <QStringList>

class QMimeData;

namespace graft::ui {

/// Pictures between Qt and core: what people drop and paste, and what is shown to them.

QStringList localPaths(const QMimeData* data); ///< files and folders of this computer

/// The picture that was copied: transparent parts are white, as the classifier sees files, and very large
/// ones are made smaller. Null where there is none.
QImage pastedPicture(const QMimeData* data);

Image toImage(const QImage& picture);
QImage toQImage(const Image& image); ///< RGB32, which a QPixmap takes as it is

} // namespace graft::ui
