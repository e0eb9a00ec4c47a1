// Runs the models whose workers are real threads: threads (one GIL) and free_threaded (none).
#pragma once

#include "core/kernels/kernel.h"
#include "core/measure/host.h"
#include "core/result.h"
#include "core/run.h"
#include "core/scenario.h"

namespace gil {

/// Blocks the calling thread until all workers are joined. Host::prepare_threads must have answered for
/// started_workers(scenario). An error: a thread could not be started, or an HTTP request failed.
[[nodiscard]] Result<Run> run_threads(Host& host, const Scenario& scenario, const KernelSpeeds& speeds);

} // namespace gil
