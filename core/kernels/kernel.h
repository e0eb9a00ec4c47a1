// The CPU work itself, in short calls. A kernel is a loop of cheap turns; about every 50 ns of work (what a backward
// jump of CPython's loop amounts to) it looks at the eval breaker and returns early when a drop of the GIL is wanted.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "core/base/units.h"
#include "core/scenario/scenario.h"

namespace gil {

inline constexpr int kernel_count = 5;

/// sum_of_squares does its turns in such groups and looks at the eval breaker between them.
inline constexpr std::uint32_t turns_per_group = 8;

/// Where a kernel stands. Start with {} and call run_kernel until `turn` reaches the number of turns wanted.
struct KernelState {
    std::uint64_t turn = 0;
    std::uint64_t value = 0; ///< the result so far
};

/// How fast a kernel is on this computer, from calibration.
struct KernelSpeed {
    double ns_per_turn = 1.0;
    std::uint32_t turns_per_check = 64; ///< turns between two looks at the eval breaker (about 50 ns), whole groups
    bool measured = false;              ///< on this computer; what stands here otherwise means nothing
};
using KernelSpeeds = std::array<KernelSpeed, kernel_count>;

/// Turns of one call at most: V8 has no on-stack replacement, so a long call would stay in the baseline tier for life.
/// A turn of sum_of_squares takes a few nanoseconds at most; of the other kernels, which do fewer in a call, less than
/// two microseconds.
inline constexpr std::uint64_t turns_per_call = 20'000;

/// Runs until `state.turn` == `end` or at most turns_per_call turns, or until `breaker` is seen set (relaxed load).
/// Any thread; never blocks. Returns true when it stopped because of the breaker.
bool run_kernel(Kernel kernel, KernelState& state, std::uint64_t end, std::uint32_t turns_per_check,
                const std::atomic<std::uint32_t>& breaker);

/// The right value after `turns` turns, computed another way than by running the kernel.
[[nodiscard]] std::uint64_t expected_value(Kernel kernel, std::uint64_t turns);

/// The fixed number of turns that stands for `work` at this speed; at least 1 for any work above 0.
[[nodiscard]] std::uint64_t turns_for(const Compute& compute, const KernelSpeeds& speeds);

} // namespace gil
