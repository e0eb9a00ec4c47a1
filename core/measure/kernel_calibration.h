// How fast the kernels are on this computer: the bridge from milliseconds of work to a fixed number of turns.
#pragma once

#include <span>
#include <vector>

#include "core/kernels/kernel.h"
#include "core/measure/host.h"

namespace gil {

/// Runs the kernel in short calls until the time per call settles (at most 400 ms). V8 starts WebAssembly in a slow
/// tier and changes over while it runs; natively this ends after a few milliseconds. Blocks; any thread.
void warm_up_kernel(const Host& host, Kernel kernel);

/// The kernels that compute in these variants, each once and in the order of the enum.
[[nodiscard]] std::vector<Kernel> kernels_of(std::span<const Variant> variants);

/// True when all of these kernels have been measured.
[[nodiscard]] bool has_speeds(const KernelSpeeds& speeds, std::span<const Kernel> kernels);

/// Measures those of the kernels that have not been measured yet, each for about 60 ms on the calling thread after a
/// warm-up. The others are looked at for 16 ms and keep their speeds, unless they turn out to be more than a tenth
/// faster: then another program had the core when they were measured. Blocks.
void add_kernel_speeds(const Host& host, std::span<const Kernel> kernels, KernelSpeeds& speeds);

/// The same from nothing.
[[nodiscard]] KernelSpeeds measure_kernel_speeds(const Host& host, std::span<const Kernel> kernels);

} // namespace gil
