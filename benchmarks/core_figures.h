// Figures of core alone, the same for the native program (bench.cpp) and for a browser (page_figures.cpp).
#pragma once

#include <array>

#include "core/measure/host.h"
#include "core/measure/speeds.h"

namespace gil::bench {

inline constexpr std::array all_kernels = {Kernel::sum_of_squares, Kernel::image_filter, Kernel::numeric,
                                           Kernel::encryption, Kernel::parsing};

/// One line on standard output. `bar` is what the project promises; empty: nothing.
void print(const char* figure, double value, const char* unit, const char* bar);

[[nodiscard]] Scenario scenario_of(ExecutionModel model, int workers, int tasks, Step step);

/// Recording, the eval-breaker check, the kernels, the simulator; medians, a few seconds. Blocks.
void print_core_figures(const Host& host, const Speeds& speeds);

} // namespace gil::bench
