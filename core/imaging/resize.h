#pragma once
#include "core/base/image.h"
#include "core/base/preprocess_spec.h"

#include <cstdint>
#include <span>

namespace graft::imaging {

/// A rectangle of pixels.
struct Box {
    int left = 0;
    int top = 0;
    int width = 0;
    int height = 0;
};

/// The part `box` of `image` resized to width x height. Same pixels as computing the whole and cutting it
/// out. The kernel widens with the scale (antialiased); arithmetic as in Pillow's ImagingResample, 8 bits per
/// channel, so results are equal to Pillow's to the last bit. Requires positive sizes.
Image resize(const Image& image, int width, int height, Interpolation interpolation);

/// Resized to width x height as above, of which only `box` is computed and returned.
Image resizePart(const Image& image, int width, int height, const Box& box, Interpolation interpolation);

/// THE preprocessing, up to the numbers 0..255 that a network gets: shorter side to spec.resize (the longer
/// one truncated, as torchvision does), then the centre crop (padded with black where the picture is
/// smaller). Writes crop * crop * 3 bytes, NHWC, RGB. Requires out.size() to be that.
void preprocess(const Image& image, const PreprocessSpec& spec, std::span<std::uint8_t> out);

/// What preprocess() cuts its crop from, for augmentation, which sees what lies around: the whole resized
/// picture, but at most three times the crop along a side, since a line of a million pixels is a picture too,
/// and at least the crop (on black, as there). The centre crop of it (cropOffset()) is preprocess()'s bytes.
Image withSurroundings(const Image& image, const PreprocessSpec& spec);

} // namespace graft::imaging
