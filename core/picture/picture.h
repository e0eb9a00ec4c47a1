// Pictures for the image-processing experiment and the image kernel: made here from a seed, or loaded (natively, see
// native/picture/picture_file.h). Made with integers only, so that every platform makes the same ones.
#pragma once

#include <cstdint>
#include <vector>

namespace gil {

struct Picture {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> pixels; ///< red, green, blue; row by row from the top, without padding
    bool operator==(const Picture&) const = default;
};

/// A black picture of that size; both at least 1.
[[nodiscard]] Picture blank_picture(int width, int height);

/// A landscape with mountains, a low sun and clouds: large areas for the eye, fine detail for the filters. Takes about
/// 0.1 s for 1600 x 1200 natively. Any thread.
[[nodiscard]] Picture make_picture(std::uint64_t seed, int width = 1600, int height = 1200);

/// FNV-1a (64 bits) of size and pixels.
[[nodiscard]] std::uint64_t checksum(const Picture& picture);

} // namespace gil
