// Parsing JSON with RapidJSON: one record of a document of JSON lines per turn (core/kernels/json_document.h).
#pragma once

#include "core/kernels/kernel.h"

namespace gil {

/// One short call of the kernel, see run_kernel. The document is made at the first call of a process (under 1 ms).
bool parsing(KernelState& state, std::uint64_t stop, std::uint32_t turns_per_check,
             const std::atomic<std::uint32_t>& breaker);

/// The right value, from the fields as they were when the document was written.
[[nodiscard]] std::uint64_t parsing_expected(std::uint64_t turns);

} // namespace gil
