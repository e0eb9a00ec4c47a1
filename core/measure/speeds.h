// How fast this computer does the fixed pieces that work is made of: the bridge from milliseconds to counts.
#pragma once

#include <array>
#include <cstdint>

#include "core/kernels/kernel.h"
#include "core/scenario/scenario.h"

namespace gil {

inline constexpr int wait_kind_count = 5;

struct Speeds {
    KernelSpeeds kernels{};
    /// Time of one operation of a file or a database, alone on an idle machine, by WaitKind; 0: not calibrated.
    std::array<double, wait_kind_count> operation_ns{};
    /// Share of an operation's time that is CPU work, by WaitKind.
    std::array<double, wait_kind_count> operation_cpu{};
};

/// True for waits that are a number of operations instead of a time.
[[nodiscard]] constexpr bool is_operation(WaitKind kind) {
    return kind == WaitKind::file || kind == WaitKind::database;
}

/// The fixed number of operations that stands for `wait`; at least 1 for any duration above 0, 0 for waits by the
/// clock.
[[nodiscard]] std::uint64_t operations_for(const Wait& wait, const Speeds& speeds);

/// Turns of the sum_of_squares kernel that take about as long as one bytecode of CPython (10 ns).
[[nodiscard]] std::uint64_t turns_per_bytecode(const Speeds& speeds);

} // namespace gil
