#pragma once
#include "core/base/image.h"

#include <array>

namespace graft::engine {

/// Five small pictures that every copy of the program draws alike. A model keeps its logits for them: whoever
/// loads it can see that decoding apart, everything from resizing to the last layer still computes the same.
/// They are drawn and not taken from the person's pictures, so that a model never carries any.
std::array<Image, 5> selfCheckPictures();

} // namespace graft::engine
