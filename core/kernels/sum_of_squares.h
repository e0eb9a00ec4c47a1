// sum(i * i for i in range(n)), modulo 2^64: the post's own example of CPU-bound work.
#pragma once

#include "core/kernels/kernel.h"

namespace gil {

/// One short call of the kernel, see run_kernel.
bool sum_of_squares(KernelState& state, std::uint64_t stop, std::uint32_t turns_per_check,
                    const std::atomic<std::uint32_t>& breaker);

/// (n - 1) n (2n - 1) / 6 modulo 2^64.
[[nodiscard]] std::uint64_t sum_of_squares_formula(std::uint64_t n);

} // namespace gil
