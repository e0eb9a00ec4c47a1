#include "core/picture/picture_filter.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace gil {

namespace {

// Pillow's fixed point for pictures of 8 bits (src/libImaging/Resample.c, PRECISION_BITS).
constexpr int precision = 22;
constexpr double reach = 2.0; ///< of the bicubic kernel, in output pixels

double bicubic(double x) {
    constexpr double a = -0.5;
    x = std::abs(x);
    if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
    if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
    return 0;
}

std::uint8_t clip(std::int32_t value) {
    return static_cast<std::uint8_t>(std::clamp(value, 0, 255));
}

std::uint8_t rounded(std::int32_t sum) {
    return clip((sum + (1 << (precision - 1))) >> precision);
}

constexpr std::size_t size(int n) {
    return static_cast<std::size_t>(n);
}

} // namespace

/// Columns and rows of the resized picture that are read, one more than the area on each side where there is one, and
/// the source rows that those need.
struct ResizeAndSharpen::Window {
    int x = 0;
    int y = 0;
    int width = 0;
    int height = 0;
    int source_y = 0;
    int source_height = 0;
};

ResizeAndSharpen::Weights ResizeAndSharpen::make_weights(int source, int target) {
    const double scale = static_cast<double>(source) / target;
    const double widened = std::max(scale, 1.0);
    const double support = reach * widened;
    Weights weights;
    weights.stride = static_cast<int>(std::ceil(support)) * 2 + 1;
    weights.values.resize(size(target) * size(weights.stride));
    std::vector<double> exact(size(weights.stride));
    for (int pixel = 0; pixel < target; ++pixel) {
        const double centre = (pixel + 0.5) * scale;
        const int first = std::max(0, static_cast<int>(centre - support + 0.5));
        const int end = std::min(source, static_cast<int>(centre + support + 0.5));
        double sum = 0;
        for (int i = first; i < end; ++i) {
            exact[size(i - first)] = bicubic((i - centre + 0.5) / widened);
            sum += exact[size(i - first)];
        }
        for (int i = 0; i < end - first; ++i) {
            const double weight = exact[size(i)] / sum * (1 << precision);
            weights.values[size(pixel) * size(weights.stride) + size(i)] =
                static_cast<std::int32_t>(weight + (weight < 0 ? -0.5 : 0.5));
        }
        weights.ranges.push_back({first, end - first});
    }
    return weights;
}

ResizeAndSharpen::ResizeAndSharpen(int source_width, int source_height, int width, int height)
    : columns_(make_weights(source_width, width)), rows_(make_weights(source_height, height)) {}

ResizeAndSharpen::Window ResizeAndSharpen::window_of(const Area& area) const {
    Window window;
    window.x = std::max(0, area.x - 1);
    window.y = std::max(0, area.y - 1);
    window.width = std::min(width(), area.x + area.width + 1) - window.x;
    window.height = std::min(height(), area.y + area.height + 1) - window.y;
    const Range& last = rows_.ranges[size(window.y + window.height - 1)];
    window.source_y = rows_.ranges[size(window.y)].first;
    window.source_height = last.first + last.count - window.source_y;
    return window;
}

std::size_t ResizeAndSharpen::scratch_size(int area_width, int area_height) const {
    // Of all windows of that height, the one with the most source rows.
    int source_rows = 0;
    for (int y = 0; y < height(); ++y) {
        const int last = std::min(height() - 1, y + area_height + 1);
        source_rows = std::max(source_rows, rows_.ranges[size(last)].first + rows_.ranges[size(last)].count -
                                                rows_.ranges[size(y)].first);
    }
    return size(area_width + 2) * 3 * size(source_rows + area_height + 2);
}

