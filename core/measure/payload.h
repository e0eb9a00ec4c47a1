// The data that tasks are called with and return: real bytes with a pattern, so that what arrives can be checked.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/scenario/scenario.h"
#include "core/scenario/task_errors.h"

namespace gil {

using Bytes = std::vector<std::uint8_t>;

/// `size` bytes whose pattern depends on `seed` (a task's number).
[[nodiscard]] Bytes make_payload(std::int64_t size, std::uint32_t seed);

/// True when `bytes` are what make_payload makes from its word `first_word` (of 8 bytes) on. Reads every byte.
[[nodiscard]] bool is_payload(std::span<const std::uint8_t> bytes, std::uint32_t seed, std::uint64_t first_word = 0);

/// The largest argument, result or message of any task: what one buffer must hold.
[[nodiscard]] std::int64_t largest_payload(const Scenario& scenario);

/// True when any task goes wrong on purpose.
[[nodiscard]] bool has_failures(const Scenario& scenario);

/// True when any task ends its whole process (abort, stray write).
[[nodiscard]] bool is_deadly(const Scenario& scenario);

} // namespace gil
