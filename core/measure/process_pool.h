// concurrent.futures.ProcessPoolExecutor for real: processes that are started up front (fork) or on demand, a call
// queue of workers + 1 chunks, results as messages, and a pool that breaks when a worker dies. The parent's side.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "core/measure/child_message.h"
#include "core/measure/host.h"
#include "core/trace/trace_recorder.h"

namespace gil {

struct PoolOutcome {
    std::vector<Lane> lanes; ///< of the workers, in times of Host::now()
    Nanoseconds end = 0;     ///< when the last worker had ended, without the time that reports took
    std::uint64_t bytes_serialised = 0;
    std::uint64_t received = 0;      ///< bytes that workers put into the parent's queue
    std::vector<Observation> deaths; ///< exit codes of workers that ended by themselves
};

/// On the engine's thread; callbacks come from the event loop, never from inside a call.
class ProcessPool {
  public:
    virtual ~ProcessPool() = default;

    /// One chunk. `done` gets one output per item once all of it is done, or failed with its pool.
    virtual void submit(std::vector<ChildItem> chunk, std::function<void(const std::vector<ItemResult>&)> done) = 0;

    /// Once everything submitted is done: ends the workers and joins them. An Error: a process could not be started, or
    /// one ended although nothing in the scenario ends processes.
    virtual void shut_down(std::function<void(Result<PoolOutcome>)> done) = 0;
};

/// `blocks`: the counters' block first, then that of Transport::shared_memory; either may be null. `parent` is the lane
/// in which submitting and serialising show; it may be null. Everything must outlive the pool.
[[nodiscard]] std::shared_ptr<ProcessPool> make_process_pool(Host& host, const Scenario& scenario, const Speeds& speeds,
                                                             std::vector<std::shared_ptr<SharedBlock>> blocks,
                                                             TraceRecorder* parent);

} // namespace gil
