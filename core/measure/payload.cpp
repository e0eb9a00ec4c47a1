#include "core/measure/payload.h"

#include <algorithm>
#include <cstring>

namespace gil {

namespace {

/// The pattern's 8 bytes at word `index`.
std::uint64_t word_at(std::uint64_t index, std::uint32_t seed) {
    return (index + 1) * 0x9e3779b97f4a7c15u + seed;
}

} // namespace

Bytes make_payload(std::int64_t size, std::uint32_t seed) {
    Bytes bytes(static_cast<std::size_t>(std::max<std::int64_t>(0, size)));
    for (std::size_t at = 0; at < bytes.size(); at += 8) {
        const std::uint64_t word = word_at(at / 8, seed);
        std::memcpy(bytes.data() + at, &word, std::min<std::size_t>(8, bytes.size() - at));
    }
    return bytes;
}

bool is_payload(std::span<const std::uint8_t> bytes, std::uint32_t seed, std::uint64_t first_word) {
    std::uint64_t difference = 0;
    const std::size_t whole = bytes.size() / 8 * 8;
    for (std::size_t at = 0; at < whole; at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data() + at, 8);
        difference |= word ^ word_at(first_word + at / 8, seed);
    }
    if (whole < bytes.size()) {
        const std::uint64_t word = word_at(first_word + whole / 8, seed);
        if (std::memcmp(bytes.data() + whole, &word, bytes.size() - whole) != 0) return false;
    }
    return difference == 0;
}

} // namespace gil
