// What the figures of the native program share: one way to measure scenarios side by side.
#pragma once

#include <vector>

#include "core/measure/speeds.h"
#include "core/report/report.h"
#include "native/engine/native_host.h"

namespace gil::bench {

/// Measures the scenarios alternately, `repeats` times each; a report per scenario, in order. Blocks. When that fails
/// it says why on standard error and returns nothing.
[[nodiscard]] std::vector<VariantReport> measure(native::NativeHost& host, const std::vector<Scenario>& scenarios,
                                                 const Speeds& speeds, int repeats);

/// Pools, messages between processes, latency under the GIL, and what large runs need. Blocks, some ten seconds.
void print_executor_figures(native::NativeHost& host, const Speeds& speeds, int repeats);

/// Simulates 1,024 threads with 10,000 tasks: time, and the peak memory of this process, so call it first. Blocks.
void print_large_simulation(const native::NativeHost& host);

} // namespace gil::bench
