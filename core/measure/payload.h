// The data that tasks are called with, return, and put into queues: real bytes, so that what arrives can be checked.
//
// All of them are stretches of one endless pattern, and each begins at a word of its own: data that went to the wrong
// task is noticed, and one buffer serves all tasks of a run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace gil {

using Bytes = std::vector<std::uint8_t>;

/// `size` bytes of the pattern from its word `first_word` (of 8 bytes) on.
[[nodiscard]] Bytes make_payload(std::int64_t size, std::uint64_t first_word = 0);

/// True when `bytes` are those of the pattern from word `first_word` on. Reads every byte.
[[nodiscard]] bool is_payload(std::span<const std::uint8_t> bytes, std::uint64_t first_word = 0);

enum class DataKind : std::uint8_t { argument, result, message };

/// Where the data of task number `task` begins in the pattern.
[[nodiscard]] std::uint64_t first_word_of(std::size_t task, DataKind kind);

/// A buffer for the data of tasks 0 to `tasks` - 1, of which none is longer than `largest` bytes.
[[nodiscard]] Bytes make_payload_buffer(std::int64_t largest, std::size_t tasks);

/// A task's data in such a buffer.
[[nodiscard]] std::span<const std::uint8_t> data_of(std::span<const std::uint8_t> buffer, std::size_t task,
                                                    DataKind kind, std::int64_t size);

/// True when `bytes` are the data of that task.
[[nodiscard]] bool is_data_of(std::span<const std::uint8_t> bytes, std::size_t task, DataKind kind);

} // namespace gil
