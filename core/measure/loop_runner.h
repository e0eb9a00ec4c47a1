// Runs tasks on the host's event loop in one thread: one after another (sequential, a worker process) or overlapping
// (asyncio). Never blocks while a task waits.
#pragma once

#include <functional>
#include <vector>

#include "core/base/result.h"
#include "core/measure/task_progress.h"

namespace gil {

struct LoopProgram {
    std::vector<Task> tasks;
    std::vector<int> task_indices; ///< as many as tasks: what the trace calls them
    bool overlapping = false;      ///< true: every task is a coroutine with a lane of its own; false: one lane for all
    Lane lane;                     ///< name and interpreter of the one lane; of every lane when overlapping
    TaskContext context;           ///< what it points to must outlive the run
    /// For context.offloads: runs step `step` of task `task` elsewhere and calls `done` from the event loop.
    std::function<void(std::size_t task, std::size_t step, std::function<void(Result<TaskOutput>)> done)> offload{};
};

struct LoopOutcome {
    Nanoseconds begin = 0; ///< Host::now() at both ends
    Nanoseconds end = 0;
    std::vector<Lane> lanes; ///< in times of Host::now()
    std::vector<TaskOutput> outputs;
    std::uint64_t received = 0; ///< bytes put into a queue of this process
};

/// Calls `done` once, from the event loop or from inside this call. `host` must outlive that.
void run_on_loop(Host& host, LoopProgram program, std::function<void(Result<LoopOutcome>)> done);

} // namespace gil
