// Runs the models whose workers are processes that are handed their tasks when they start: processes, hybrid of
// processes and threads; and whole runs in a process of their own, for programs that may not survive.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "core/measure/child_message.h"
#include "core/measure/host.h"
#include "core/trace/run.h"

namespace gil {

/// `host.prepare_processes` must have answered. `block` is the counters' (null when no task counts a Value or an
/// Array). Calls `done` once, from the event loop. An Error: a process could not be started, said rubbish, or ended
/// although nothing in the scenario ends processes.
void run_processes(Host& host, const Scenario& scenario, const Speeds& speeds, std::shared_ptr<SharedBlock> block,
                   std::function<void(Result<Run>)> done);

/// Runs the whole scenario, whose model uses no processes, in one child: what ends that child is its exit code here.
void run_in_child(Host& host, const Scenario& scenario, const Speeds& speeds, std::function<void(Result<Run>)> done);

} // namespace gil
