// Pictures from and to files. Files come from outside, so all of a file is checked before it becomes a picture.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "core/base/result.h"
#include "core/picture/picture.h"

namespace gil::native {

inline constexpr std::int64_t max_picture_file_bytes = 64 << 20;
inline constexpr std::int64_t max_picture_pixels = 40'000'000;
inline constexpr int max_picture_side = 20'000; ///< pixels

/// The PNG or JPEG at `path`, within the limits above. What is transparent is shown on white. Every error is one line:
/// missing or unreadable, not a file, too large, not a picture, damaged or cut off. Blocks while it reads; any thread.
[[nodiscard]] Result<Picture> load_picture(const std::string& path);

/// The same for bytes that are in memory already; `name` is where an error is said to be.
[[nodiscard]] Result<Picture> decode_picture(std::span<const std::uint8_t> bytes, const std::string& name);

/// Writes a PNG; a file that is there already is replaced. Blocks; any thread.
[[nodiscard]] Result<Nothing> save_png(const Picture& picture, const std::string& path);

} // namespace gil::native
