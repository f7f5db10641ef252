#pragma once
#include "core/base/image.h"

#include <QImage>
#include <QStringList>

class QMimeData;

namespace graft::ui {

/// What people drop and paste, as Graft takes it in.

QStringList localPaths(const QMimeData* data); ///< files and folders of this computer

/// The picture that was copied: transparent parts are white, as the classifier sees files, and very large
/// ones are made smaller. Null where there is none.
QImage pastedPicture(const QMimeData* data);

Image toImage(const QImage& picture);

} // namespace graft::ui
