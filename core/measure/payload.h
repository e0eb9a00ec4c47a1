// The data that tasks are called with and return: real bytes with a pattern, so that what arrives can be checked.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace gil {

using Bytes = std::vector<std::uint8_t>;

/// `size` bytes whose pattern depends on `seed` (a task's number).
[[nodiscard]] Bytes make_payload(std::int64_t size, std::uint32_t seed);

/// True when `bytes` are what make_payload makes from its word `first_word` (of 8 bytes) on. Reads every byte.
[[nodiscard]] bool is_payload(std::span<const std::uint8_t> bytes, std::uint32_t seed, std::uint64_t first_word = 0);

} // namespace gil
