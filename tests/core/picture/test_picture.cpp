#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <array>

#include "core/picture/picture.h"
#include "core/picture/picture_filter.h"
#include "core/picture/picture_reference.h"

using namespace gil;

TEST_CASE("Picture.a seed makes the same picture on every platform") {
    CHECK(checksum(make_picture(0)) == 0x8f296e8deb499d6f);
    CHECK(checksum(make_picture(2, 640, 360)) == 0x4467282fdb660c4c);
    CHECK(checksum(make_picture(3, 333, 77)) == 0xce685af0e3d3ce7d);
}

TEST_CASE("Picture.another seed makes another picture") {
    const Picture first = make_picture(1, 64, 48);
    CHECK(first.pixels.size() == 64 * 48 * 3);
    for (const std::uint64_t seed : {2u, 5u, 1'000'001u}) CHECK(make_picture(seed, 64, 48) != first);
    CHECK(make_picture(7, 1, 1).pixels.size() == 3);
    CHECK(make_picture(0xFFFFFFFFFFFFFFFF, 5, 300).pixels.size() == 5 * 300 * 3);
}

TEST_CASE("Picture.the checksum knows each byte and the shape") {
    Picture picture = make_picture(1, 12, 10);
    const std::uint64_t before = checksum(picture);
    picture.pixels[200] ^= 1;
    CHECK(checksum(picture) != before);
    picture.pixels[200] ^= 1;
    CHECK(checksum(picture) == before);
    std::swap(picture.width, picture.height);
    CHECK(checksum(picture) != before);
}

TEST_CASE("PictureFilter.the result is Pillow's, byte for byte") {
    // Image.resize(size).filter(ImageFilter.SHARPEN) of Pillow 9.4.0 on the same pictures, put through the same
    // checksum.
    struct Golden {
        std::uint64_t seed;
        int width, height, new_width, new_height;
        std::uint64_t checksum;
    };
    constexpr std::array<Golden, 5> goldens = {{{0, 1600, 1200, 800, 600, 0x3d3b7072cca7d580},
                                                {1, 1600, 1200, 800, 600, 0x538dd9b5b643104c},
                                                {2, 640, 360, 800, 600, 0xd620e2fc679c1a37},
                                                {3, 333, 77, 50, 200, 0xa100b6a6a4399449},
                                                {4, 3000, 41, 800, 600, 0x61f8682f790ccff2}}};
    for (const Golden& golden : goldens) {
        const Picture picture = make_picture(golden.seed, golden.width, golden.height);
        INFO("seed " << golden.seed);
        CHECK(checksum(resize_and_sharpen(picture, golden.new_width, golden.new_height)) == golden.checksum);
    }
}

TEST_CASE("PictureFilter.the reference comes to the same result at every size") {
    constexpr std::array<std::array<int, 4>, 8> sizes = {{{128, 96, 64, 48},
                                                          {101, 67, 80, 60},
                                                          {40, 30, 80, 60},
                                                          {81, 60, 80, 60},
                                                          {5, 3, 7, 2},
                                                          {7, 9, 1, 1},
                                                          {1, 1, 4, 4},
                                                          {500, 2, 3, 9}}};
    for (const auto& [width, height, new_width, new_height] : sizes) {
        const Picture picture = make_picture(static_cast<std::uint64_t>(width), width, height);
        INFO(width << " x " << height << " to " << new_width << " x " << new_height);
        CHECK(resize_and_sharpen(picture, new_width, new_height) ==
              reference_resize_and_sharpen(picture, new_width, new_height));
    }
}

TEST_CASE("PictureFilter.flat colour stays as it is and an edge gets steeper") {
    Picture picture = blank_picture(40, 40);
    for (std::size_t i = 0; i < picture.pixels.size(); ++i) picture.pixels[i] = i % (40 * 3) < 20 * 3 ? 100 : 150;
    const Picture sharp = resize_and_sharpen(picture, 20, 20);
    const auto at = [&sharp](std::size_t x) { return sharp.pixels[(10 * 20 + x) * 3]; };
    CHECK(at(3) == 100);
    CHECK(at(16) == 150);
    CHECK(at(9) < 100);
    CHECK(at(10) > 150);
}

TEST_CASE("PictureFilter.any area is that part of the whole") {
    const Picture picture = make_picture(5, 90, 70);
    const Picture whole = resize_and_sharpen(picture, 30, 25);
    const ResizeAndSharpen filter(90, 70, 30, 25);
    REQUIRE(filter.width() == 30);
    REQUIRE(filter.height() == 25);
    for (const Area area :
         {Area{0, 0, 30, 25}, Area{0, 0, 1, 1}, Area{29, 24, 1, 1}, Area{7, 3, 5, 4}, Area{0, 24, 30, 1}}) {
        std::vector<std::uint8_t> scratch(filter.scratch_size(area.width, area.height));
        std::vector<std::uint8_t> tile(static_cast<std::size_t>(area.width * area.height * 3));
        filter.apply(picture, area, tile.data(), scratch);
        std::vector<std::uint8_t> part;
        for (int y = area.y; y < area.y + area.height; ++y) {
            const auto row = whole.pixels.begin() + (y * 30 + area.x) * 3;
            part.insert(part.end(), row, row + area.width * 3);
        }
        INFO(area.x << "," << area.y << " " << area.width << " x " << area.height);
        CHECK(tile == part);
    }
}

TEST_CASE("PictureFilter.it can be stopped between bands") {
    const Picture picture = make_picture(6, 80, 160);
    std::vector<int> told;
    const Picture whole = resize_and_sharpen(picture, 40, 80, [&told](int rows) {
        told.push_back(rows);
        return true;
    });
    CHECK(told == std::vector<int>{16, 32, 48, 64, 80});
    const Picture part = resize_and_sharpen(picture, 40, 80, [](int rows) { return rows < 32; });
    const std::size_t done = 32 * 40 * 3;
    REQUIRE(part.pixels.size() == whole.pixels.size());
    CHECK(std::equal(part.pixels.begin(), part.pixels.begin() + done, whole.pixels.begin()));
    CHECK(std::all_of(part.pixels.begin() + done, part.pixels.end(), [](std::uint8_t byte) { return byte == 0; }));
}
