// The same resize and sharpen by its definition, pixel by pixel and with exact fractions instead of floating point:
// what results are checked against. It shares no code with core/picture/picture_filter.cpp and is several times slower.
#pragma once

#include "core/picture/picture.h"

namespace gil {

/// All sizes from 1 to 20,000.
[[nodiscard]] Picture reference_resize_and_sharpen(const Picture& source, int width, int height);

} // namespace gil
