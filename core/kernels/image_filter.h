// Resizing a picture to half its size and sharpening it, a few pixels of the result per turn
// (core/picture/picture_filter.h).
#pragma once

#include "core/kernels/kernel.h"

namespace gil {

/// One short call of the kernel, see run_kernel. The picture is made at the first call of a process (about 1 ms).
bool image_filter(KernelState& state, std::uint64_t stop, std::uint32_t turns_per_check,
                  const std::atomic<std::uint32_t>& breaker);

/// The right value, from the whole picture as core/picture/picture_reference.h computes it.
[[nodiscard]] std::uint64_t image_filter_expected(std::uint64_t turns);

} // namespace gil
