// Authenticated encryption with BearSSL's ChaCha20-Poly1305 (RFC 8439), one short message per turn.
#pragma once

#include "core/kernels/kernel.h"

namespace gil {

/// One short call of the kernel, see run_kernel.
bool encryption(KernelState& state, std::uint64_t stop, std::uint32_t turns_per_check,
                const std::atomic<std::uint32_t>& breaker);

/// The right value, from core/kernels/chacha20_poly1305.h.
[[nodiscard]] std::uint64_t encryption_expected(std::uint64_t turns);

} // namespace gil
