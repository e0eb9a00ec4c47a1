// One task while it runs on an event loop: executes its steps in one go until it has to wait for something.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "core/measure/counters.h"
#include "core/measure/host.h"
#include "core/measure/speeds.h"
#include "core/trace/run.h"
#include "core/trace/trace_recorder.h"

namespace gil {

/// What a task reaches for while it runs. One thread.
struct TaskContext {
    Host* host = nullptr;
    const Speeds* speeds = nullptr;
    Counters* counters = nullptr; ///< null when no task counts
    EvalCheck check = EvalCheck::back_edge;
    std::span<const std::uint8_t> payload{}; ///< make_payload_buffer for all tasks of the whole run
    /// queue.put() to a parent in another process; empty: the queue is in this process and takes a reference.
    std::function<void(std::size_t task, std::span<const std::uint8_t>)> put{};
    std::uint64_t received = 0; ///< bytes that a queue in this process took
    bool offloads = false;      ///< CPU work is not done here but handed to a pool
    std::size_t task = 0;       ///< the number of the one that runs, in the whole run
};

class TaskProgress {
  public:
    /// Runs `step_count` steps from `first_step` on (0: to the end). `task` must outlive it.
    explicit TaskProgress(const Task& task, std::size_t first_step = 0, std::size_t step_count = 0);

    struct Pause {
        enum class Kind : std::uint8_t {
            done,       ///< nothing is left; the output says if by an exception
            waits,      ///< for `wait`; call advance again afterwards
            wants_lock, ///< `lock`; call advance again once it is held
            offloads,   ///< step `step` is for the pool; call advance again when it is done
        } kind = Kind::done;
        Wait wait{};
        int lock = 0;
        std::size_t step = 0;
    };

    /// The lane is in `running` before and after, but for what it did in between. `released` is told of each lock that
    /// is given back. May end the process, if the task says so.
    Pause advance(TaskContext& context, TraceRecorder& recorder, TaskOutput& output,
                  const std::function<void(int)>& released);

  private:
    const Task& task_;
    std::size_t next_;
    std::size_t end_;
};

/// Does what a Fail says; returns only for an exception, which becomes the output's error.
void fail_task(const Fail& fail, Host& host, TaskOutput& output);

/// CPU work from its first turn to its last without a look at the breaker.
void compute_alone(Kernel kernel, Nanoseconds work, const Speeds& speeds, TaskOutput& output);

} // namespace gil
