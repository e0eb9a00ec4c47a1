// How fast the kernels are on this computer: the bridge from milliseconds of work to a fixed number of turns.
#pragma once

#include "core/kernels/kernel.h"
#include "core/measure/host.h"

namespace gil {

/// Runs the kernel in short calls until the time per call settles (at most 400 ms). V8 starts WebAssembly in a slow
/// tier and changes over while it runs; natively this ends after a few milliseconds. Blocks; any thread.
void warm_up_kernel(const Host& host, Kernel kernel);

/// Measures every kernel for about 60 ms on the calling thread, after a warm-up; blocks.
[[nodiscard]] KernelSpeeds measure_kernel_speeds(const Host& host);

} // namespace gil
