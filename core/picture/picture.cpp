#include "core/picture/picture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

namespace gil {

namespace {

// All lengths are in 1/65536 of the picture's height, so that a picture looks the same at every size.
constexpr std::int64_t one = 65'536;

std::uint32_t hash(std::uint64_t seed, std::int64_t x, std::int64_t y) {
    std::uint64_t h = seed + static_cast<std::uint64_t>(x) * 0x9E3779B97F4A7C15u +
                      static_cast<std::uint64_t>(y) * 0xC2B2AE3D27D4EB4Fu;
    h = (h ^ (h >> 30)) * 0xBF58476D1CE4E5B9u;
    h = (h ^ (h >> 27)) * 0x94D049BB133111EBu;
    return static_cast<std::uint32_t>(h >> 32);
}

std::int64_t mix(std::int64_t a, std::int64_t b, std::int64_t t) {
    return a + (((b - a) * t) >> 16);
}

/// 3t^2 - 2t^3.
std::int64_t smooth(std::int64_t t) {
    return (((t * t) >> 16) * (3 * one - 2 * t)) >> 16;
}

/// Smooth noise from 0 to `one`, with a random value at each multiple of `one`.
std::int64_t noise(std::uint64_t seed, std::int64_t x, std::int64_t y) {
    const std::int64_t column = x >> 16;
    const std::int64_t row = y >> 16;
    const std::int64_t tx = smooth(x & (one - 1));
    const std::int64_t ty = smooth(y & (one - 1));
    const auto corner = [&](std::int64_t dx, std::int64_t dy) -> std::int64_t {
        return hash(seed, column + dx, row + dy) >> 16;
    };
    return mix(mix(corner(0, 0), corner(1, 0), tx), mix(corner(0, 1), corner(1, 1), tx), ty);
}

/// Octaves of noise, each twice as fine and half as strong; from 0 to `one`.
std::int64_t fractal(std::uint64_t seed, std::int64_t x, std::int64_t y, int octaves) {
    std::int64_t sum = 0;
    for (int i = 0; i < octaves; ++i) {
        sum += noise(seed + static_cast<std::uint64_t>(i), x << i, y << i) >> (i + 1);
    }
    return sum;
}

/// IEEE's square root is exact to the last bit, so this too is the same everywhere.
std::int64_t square_root(std::int64_t n) {
    return static_cast<std::int64_t>(std::sqrt(static_cast<double>(n)));
}

struct Colour {
    std::int64_t r = 0;
    std::int64_t g = 0;
    std::int64_t b = 0;
};

Colour mix(const Colour& a, const Colour& b, std::int64_t t) {
    return {mix(a.r, b.r, t), mix(a.g, b.g, t), mix(a.b, b.b, t)};
}

struct Palette {
    Colour top, middle, horizon; ///< of the sky
    Colour sun, cloud;
    Colour far, near; ///< mountains
};

constexpr std::array<Palette, 4> palettes = {{
    // dusk
    {{38, 44, 92}, {176, 92, 118}, {255, 186, 118}, {255, 236, 190}, {255, 206, 172}, {150, 104, 136}, {24, 22, 44}},
    // morning
    {{72, 132, 196}, {150, 194, 224}, {250, 232, 204}, {255, 250, 226}, {255, 255, 255}, {136, 168, 190}, {22, 52, 56}},
    // night
    {{8, 12, 36}, {24, 44, 92}, {84, 120, 148}, {244, 246, 232}, {92, 112, 148}, {52, 78, 112}, {6, 10, 22}},
    // autumn
    {{92, 120, 150}, {206, 178, 150}, {252, 214, 150}, {255, 240, 200}, {250, 228, 206}, {176, 134, 110}, {54, 28, 24}},
}};

constexpr int ridges = 5;

/// One landscape; asks for the colour at any point of it.
class Landscape {
  public:
    Landscape(std::uint64_t seed, std::int64_t width)
        : seed_(seed), palette_(palettes[seed % palettes.size()]),
          sun_x_(width / 5 + hash(seed, 1, 0) % std::max<std::int64_t>(1, width * 3 / 5)),
          sun_y_(one / 4 + hash(seed, 2, 0) % (one / 5)) {}

    /// Tops of the mountains in one column, the farthest first.
    using Tops = std::array<std::int64_t, ridges>;

    [[nodiscard]] Tops tops(std::int64_t x) const {
        Tops result{};
        for (int i = 0; i < ridges; ++i) {
            const std::int64_t rough = fractal(seed_ + 100 * static_cast<std::uint64_t>(i + 1), x * (2 + i), 0, 6);
            const std::int64_t height = one * 34 / 100 - one * 4 / 100 * i;
            result[static_cast<std::size_t>(i)] = one * (56 + 11 * i) / 100 - ((rough * height) >> 16);
        }
        result.back() -= tree(x);
        return result;
    }

