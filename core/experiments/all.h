// Every experiment, one file each. The order of the list is made in experiment.cpp.
#pragma once

#include "core/experiments/experiment.h"

namespace gil {

// The lock
[[nodiscard]] Experiment cpu_bound_experiment();
[[nodiscard]] Experiment gil_release_experiment();
[[nodiscard]] Experiment lock_experiment();
[[nodiscard]] Experiment free_threading_experiment();
// Waiting
[[nodiscard]] Experiment io_bound_experiment();
[[nodiscard]] Experiment web_scraper_experiment();
[[nodiscard]] Experiment thread_pool_experiment();
// Processes
[[nodiscard]] Experiment process_pool_experiment();
[[nodiscard]] Experiment process_overhead_experiment();
[[nodiscard]] Experiment pickling_experiment();
[[nodiscard]] Experiment shared_data_experiment();
[[nodiscard]] Experiment isolation_experiment();
[[nodiscard]] Experiment image_processing_experiment();
// Choosing
[[nodiscard]] Experiment hybrid_experiment();
[[nodiscard]] Experiment pool_size_experiment();
[[nodiscard]] Experiment sequential_experiment();

} // namespace gil
