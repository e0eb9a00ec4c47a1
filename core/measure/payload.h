// The data that tasks are called with and return: real bytes with a pattern, so that what arrives can be checked.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/scenario.h"

namespace gil {

using Bytes = std::vector<std::uint8_t>;

/// `size` bytes whose pattern depends on `seed` (a task's number).
[[nodiscard]] Bytes make_payload(std::int64_t size, std::uint32_t seed);

/// True when `bytes` are what make_payload makes from its word `first_word` (of 8 bytes) on. Reads every byte.
[[nodiscard]] bool is_payload(std::span<const std::uint8_t> bytes, std::uint32_t seed, std::uint64_t first_word = 0);

/// The largest argument, result or message of any task: what one buffer must hold.
[[nodiscard]] std::int64_t largest_payload(const Scenario& scenario);

/// What a caller sees of a function that has no name to be found by in another process (facts: pickle by reference).
inline constexpr const char* lambda_error =
    "PicklingError: Can't pickle <function <lambda>>: it's not found as __main__.<lambda>";
inline constexpr const char* broken_pool_error =
    "BrokenProcessPool: A process in the process pool was terminated abruptly while the future was running or pending.";
inline constexpr const char* exception_error = "ValueError: the task failed on purpose";
inline constexpr const char* not_run_error = "not run";

/// True when a task of this scenario that is a lambda cannot be sent to where it is to run.
[[nodiscard]] bool needs_names(const Scenario& scenario);

/// True when any task goes wrong on purpose.
[[nodiscard]] bool has_failures(const Scenario& scenario);

/// True when any task ends its whole process (abort, stray write).
[[nodiscard]] bool is_deadly(const Scenario& scenario);

} // namespace gil
