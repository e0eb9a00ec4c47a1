// Runs the models that use a pool of processes: process_pool, and the hybrid of an event loop with one.
#pragma once

#include <functional>
#include <memory>

#include "core/measure/host.h"
#include "core/measure/speeds.h"
#include "core/trace/run.h"

namespace gil {

/// `host.prepare_processes` must have answered. `blocks` as in make_process_pool. Calls `done` once, from the loop.
void run_process_pool(Host& host, const Scenario& scenario, const Speeds& speeds,
                      std::vector<std::shared_ptr<SharedBlock>> blocks, std::function<void(Result<Run>)> done);
void run_asyncio_with_pool(Host& host, const Scenario& scenario, const Speeds& speeds,
                           std::vector<std::shared_ptr<SharedBlock>> blocks, std::function<void(Result<Run>)> done);

} // namespace gil
