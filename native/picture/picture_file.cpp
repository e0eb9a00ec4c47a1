#include "native/picture/picture_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <vector>

#include "native/base/posix.h"
#include "native/picture/picture_format.h"

namespace {

/// A small file can claim to unpack to gigabytes. What the largest picture that is accepted needs is less than this.
constexpr std::size_t max_decoder_bytes = std::size_t{512} << 20;

void* limited_malloc(std::size_t size) {
    return size <= max_decoder_bytes ? std::malloc(size) : nullptr;
}

void* limited_realloc(void* old, std::size_t size) {
    return size <= max_decoder_bytes ? std::realloc(old, size) : nullptr;
}

} // namespace

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_ONLY_PNG
#define STBI_ONLY_JPEG
#define STBI_NO_STDIO
#define STBI_MALLOC limited_malloc
#define STBI_REALLOC limited_realloc
#define STBI_FREE std::free
#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#define STBI_WRITE_NO_STDIO
#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#endif
#include <stb_image.h>
#include <stb_image_write.h>
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

namespace gil::native {

namespace {

constexpr int mode_for_all = 0666;

Result<std::vector<std::uint8_t>> read_file(const std::string& path) {
    // Without O_NONBLOCK opening a pipe would wait for its writer.
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!fd.valid()) return system_error(path, "cannot be opened", errno);
    struct stat status {};
    if (::fstat(fd.get(), &status) != 0) return system_error(path, "cannot be read", errno);
    if (!S_ISREG(status.st_mode)) return Error{path, "is not a file", "a PNG or JPEG file"};
    if (status.st_size > max_picture_file_bytes) {
        return Error{path, std::to_string(status.st_size >> 20) + " MiB are too large for a picture", "up to 64 MiB"};
    }
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(status.st_size));
    errno = 0;
    if (!read_all(fd.get(), bytes)) {
        if (errno != 0) return system_error(path, "cannot be read", errno);
        return Error{path, "became shorter while it was read", ""};
    }
    return bytes;
}

/// Pixels with opacity as they look on white.
std::vector<std::uint8_t> on_white(const std::uint8_t* pixels, std::size_t count) {
    std::vector<std::uint8_t> flat;
    flat.reserve(count * 3);
    for (const std::uint8_t* pixel = pixels; pixel != pixels + count * 4; pixel += 4) {
        const int opacity = pixel[3];
        for (int channel = 0; channel < 3; ++channel) {
            const int mixed = (pixel[channel] * opacity + 255 * (255 - opacity) + 127) / 255;
            flat.push_back(static_cast<std::uint8_t>(mixed));
        }
    }
    return flat;
}

} // namespace

Result<Picture> decode_picture(std::span<const std::uint8_t> bytes, const std::string& name) {
    const bool png = is_png(bytes);
    if (!png && !is_jpeg(bytes)) return Error{name, "is not a picture", "a PNG or JPEG file"};
    if (static_cast<std::int64_t>(bytes.size()) > max_picture_file_bytes) {
        return Error{name, "is too large for a picture", "up to 64 MiB"};
    }
    const auto length = static_cast<int>(bytes.size());
    int width = 0;
    int height = 0;
    int channels = 0;
    if (stbi_info_from_memory(bytes.data(), length, &width, &height, &channels) == 0) {
        return Error{name, std::string("is not a whole picture: ") + stbi_failure_reason(), "a PNG or JPEG file"};
    }
    if (std::int64_t{width} * height > max_picture_pixels || std::max(width, height) > max_picture_side) {
        return Error{name, std::to_string(width) + " x " + std::to_string(height) + " pixels are too many",
                     "up to 40 million, and 20,000 on a side"};
    }
    if (const std::string fault = png ? fault_in_png(bytes) : fault_in_jpeg(bytes); !fault.empty()) {
        return Error{name, fault, "a whole PNG or JPEG file"};
    }
    // Palettes and transparent colours become an opacity only while decoding, so it is always asked for.
    const std::unique_ptr<stbi_uc, decltype(&std::free)> pixels(
        stbi_load_from_memory(bytes.data(), length, &width, &height, &channels, 4), &std::free);
    if (!pixels) {
        return Error{name, std::string("the file is damaged: ") + stbi_failure_reason(), "a whole PNG or JPEG file"};
    }
    return Picture{width, height,
                   on_white(pixels.get(), static_cast<std::size_t>(width) * static_cast<std::size_t>(height))};
}

Result<Picture> load_picture(const std::string& path) {
    const auto bytes = read_file(path);
    if (!bytes) return bytes.error();
    return decode_picture(bytes.value(), path);
}

Result<Nothing> save_png(const Picture& picture, const std::string& path) {
    std::vector<std::uint8_t> bytes;
    const auto append = [](void* to, void* data, int size) {
        const auto* begin = static_cast<const std::uint8_t*>(data);
        auto& all = *static_cast<std::vector<std::uint8_t>*>(to);
        all.insert(all.end(), begin, begin + size);
    };
    if (stbi_write_png_to_func(append, &bytes, picture.width, picture.height, 3, picture.pixels.data(),
                               picture.width * 3) == 0) {
        return Error{path, "there is not enough memory for the picture", ""};
    }
    UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode_for_all));
    if (!fd.valid()) return system_error(path, "cannot be written", errno);
    if (!write_all(fd.get(), bytes) || ::close(fd.release()) != 0)
        return system_error(path, "cannot be written", errno);
    return Nothing{};
}

} // namespace gil::native