    [[nodiscard]] Colour at(std::int64_t x, std::int64_t y, const Tops& tops) const {
        for (int i = ridges - 1; i >= 0; --i) {
            const std::int64_t depth = y - tops[static_cast<std::size_t>(i)];
            if (depth >= 0) return mountain(i, x, y, depth);
        }
        return sky(x, y);
    }

  private:
    /// Height of the pine at `x` above the nearest ridge: a jagged triangle, one in each strip.
    [[nodiscard]] std::int64_t tree(std::int64_t x) const {
        constexpr std::int64_t strip = one / 36;
        const std::int64_t index = x / strip;
        const std::int64_t centre = strip / 2 + hash(seed_, index, 7) % (strip / 3) - strip / 6;
        const std::int64_t height = one / 28 + hash(seed_, index, 8) % (one / 16);
        const std::int64_t off = std::abs(x % strip - centre);
        const std::int64_t jag = (off * 9) % (strip / 2) / 3;
        return std::max<std::int64_t>(0, height - off * height * 2 / strip - jag);
    }

    [[nodiscard]] Colour sky(std::int64_t x, std::int64_t y) const {
        const std::int64_t t = std::min(one, y * 2);
        Colour colour = t < one / 2 ? mix(palette_.top, palette_.middle, smooth(t * 2))
                                    : mix(palette_.middle, palette_.horizon, smooth(t * 2 - one));
        const std::int64_t dx = x - sun_x_;
        const std::int64_t dy = y - sun_y_;
        const std::int64_t distance = square_root(dx * dx + dy * dy);
        constexpr std::int64_t radius = one / 18;
        const std::int64_t glow = distance <= radius ? one : radius * one / (distance + (distance - radius) * 2);
        const std::int64_t clouds = fractal(seed_ + 50, x * 3, y * 11, 5);
        const std::int64_t cover = std::clamp<std::int64_t>((clouds - one * 46 / 100) * 4, 0, one * 3 / 4);
        colour = mix(colour, palette_.cloud, cover);
        return mix(colour, palette_.sun, glow - glow * cover / (2 * one));
    }

    [[nodiscard]] Colour mountain(int ridge, std::int64_t x, std::int64_t y, std::int64_t depth) const {
        const std::int64_t nearness = one * ridge / (ridges - 1);
        const Colour body = mix(palette_.far, palette_.near, nearness);
        // Haze gathers in the valleys; rock and wood have a grain that grows finer the nearer they are.
        const std::int64_t haze = std::min(one * 6 / 10, depth * 3) * (one - nearness) >> 16;
        const std::int64_t grain = fractal(seed_ + 500, x * (20 + 12 * ridge), y * (30 + 12 * ridge), 3) - one / 2;
        const std::int64_t light = (grain * (14 + 9 * ridge)) >> 16;
        const Colour hazy = mix(body, palette_.horizon, haze);
        return {hazy.r + light, hazy.g + light, hazy.b + light};
    }

    std::uint64_t seed_;
    Palette palette_;
    std::int64_t sun_x_;
    std::int64_t sun_y_;
};

std::uint8_t to_byte(std::int64_t value) {
    return static_cast<std::uint8_t>(std::clamp<std::int64_t>(value, 0, 255));
}

} // namespace

Picture blank_picture(int width, int height) {
    return {width, height,
            std::vector<std::uint8_t>(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3)};
}

Picture make_picture(std::uint64_t seed, int width, int height) {
    Picture picture = blank_picture(width, height);
    const Landscape landscape(seed, one * width / height);
    std::vector<Landscape::Tops> tops;
    for (int column = 0; column < width; ++column) tops.push_back(landscape.tops(one * column / height));
    std::uint8_t* pixel = picture.pixels.data();
    for (int row = 0; row < height; ++row) {
        for (int column = 0; column < width; ++column, pixel += 3) {
            const Colour colour =
                landscape.at(one * column / height, one * row / height, tops[static_cast<std::size_t>(column)]);
            // Like a camera's sensor, and against bands in the sky.
            const std::int64_t dither = static_cast<std::int64_t>(hash(seed, column, row + 1'000'000) >> 30) - 1;
            pixel[0] = to_byte(colour.r + dither);
            pixel[1] = to_byte(colour.g + dither);
            pixel[2] = to_byte(colour.b + dither);
        }
    }
    return picture;
}

std::uint64_t checksum(const Picture& picture) {
    std::uint64_t sum = 0xCBF29CE484222325u;
    const auto add = [&sum](std::uint64_t value) { sum = (sum ^ value) * 0x100000001B3u; };
    add(static_cast<std::uint64_t>(picture.width));
    add(static_cast<std::uint64_t>(picture.height));
    for (const std::uint8_t byte : picture.pixels) add(byte);
    return sum;
}

} // namespace gil
