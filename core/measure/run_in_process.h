// Runs one scenario inside the calling process: every model but those whose workers are processes.
#pragma once

#include <functional>

#include "core/measure/host.h"
#include "core/measure/speeds.h"
#include "core/trace/run.h"

namespace gil {

/// Calls `done` once, from the event loop or from inside this call. A run of threads blocks the calling thread while it
/// lasts. `host` must outlive it.
void measure_in_process(Host& host, const Scenario& scenario, const Speeds& speeds,
                        std::function<void(Result<Run>)> done);

/// The block of the counters, with its start values; null when no task counts a Value or an Array.
[[nodiscard]] Result<std::shared_ptr<SharedBlock>> make_counter_block(Host& host, const Scenario& scenario);

} // namespace gil
