// Whether the bytes of a picture file are all there. Decoders are lenient: they would show a picture that is grey from
// where its file was cut off.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace gil::native {

[[nodiscard]] bool is_png(std::span<const std::uint8_t> bytes);
[[nodiscard]] bool is_jpeg(std::span<const std::uint8_t> bytes);

/// Follows a PNG's chunks to its end and checks their sums. Empty when all is well, else what is wrong, for a person.
[[nodiscard]] std::string fault_in_png(std::span<const std::uint8_t> bytes);

/// Follows a JPEG's segments to its end. What is inside them is left to the decoder.
[[nodiscard]] std::string fault_in_jpeg(std::span<const std::uint8_t> bytes);

} // namespace gil::native
