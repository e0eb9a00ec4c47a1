// One call of Host::run_processes: starts the workers, feeds them, collects their answers, reaps them all.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/measure/host.h"
#include "native/event_loop.h"
#include "native/forkserver.h"

namespace gil::native {

/// What starting processes needs. Everything outlives the run.
struct ProcessStarter {
    EventLoop* loop = nullptr;
    Forkserver* forkserver = nullptr; ///< only for StartMethod::forkserver
    StartMethod method = StartMethod::fork;
    std::string executable; ///< for spawn: this program's file
    int delay_port = 0;
};

/// Starts one worker per job at once and returns; `then` runs from the loop when all of them have ended and have been
/// reaped. The first failure ends the others. Engine's thread, which must be the only one while workers are forked.
void start_process_run(const ProcessStarter& starter, const std::vector<ProcessJob>& jobs,
                       std::function<void(Result<std::vector<ProcessOutcome>>)> then);

} // namespace gil::native
