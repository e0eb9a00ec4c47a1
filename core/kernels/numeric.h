// Matrix work with Eigen: a small neural network (core/kernels/network.h) learns by gradient descent, one batch of
// samples per turn.
#pragma once

#include "core/kernels/kernel.h"

namespace gil {

/// One short call of the kernel, see run_kernel. A thread that goes on where it last stopped does so at once; for
/// any other turn it first repeats the training up to there (less than network::steps turns).
bool numeric(KernelState& state, std::uint64_t stop, std::uint32_t turns_per_check,
             const std::atomic<std::uint32_t>& breaker);

/// The right value, from the same training with integers and plain loops.
[[nodiscard]] std::uint64_t numeric_expected(std::uint64_t turns);

} // namespace gil
