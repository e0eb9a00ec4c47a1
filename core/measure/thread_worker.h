// One thread's life in a measured run: executes tasks step by step, blocks for real, takes and drops its GIL.
#pragma once

#include <array>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "core/gil/gil.h"
#include "core/measure/counters.h"
#include "core/measure/host.h"
#include "core/measure/payload.h"
#include "core/measure/speeds.h"
#include "core/scenario/run_plan.h"
#include "core/trace/run.h"
#include "core/trace/trace_recorder.h"

namespace gil {

/// What a task has put into a queue.
struct QueueItem {
    int task = 0;           ///< index in the scenario
    std::int64_t bytes = 0; ///< what arrived of them as it was
};

/// What the threads of one run share.
struct ThreadRun {
    Host& host;
    const Scenario& scenario;
    const Speeds& speeds;
    Counters& counters;
    const RunPlan plan;
    std::vector<TaskOutput> outputs;                 ///< each task's entry is written by the one thread that runs it
    std::span<const std::uint8_t> payload;           ///< make_payload_buffer for all tasks
    std::array<std::mutex, limits::max_locks> locks; ///< the program's own locks; they protect nothing of ours
    std::mutex queue_mutex;                          ///< protects queue
    std::vector<QueueItem> queue;                    ///< what was put into the queue of this process, in its order
    std::mutex failure_mutex;                        ///< protects failure
    std::optional<Error> failure;                    ///< the first one
};

/// Everything but the ThreadRun belongs to its own thread until that is joined.
class ThreadWorker {
  public:
    /// `gil` null: free-threaded. `index` is the thread's number in its interpreter.
    ThreadWorker(ThreadRun& run, Gil* gil, int index, Lane lane, Nanoseconds begin);

    /// Around all that the thread does.
    void begin();
    void end();
    /// The end of a thread that has let go of the GIL already.
    void stop_clock();
    /// Runs one task from its first step to its last, or to an exception; false: by an exception.
    bool run_task(int task);
    /// What follows belongs to no task.
    void leave_task() { recorder_.set_task(-1); }

    /// Waits for the GIL where there is one; the thread then runs.
    void take_gil();
    /// Leaves `running` for `state` and lets go of the GIL. The time is taken while the lock is still held, so that
    /// no two lanes of one GIL ever seem to run at once.
    void let_go(State state, ReleaseCause cause);

    [[nodiscard]] Lane finish(Nanoseconds end) { return recorder_.finish(end); }
    [[nodiscard]] std::uint64_t bytes_serialised() const { return serialised_; }

  private:
    friend struct ThreadSteps;
    void enter(State state) { recorder_.enter(state, run_.host.now()); }
    /// Lets go and takes it again when a waiter has asked for the GIL.
    void answer_request();
    /// Bytes that arrived as they were.
    std::uint64_t pass_data(int task, DataKind kind, std::int64_t size);
    void release_all();

    ThreadRun& run_;
    Gil* gil_;
    ThreadState state_;
    TraceRecorder recorder_;
    std::optional<Nanoseconds> cpu_before_;
    std::uint64_t serialised_ = 0;
    std::array<bool, limits::max_locks> holds_{}; ///< which of the program's locks
};

} // namespace gil
