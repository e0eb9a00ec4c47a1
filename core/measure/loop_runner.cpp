#include "core/measure/loop_runner.h"

#include <array>
#include <deque>
#include <memory>
#include <optional>

#include "core/measure/program.h"

namespace gil {

namespace {

/// Keeps itself alive through the callbacks it has handed to the host.
class LoopRunner : public std::enable_shared_from_this<LoopRunner> {
  public:
    LoopRunner(Host& host, LoopProgram program, std::function<void(Result<LoopOutcome>)> done)
        : host_(host), program_(std::move(program)), done_(std::move(done)) {}

    void start() {
        outcome_.begin = host_.now();
        outcome_.outputs.resize(program_.tasks.size());
        const std::size_t lanes = program_.overlapping ? program_.tasks.size() : 1;
        for (std::size_t i = 0; i < lanes; ++i) {
            Lane lane = program_.lane;
            lane.coroutine = program_.overlapping;
            if (program_.overlapping) lane.name = "coroutine " + std::to_string(program_.task_indices[i] + 1);
            // A coroutine is ready from the start, and waits for its turn.
            const State first = program_.overlapping ? State::idle : State::starting;
            recorders_.emplace_back(std::move(lane), outcome_.begin, first);
        }
        for (std::size_t i = 0; i < program_.tasks.size(); ++i) {
            progress_.emplace_back(program_.tasks[i]);
            if (program_.overlapping) recorder(i).set_task(program_.task_indices[i]);
            ready_.push_back(i);
        }
        pump();
    }

  private:
    using Pause = TaskProgress::Pause;

    TraceRecorder& recorder(std::size_t task) { return recorders_[program_.overlapping ? task : 0]; }
    /// A coroutine that waits lets the loop go on: no lock changes hands. A blocking call releases the GIL.
    [[nodiscard]] ReleaseCause cause(ReleaseCause of_a_thread) const {
        return program_.overlapping ? ReleaseCause::none : of_a_thread;
    }

    /// Runs what is ready. Sequentially the first task blocks the others until it is done.
    void pump() {
        while (!ready_.empty() && !failure_) {
            const std::size_t task = ready_.front();
            ready_.pop_front();
            if (run_until_it_waits(task)) {
                ++finished_;
            } else if (!program_.overlapping) {
                return;
            }
        }
        if (failure_ || finished_ == program_.tasks.size()) finish();
    }

    /// True when the task is done, false when it waits.
    bool run_until_it_waits(std::size_t task) {
        const auto cpu_before = host_.thread_cpu_time();
        recorder(task).set_task(program_.task_indices[task]);
        program_.context.task = static_cast<std::size_t>(program_.task_indices[task]);
        recorder(task).enter(State::running, host_.now());
        bool done = false;
        for (bool goes_on = true; goes_on;) {
            const Pause pause = progress_[task].advance(program_.context, recorder(task), outcome_.outputs[task],
                                                        [this](int lock) { release(lock); });
            done = pause.kind == Pause::Kind::done;
            goes_on = pause.kind == Pause::Kind::wants_lock && acquire(task, pause.lock);
            if (pause.kind == Pause::Kind::waits) wait(task, pause.wait);
            if (pause.kind == Pause::Kind::offloads) offload(task, pause.step);
        }
        const auto cpu_after = host_.thread_cpu_time();
        if (cpu_before && cpu_after) recorder(task).add_cpu(*cpu_after - *cpu_before);
        if (!done) return false;
        // An exception leaves a `with lock:` as well.
        for (std::size_t lock = 0; lock < locks_.size(); ++lock) {
            if (locks_[lock].owner == task) release(static_cast<int>(lock));
        }
        recorder(task).set_task(-1);
        recorder(task).enter(State::idle, host_.now(), cause(ReleaseCause::task_end));
        return true;
    }

    void wait(std::size_t task, const Wait& wait) {
        recorder(task).enter(State::waiting_for_io, host_.now(), cause(ReleaseCause::blocking_call));
        auto self = shared_from_this();
        if (wait.kind == WaitKind::sleep) {
            host_.call_after(wait.duration, [self, task] { self->resume(task); });
            return;
        }
        host_.wait_async(wait, operations_for(wait, *program_.context.speeds), [self, task](Result<Nothing> answer) {
            if (!answer && !self->failure_) self->failure_ = answer.error();
            self->resume(task);
        });
    }

    void offload(std::size_t task, std::size_t step) {
        recorder(task).enter(State::waiting_for_io, host_.now(), cause(ReleaseCause::blocking_call));
        program_.offload(task, step, [self = shared_from_this(), task](Result<TaskOutput> output) {
            if (!output && !self->failure_) self->failure_ = output.error();
            if (output) self->add(task, output.value());
            self->resume(task);
        });
    }

    void add(std::size_t task, const TaskOutput& part) {
        TaskOutput& output = outcome_.outputs[task];
        if (part.turns > 0) add_to(output, part.turns, part.checksum);
        output.bytes += part.bytes;
        if (!part.error.empty()) output.error = part.error;
    }

    /// asyncio.Lock: first come, first served. True when the task holds it now; else it is made ready when it does.
    bool acquire(std::size_t task, int lock) {
        LoopLock& wanted = locks_[static_cast<std::size_t>(lock)];
        if (!wanted.owner) {
            wanted.owner = task;
            return true;
        }
        recorder(task).enter(State::waiting_for_lock, host_.now(), cause(ReleaseCause::lock_wait));
        wanted.waiting.push_back(task);
        return false;
    }

    void release(int lock) {
        LoopLock& given = locks_[static_cast<std::size_t>(lock)];
        given.owner.reset();
        if (given.waiting.empty()) return;
        const std::size_t next = given.waiting.front();
        given.waiting.pop_front();
        given.owner = next;
        recorder(next).enter(State::idle, host_.now());
        ready_.push_back(next);
    }

    void resume(std::size_t task) {
        if (done_ == nullptr) return; // another task's failure has ended the run
        if (program_.overlapping) {
            recorder(task).enter(State::idle, host_.now());
            ready_.push_back(task);
        } else {
            ready_.push_front(task);
        }
        pump();
    }

    void finish() {
        auto done = std::move(done_);
        done_ = nullptr;
        outcome_.end = host_.now();
        outcome_.received = program_.context.received;
        for (TraceRecorder& recorder : recorders_) outcome_.lanes.push_back(recorder.finish(outcome_.end));
        if (failure_) {
            done(*failure_);
        } else {
            done(std::move(outcome_));
        }
    }

    struct LoopLock {
        std::optional<std::size_t> owner; ///< a task
        std::deque<std::size_t> waiting;
    };

    Host& host_;
    LoopProgram program_;
    std::function<void(Result<LoopOutcome>)> done_;
    LoopOutcome outcome_;
    std::deque<TraceRecorder> recorders_;
    std::deque<TaskProgress> progress_; ///< one per task
    std::array<LoopLock, limits::max_locks> locks_;
    std::deque<std::size_t> ready_;
    std::size_t finished_ = 0;
    std::optional<Error> failure_;
};

} // namespace

void run_on_loop(Host& host, LoopProgram program, std::function<void(Result<LoopOutcome>)> done) {
    std::make_shared<LoopRunner>(host, std::move(program), std::move(done))->start();
}

} // namespace gil
