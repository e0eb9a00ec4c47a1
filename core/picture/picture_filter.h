// Resize and sharpen, as the post does it with Pillow: `image.resize(size)` (bicubic, a = -0.5, widened when shrinking)
// and `image.filter(ImageFilter.SHARPEN)`. The result is Pillow's, byte for byte; see
// tests/core/picture/test_picture.cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/picture/picture.h"

namespace gil {

/// A rectangle of the result.
struct Area {
    int x = 0;
    int y = 0;
    int width = 0;
    int height = 0;
};

/// The weights for one pair of sizes. Constant once made, so any number of threads may use one.
class ResizeAndSharpen {
  public:
    /// All sizes at least 1.
    ResizeAndSharpen(int source_width, int source_height, int width, int height);

    [[nodiscard]] int width() const { return static_cast<int>(columns_.ranges.size()); }
    [[nodiscard]] int height() const { return static_cast<int>(rows_.ranges.size()); }

    /// Bytes of scratch memory that `apply` needs for an area of that size.
    [[nodiscard]] std::size_t scratch_size(int area_width, int area_height) const;

    /// Computes `area`, which lies inside the result, into `target` (its pixels row by row, without padding). `source`
    /// has the size given to the constructor. Allocates nothing; never blocks.
    void apply(const Picture& source, const Area& area, std::uint8_t* target, std::span<std::uint8_t> scratch) const;

  private:
    /// Where the source pixels of one output pixel begin, and how many they are.
    struct Range {
        int first = 0;
        int count = 0;
    };
    struct Weights {
        std::vector<Range> ranges;
        std::vector<std::int32_t> values; ///< `stride` per output pixel, in 1 / 2^22
        int stride = 0;

        [[nodiscard]] const std::int32_t* of(int pixel) const {
            return values.data() + static_cast<std::size_t>(pixel) * static_cast<std::size_t>(stride);
        }
    };
    struct Window; ///< what of source and resized picture an area needs

    static Weights make_weights(int source, int target);
    [[nodiscard]] Window window_of(const Area& area) const;
    void resize_rows(const Picture& source, const Window& window, std::uint8_t* rows) const;
    void resize_columns(const Window& window, const std::uint8_t* rows, std::uint8_t* resized) const;
    void sharpen(const Area& area, const Window& window, const std::uint8_t* resized, std::uint8_t* target) const;

    Weights columns_;
    Weights rows_;
};

/// Rows of a band, see below.
inline constexpr int band_rows = 16;

/// The whole picture in bands of band_rows rows. After each band `after_band` is told how many rows are done and may
/// return false to stop: the rows that are missing are then black. It may be empty. Both sizes at least 1.
[[nodiscard]] Picture resize_and_sharpen(const Picture& source, int width, int height,
                                         const std::function<bool(int rows_done)>& after_band = {});

} // namespace gil
