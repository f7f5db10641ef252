#pragma once
#include <QString>

/// Draws `each` pictures of discs, squares and triangles into folder/disc, folder/square, folder/triangle: a
/// shape in the colour of its class on a ground of stripes, all of it different in every picture.
void drawPictures(const QString& folder, int each);

/// One of them. `shape`: 0 disc, 1 square, 2 triangle.
void drawPicture(const QString& file, int shape, int number);

/// A file that begins like a PNG and is none.
void writeBroken(const QString& file);