/// The horizontal pass: `rows` gets window.source_height rows of window.width pixels.
void ResizeAndSharpen::resize_rows(const Picture& source, const Window& window, std::uint8_t* rows) const {
    for (int y = window.source_y; y < window.source_y + window.source_height; ++y) {
        const std::uint8_t* row = source.pixels.data() + size(y) * size(source.width) * 3;
        for (int x = window.x; x < window.x + window.width; ++x, rows += 3) {
            const Range& range = columns_.ranges[size(x)];
            const std::int32_t* weight = columns_.of(x);
            const std::uint8_t* pixel = row + size(range.first) * 3;
            std::int32_t red = 0;
            std::int32_t green = 0;
            std::int32_t blue = 0;
            for (int i = 0; i < range.count; ++i, pixel += 3) {
                red += pixel[0] * weight[i];
                green += pixel[1] * weight[i];
                blue += pixel[2] * weight[i];
            }
            rows[0] = rounded(red);
            rows[1] = rounded(green);
            rows[2] = rounded(blue);
        }
    }
}

/// The vertical pass: `resized` gets window.height rows of window.width pixels.
void ResizeAndSharpen::resize_columns(const Window& window, const std::uint8_t* rows, std::uint8_t* resized) const {
    const std::size_t stride = size(window.width) * 3;
    for (int y = window.y; y < window.y + window.height; ++y) {
        const Range& range = rows_.ranges[size(y)];
        const std::int32_t* weight = rows_.of(y);
        const std::uint8_t* column = rows + size(range.first - window.source_y) * stride;
        for (std::size_t x = 0; x < stride; ++x, ++column) {
            std::int32_t sum = 0;
            for (int i = 0; i < range.count; ++i) sum += column[size(i) * stride] * weight[i];
            *resized++ = rounded(sum);
        }
    }
}

/// ImageFilter.SHARPEN: 32 times the pixel less twice each neighbour, by 16. The picture's outermost pixels stay.
void ResizeAndSharpen::sharpen(const Area& area, const Window& window, const std::uint8_t* resized,
                               std::uint8_t* target) const {
    const auto stride = static_cast<std::ptrdiff_t>(window.width) * 3;
    for (int y = area.y; y < area.y + area.height; ++y) {
        for (int x = area.x; x < area.x + area.width; ++x) {
            const std::uint8_t* pixel = resized + (y - window.y) * stride + (x - window.x) * 3;
            const bool outermost = x == 0 || y == 0 || x == width() - 1 || y == height() - 1;
            for (int channel = 0; channel < 3; ++channel, ++pixel) {
                if (outermost) {
                    *target++ = *pixel;
                    continue;
                }
                const std::uint8_t* above = pixel - stride;
                const std::uint8_t* below = pixel + stride;
                const int around =
                    above[-3] + above[0] + above[3] + pixel[-3] + pixel[3] + below[-3] + below[0] + below[3];
                *target++ = clip((16 * *pixel - around + 4) >> 3);
            }
        }
    }
}

void ResizeAndSharpen::apply(const Picture& source, const Area& area, std::uint8_t* target,
                             std::span<std::uint8_t> scratch) const {
    const Window window = window_of(area);
    std::uint8_t* rows = scratch.data();
    std::uint8_t* resized = rows + size(window.source_height) * size(window.width) * 3;
    resize_rows(source, window, rows);
    resize_columns(window, rows, resized);
    sharpen(area, window, resized, target);
}

Picture resize_and_sharpen(const Picture& source, int width, int height,
                           const std::function<bool(int rows_done)>& after_band) {
    const ResizeAndSharpen filter(source.width, source.height, width, height);
    Picture target = blank_picture(width, height);
    std::vector<std::uint8_t> scratch(filter.scratch_size(width, band_rows));
    for (int y = 0; y < height; y += band_rows) {
        const Area band{0, y, width, std::min(band_rows, height - y)};
        filter.apply(source, band, target.pixels.data() + size(y) * size(width) * 3, scratch);
        if (after_band && !after_band(band.y + band.height)) break;
    }
    return target;
}

} // namespace gil
