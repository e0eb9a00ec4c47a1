#include <catch2/catch_test_macros.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#define STB_IMAGE_RESIZE_IMPLEMENTATION
#define STB_IMAGE_RESIZE_STATIC
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#include <stb_image_resize2.h>
#include <stb_image_write.h>
#pragma GCC diagnostic pop

#include "core/picture/picture_filter.h"
#include "native/picture/picture_file.h"
#include "tests/native/support.h"

using namespace gil;
using namespace gil::native;
namespace fs = std::filesystem;

namespace {

using Bytes = std::vector<std::uint8_t>;

/// A folder that is gone after the test.
class Folder {
  public:
    Folder() {
        std::string pattern = (fs::temp_directory_path() / "gil-pictures-XXXXXX").string();
        REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        path_ = pattern;
    }
    ~Folder() { fs::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    [[nodiscard]] std::string file(const std::string& name) const { return path_ / name; }
    [[nodiscard]] std::string file(const std::string& name, const Bytes& bytes) const {
        std::ofstream(file(name), std::ios::binary)
            .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
        return file(name);
    }

  private:
    fs::path path_;
};

void append(void* to, void* data, int size) {
    auto& bytes = *static_cast<Bytes*>(to);
    bytes.insert(bytes.end(), static_cast<std::uint8_t*>(data), static_cast<std::uint8_t*>(data) + size);
}

Bytes png_of(int width, int height, int channels, const std::uint8_t* pixels) {
    Bytes bytes;
    REQUIRE(stbi_write_png_to_func(append, &bytes, width, height, channels, pixels, width * channels) != 0);
    return bytes;
}

Bytes png_of(const Picture& picture) {
    return png_of(picture.width, picture.height, 3, picture.pixels.data());
}

Bytes jpeg_of(const Picture& picture) {
    Bytes bytes;
    REQUIRE(stbi_write_jpg_to_func(append, &bytes, picture.width, picture.height, 3, picture.pixels.data(), 95) != 0);
    return bytes;
}

/// The one line of an error; fails the test when there is none.
std::string error_of(const Result<Picture>& result) {
    REQUIRE_FALSE(result);
    const std::string line = result.error().line();
    CHECK(line.find('\n') == std::string::npos);
    return line;
}

int largest_difference(const Picture& a, const Picture& b) {
    REQUIRE(a.pixels.size() == b.pixels.size());
    int largest = 0;
    for (std::size_t i = 0; i < a.pixels.size(); ++i) largest = std::max(largest, std::abs(a.pixels[i] - b.pixels[i]));
    return largest;
}

} // namespace

TEST_CASE("PictureFile.a saved PNG comes back as it was", "[native]") {
    const Folder folder;
    const std::string path = folder.file("a.png");
    for (const auto& [width, height] : {std::pair{320, 240}, {1, 1}, {7, 300}}) {
        const Picture picture = make_picture(3, width, height);
        REQUIRE(save_png(picture, path));
        const auto loaded = load_picture(path);
        REQUIRE(loaded);
        CHECK(loaded.value() == picture);
    }
}

TEST_CASE("PictureFile.a JPEG comes back nearly as it was", "[native]") {
    const Folder folder;
    const Picture picture = make_picture(1, 160, 120);
    const auto loaded = load_picture(folder.file("a.jpg", jpeg_of(picture)));
    REQUIRE(loaded);
    CHECK(loaded.value().width == 160);
    CHECK(loaded.value().height == 120);
    CHECK(largest_difference(loaded.value(), picture) < 40);
}

TEST_CASE("PictureFile.grey, and transparent pixels on white", "[native]") {
    constexpr std::uint8_t grey[] = {0, 128, 255};
    const auto plain = decode_picture(png_of(3, 1, 1, grey), "grey");
    REQUIRE(plain);
    CHECK(plain.value().pixels == Bytes{0, 0, 0, 128, 128, 128, 255, 255, 255});
    constexpr std::uint8_t clear[] = {255, 0, 0, 255, 0, 0, 0, 0, 0, 0, 0, 128};
    const auto flat = decode_picture(png_of(3, 1, 4, clear), "clear");
    REQUIRE(flat);
    CHECK(flat.value().pixels == Bytes{255, 0, 0, 255, 255, 255, 127, 127, 127});
}

TEST_CASE("PictureFile.what is not there or not a file is said", "[native]") {
    const gil::native::test::TimeLimit limit(20);
    const Folder folder;
    CHECK(error_of(load_picture(folder.file("none.png"))) ==
          folder.file("none.png") + ": cannot be opened: No such file or directory");
    CHECK(error_of(load_picture("")).find("cannot be opened") != std::string::npos);
    CHECK(error_of(load_picture(folder.file(""))).find("is not a file (accepted: a PNG or JPEG file)") !=
          std::string::npos);
    // A pipe that nobody writes to must not be waited for.
    REQUIRE(::mkfifo(folder.file("pipe").c_str(), 0600) == 0);
    CHECK(error_of(load_picture(folder.file("pipe"))).find("is not a file") != std::string::npos);
    CHECK(error_of(load_picture("/dev/zero")).find("is not a file") != std::string::npos);
}

TEST_CASE("PictureFile.what is not a picture is said", "[native]") {
    const Folder folder;
    const std::string text = "GIF89a and other things that are no picture here";
    for (const Bytes& bytes : {Bytes{}, Bytes{0x89}, Bytes(text.begin(), text.end()), Bytes(5'000, 0)}) {
        const std::string path = folder.file("odd.png", bytes);
        CHECK(error_of(load_picture(path)) == path + ": is not a picture (accepted: a PNG or JPEG file)");
    }
    // Signatures with nothing sensible behind them.
    Bytes png = png_of(make_picture(1, 8, 8));
    png.resize(8);
    CHECK(error_of(decode_picture(png, "x")).starts_with("x: is not a whole picture: "));
    CHECK(error_of(decode_picture(Bytes{0xFF, 0xD8, 0xFF, 0xD9}, "x")).starts_with("x: is not a whole picture: "));
}

TEST_CASE("PictureFile.a file that is too large is not read", "[native]") {
    const Folder folder;
    const std::string path = folder.file("large.png", png_of(make_picture(1, 8, 8)));
    REQUIRE(::truncate(path.c_str(), max_picture_file_bytes + (1 << 20)) == 0);
    CHECK(error_of(load_picture(path)) == path + ": 65 MiB are too large for a picture (accepted: up to 64 MiB)");
}

TEST_CASE("PictureFile.too many pixels are refused before they are decoded", "[native]") {
    // The header alone counts; what follows never gets looked at.
    Bytes png = png_of(make_picture(1, 8, 8));
    const auto set_size = [&png](std::uint32_t width, std::uint32_t height) {
        for (std::size_t i = 0; i < 4; ++i) {
            png[16 + i] = static_cast<std::uint8_t>(width >> (24 - 8 * i));
            png[20 + i] = static_cast<std::uint8_t>(height >> (24 - 8 * i));
        }
    };
    set_size(8'000, 5'001);
    CHECK(error_of(decode_picture(png, "x")) ==
          "x: 8000 x 5001 pixels are too many (accepted: up to 40 million, and 20,000 on a side)");
    set_size(20'001, 1);
    CHECK(error_of(decode_picture(png, "x")).starts_with("x: 20001 x 1 pixels are too many"));
    set_size(0xFFFFFFFF, 0xFFFFFFFF);
    CHECK(error_of(decode_picture(png, "x")).starts_with("x: is not a whole picture: "));
    set_size(8'000, 5'000);
    CHECK(error_of(decode_picture(png, "x")) == "x: the file is damaged (accepted: a whole PNG or JPEG file)");
}

TEST_CASE("PictureFile.a picture that is cut off anywhere is refused", "[native]") {
    const Picture picture = make_picture(2, 40, 30);
    for (const Bytes& whole : {png_of(picture), jpeg_of(picture)}) {
        REQUIRE(decode_picture(whole, "x"));
        for (std::size_t length = 0; length < whole.size(); length += length < 700 ? 1 : 37) {
            const Bytes part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
            INFO(length << " of " << whole.size() << " bytes");
            CHECK_FALSE(error_of(decode_picture(part, "x")).empty());
        }
    }
    Bytes most = jpeg_of(picture);
    most.resize(most.size() - 2);
    CHECK(error_of(decode_picture(most, "x")) == "x: the file is cut off (accepted: a whole PNG or JPEG file)");
    most = png_of(picture);
    most.resize(most.size() - 1);
    CHECK(error_of(decode_picture(most, "x")) == "x: the file is cut off (accepted: a whole PNG or JPEG file)");
}

TEST_CASE("PictureFile.a damaged PNG is refused, and no damage crashes the decoder", "[native]") {
    const Picture picture = make_picture(4, 32, 24);
    const Bytes png = png_of(picture);
    const Bytes jpeg = jpeg_of(picture);
    std::uint64_t random = 1;
    for (int i = 0; i < 2'000; ++i) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        Bytes broken = i % 2 == 0 ? png : jpeg;
        broken[(random >> 33) % broken.size()] ^= static_cast<std::uint8_t>(1 + (random >> 20) % 255);
        const auto loaded = decode_picture(broken, "x");
        if (i % 2 == 0) CHECK_FALSE(loaded);
        if (loaded) CHECK(loaded.value().pixels.size() > 0);
    }
    // Bytes after the end belong to nobody.
    Bytes longer = jpeg;
    longer.insert(longer.end(), 100, 0xAB);
    CHECK(decode_picture(longer, "x"));
}

TEST_CASE("PictureFile.where nothing can be written is said", "[native]") {
    const Folder folder;
    const std::string path = folder.file("no/such/folder.png");
    const auto saved = save_png(make_picture(1, 4, 4), path);
    REQUIRE_FALSE(saved);
    CHECK(saved.error().line() == path + ": cannot be written: No such file or directory");
    const auto full = save_png(make_picture(1, 64, 64), "/dev/full");
    REQUIRE_FALSE(full);
    CHECK(full.error().line() == "/dev/full: cannot be written: No space left on device");
}

TEST_CASE("PictureFile.resizing agrees with stb_image_resize2 but for rounding", "[native]") {
    const Picture picture = make_picture(1, 400, 300);
    // stb has the same kernel (Catmull-Rom is bicubic with a = -0.5), but it repeats the outermost pixels where Pillow
    // leaves out what lies beyond them. So the margin is cut off, after a sharpening that both get.
    Picture resized = blank_picture(200, 150);
    REQUIRE(stbir_resize(picture.pixels.data(), 400, 300, 0, resized.pixels.data(), 200, 150, 0, STBIR_RGB,
                         STBIR_TYPE_UINT8, STBIR_EDGE_CLAMP, STBIR_FILTER_CATMULLROM) != nullptr);
    const auto inner = [](const Picture& whole) {
        Picture part{whole.width - 12, whole.height - 12, {}};
        for (int y = 6; y < whole.height - 6; ++y) {
            const auto row = whole.pixels.begin() + (y * whole.width + 6) * 3;
            part.pixels.insert(part.pixels.end(), row, row + part.width * 3);
        }
        return part;
    };
    const Picture theirs = inner(resize_and_sharpen(resized, 200, 150)); // the same size: only sharpened
    const Picture ours = inner(resize_and_sharpen(picture, 200, 150));
    // Pillow rounds between the two passes: one step here, up to four after sharpening.
    CHECK(largest_difference(theirs, ours) <= 4);
    CHECK(largest_difference(inner(resized), ours) > 4);
}
