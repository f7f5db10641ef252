#pragma once
#include <QString>

namespace graft::test {

/// Draws `each` pictures of circles, squares and triangles into folders of that name, and returns the folder
/// around them. The same pictures each time; no two alike.
QString drawPictures(const QString& parent, const QString& name, int each);

} // namespace graft::test
