#include "core/measure/payload.h"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace gil {

namespace {

constexpr std::size_t kinds = 3;

std::uint64_t word_at(std::uint64_t index) {
    return (index + 1) * 0x9e3779b97f4a7c15u;
}

} // namespace

Bytes make_payload(std::int64_t size, std::uint64_t first_word) {
    Bytes bytes(static_cast<std::size_t>(std::max<std::int64_t>(0, size)));
    for (std::size_t at = 0; at < bytes.size(); at += 8) {
        const std::uint64_t word = word_at(first_word + at / 8);
        std::memcpy(bytes.data() + at, &word, std::min<std::size_t>(8, bytes.size() - at));
    }
    return bytes;
}

bool is_payload(std::span<const std::uint8_t> bytes, std::uint64_t first_word) {
    std::uint64_t difference = 0;
    const std::size_t whole = bytes.size() / 8 * 8;
    for (std::size_t at = 0; at < whole; at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data() + at, 8);
        difference |= word ^ word_at(first_word + at / 8);
    }
    if (whole < bytes.size()) {
        const std::uint64_t word = word_at(first_word + whole / 8);
        if (std::memcmp(bytes.data() + whole, &word, bytes.size() - whole) != 0) return false;
    }
    return difference == 0;
}

std::uint64_t first_word_of(std::size_t task, DataKind kind) {
    return kinds * task + static_cast<std::uint64_t>(kind);
}

Bytes make_payload_buffer(std::int64_t largest, std::size_t tasks) {
    if (largest <= 0) return {};
    return make_payload(largest + static_cast<std::int64_t>(8 * kinds * tasks));
}

std::span<const std::uint8_t> data_of(std::span<const std::uint8_t> buffer, std::size_t task, DataKind kind,
                                      std::int64_t size) {
    if (size <= 0) return {};
    const auto begin = static_cast<std::size_t>(8 * first_word_of(task, kind));
    assert(begin + static_cast<std::size_t>(size) <= buffer.size());
    return buffer.subspan(begin, static_cast<std::size_t>(size));
}

bool is_data_of(std::span<const std::uint8_t> bytes, std::size_t task, DataKind kind) {
    return is_payload(bytes, first_word_of(task, kind));
}

} // namespace gil
