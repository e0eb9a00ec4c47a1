// Runs the models whose workers are real threads of this process: threads (one GIL), free_threaded (none),
// subinterpreters (one each) and thread_pool.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/measure/host.h"
#include "core/measure/speeds.h"
#include "core/measure/thread_worker.h"
#include "core/scenario/scenario.h"
#include "core/trace/run.h"

namespace gil {

/// How the threads of a run appear in its trace.
struct ThreadNames {
    std::string prefix = "thread "; ///< before the number
    int first_interpreter = 0;
    std::vector<int> task_indices; ///< what the trace calls the tasks; empty: their own numbers
};

/// Blocks the calling thread until all workers are joined. Host::prepare_threads must have answered for
/// started_workers(scenario). `block` is the counters' (null when no task counts a Value or an Array).
/// An error: a thread could not be started, or a wait failed. `queue`, where there is one, gets what tasks put into the
/// queue of this process, in its order.
[[nodiscard]] Result<Run> run_threads(Host& host, const Scenario& scenario, const Speeds& speeds,
                                      std::shared_ptr<SharedBlock> block, const ThreadNames& names = {},
                                      std::vector<QueueItem>* queue = nullptr);

} // namespace gil
