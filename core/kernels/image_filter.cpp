#include "core/kernels/image_filter.h"

#include <array>
#include <cassert>

#include "core/kernels/turns.h"
#include "core/picture/picture_filter.h"
#include "core/picture/picture_reference.h"

namespace gil {

namespace {

// Small enough for the nearest cache, so that the work is arithmetic and not memory; the result has half the size.
constexpr int source_width = 128;
constexpr int source_height = 96;
constexpr int width = source_width / 2;
constexpr int height = source_height / 2;
// The pixels of one turn.
constexpr int tile_width = 2;
constexpr int tile_height = 2;
constexpr int tiles_across = width / tile_width;
constexpr int tiles = tiles_across * (height / tile_height);
constexpr std::size_t tile_bytes = tile_width * tile_height * 3;
static_assert(width % tile_width == 0 && height % tile_height == 0);

struct Work {
    Picture source = make_picture(1, source_width, source_height);
    ResizeAndSharpen filter{source_width, source_height, width, height};
};

const Work& work() {
    static const Work the_work;
    return the_work;
}

Area tile_of(int tile) {
    return {tile % tiles_across * tile_width, tile / tiles_across * tile_height, tile_width, tile_height};
}

/// The bytes of a tile, weighted by their place in it.
class TileSum {
  public:
    void add(std::uint8_t byte) { sum_ += ++place_ * byte; }
    [[nodiscard]] std::uint64_t value() const { return sum_; }

  private:
    std::uint64_t sum_ = 0;
    std::uint64_t place_ = 0;
};

[[gnu::noinline]] std::uint64_t filter_tile(const Work& picture, int tile) {
    std::array<std::uint8_t, tile_bytes> pixels;
    std::array<std::uint8_t, 512> scratch;
    picture.filter.apply(picture.source, tile_of(tile), pixels.data(), scratch);
    TileSum sum;
    for (const std::uint8_t byte : pixels) sum.add(byte);
    return sum.value();
}

std::vector<std::uint64_t> tile_sums() {
    const Picture picture = reference_resize_and_sharpen(work().source, width, height);
    std::vector<std::uint64_t> sums;
    for (int tile = 0; tile < tiles; ++tile) {
        const Area area = tile_of(tile);
        TileSum sum;
        for (int y = area.y; y < area.y + area.height; ++y) {
            for (int i = 0; i < area.width * 3; ++i) {
                sum.add(picture.pixels[static_cast<std::size_t>((y * width + area.x) * 3 + i)]);
            }
        }
        sums.push_back(sum.value());
    }
    return sums;
}

} // namespace

bool image_filter(KernelState& state, std::uint64_t stop, std::uint32_t turns_per_check,
                  const std::atomic<std::uint32_t>& breaker) {
    const Work& picture = work();
    return run_turns(state, stop, turns_per_check, breaker,
                     [&picture](std::uint64_t turn) { return filter_tile(picture, static_cast<int>(turn % tiles)); });
}

std::uint64_t image_filter_expected(std::uint64_t turns) {
    static const PeriodSums sums(tile_sums());
    return sums.after(turns);
}

} // namespace gil
