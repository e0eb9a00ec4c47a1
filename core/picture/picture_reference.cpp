#include "core/picture/picture_reference.h"

#include <algorithm>

namespace gil {

namespace {

/// Weights of the source pixels from `first` on, in 1 / 2^22.
struct Taps {
    int first = 0;
    std::vector<std::int64_t> weights;
};

/// Twice the bicubic kernel (a = -0.5) at n / d, times d^3.
std::int64_t bicubic_numerator(std::int64_t n, std::int64_t d) {
    n = n < 0 ? -n : n;
    if (n < d) return 3 * n * n * n - 5 * n * n * d + 2 * d * d * d;
    if (n < 2 * d) return -n * n * n + 5 * n * n * d - 8 * n * d * d + 4 * d * d * d;
    return 0;
}

/// a / b in 1 / 2^22, rounded half away from zero, by long division: the numbers are too large to be shifted first.
std::int64_t in_fixed_point(std::int64_t a, std::int64_t b) {
    std::int64_t rest = a < 0 ? -a : a;
    std::int64_t quotient = rest / b;
    rest %= b;
    for (int bit = 0; bit < 22; ++bit) {
        rest *= 2;
        quotient = 2 * quotient + (rest >= b ? 1 : 0);
        rest -= rest >= b ? b : 0;
    }
    quotient += 2 * rest >= b ? 1 : 0;
    return a < 0 ? -quotient : quotient;
}

/// `pixel` of `target` pixels, drawn from `source` pixels. Distances are counted in 1 / d of an output pixel (of a
/// source pixel when enlarging).
Taps taps_of(int pixel, int source, int target) {
    const std::int64_t d = 2 * std::max<std::int64_t>(source, target);
    const auto distance = [&](std::int64_t i) { return (2 * i + 1) * target - (2 * std::int64_t{pixel} + 1) * source; };
    Taps taps;
    std::int64_t sum = 0;
    for (int i = 0; i < source; ++i) {
        // A pixel takes part when its centre is within reach, the far edge included on the left side only.
        if (distance(i) < -2 * d || distance(i) >= 2 * d) continue;
        if (taps.weights.empty()) taps.first = i;
        taps.weights.push_back(bicubic_numerator(distance(i), d));
        sum += taps.weights.back();
    }
    for (std::int64_t& weight : taps.weights) weight = in_fixed_point(weight, sum);
    return taps;
}

int byte_of(std::int64_t sum) {
    return static_cast<int>(std::clamp<std::int64_t>((sum + (1 << 21)) >> 22, 0, 255));
}

int resized_at(const Picture& source, const Taps& across, const Taps& down, int channel) {
    std::int64_t sum = 0;
    for (std::size_t row = 0; row < down.weights.size(); ++row) {
        const std::size_t line = static_cast<std::size_t>(down.first) + row;
        std::int64_t line_sum = 0;
        for (std::size_t i = 0; i < across.weights.size(); ++i) {
            const std::size_t pixel =
                line * static_cast<std::size_t>(source.width) + static_cast<std::size_t>(across.first) + i;
            line_sum += across.weights[i] * source.pixels[pixel * 3 + static_cast<std::size_t>(channel)];
        }
        sum += down.weights[row] * byte_of(line_sum);
    }
    return byte_of(sum);
}

Picture resized(const Picture& source, int width, int height) {
    std::vector<Taps> columns;
    for (int x = 0; x < width; ++x) columns.push_back(taps_of(x, source.width, width));
    Picture picture{width, height, {}};
    for (int y = 0; y < height; ++y) {
        const Taps down = taps_of(y, source.height, height);
        for (const Taps& across : columns) {
            for (int channel = 0; channel < 3; ++channel) {
                picture.pixels.push_back(static_cast<std::uint8_t>(resized_at(source, across, down, channel)));
            }
        }
    }
    return picture;
}

} // namespace

Picture reference_resize_and_sharpen(const Picture& source, int width, int height) {
    const Picture soft = resized(source, width, height);
    const auto at = [&](int x, int y, int channel) -> int {
        return soft.pixels[static_cast<std::size_t>((y * width + x) * 3 + channel)];
    };
    Picture sharp = soft;
    for (int y = 1; y < height - 1; ++y) {
        for (int x = 1; x < width - 1; ++x) {
            for (int channel = 0; channel < 3; ++channel) {
                int sum = 34 * at(x, y, channel); // 32, and 2 for the centre that the next loop takes off
                for (int dy = -1; dy <= 1; ++dy) {
                    for (int dx = -1; dx <= 1; ++dx) sum -= 2 * at(x + dx, y + dy, channel);
                }
                const int value = sum + 8 < 0 ? 0 : (sum + 8) / 16;
                sharp.pixels[static_cast<std::size_t>((y * width + x) * 3 + channel)] =
                    static_cast<std::uint8_t>(std::min(value, 255));
            }
        }
    }
    return sharp;
}

} // namespace gil
