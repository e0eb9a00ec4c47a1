#include "core/measure/loop_runner.h"

#include <deque>
#include <memory>
#include <optional>

#include "core/measure/program.h"
#include "core/trace_recorder.h"

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
        steps_.resize(program_.tasks.size(), 0);
        const std::size_t lanes = program_.overlapping ? program_.tasks.size() : 1;
        for (std::size_t i = 0; i < lanes; ++i) {
            Lane lane = program_.lane;
            lane.coroutine = program_.overlapping;
            if (program_.overlapping) lane.name = "coroutine " + std::to_string(program_.task_indices[i] + 1);
            recorders_.emplace_back(std::move(lane), outcome_.begin);
        }
        for (std::size_t i = 0; i < program_.tasks.size(); ++i) {
            if (program_.overlapping) recorder(i).set_task(program_.task_indices[i]);
            ready_.push_back(i);
        }
        pump();
    }

  private:
    TraceRecorder& recorder(std::size_t task) { return recorders_[program_.overlapping ? task : 0]; }

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
        recorder(task).enter(State::running, host_.now());
        bool waits = false;
        const auto& steps = program_.tasks[task].steps;
        while (steps_[task] < steps.size() && !waits) {
            const Step& step = steps[steps_[task]++];
            if (const auto* compute = std::get_if<Compute>(&step)) {
                ComputeProgress progress(*compute, program_.speeds);
                progress.run(never_asked_);
                progress.store(outcome_.outputs[task]);
            } else if (const auto* pause = std::get_if<Wait>(&step)) {
                waits = true;
                wait(task, *pause);
            }
        }
        const auto cpu_after = host_.thread_cpu_time();
        if (cpu_before && cpu_after) recorder(task).add_cpu(*cpu_after - *cpu_before);
        if (waits) return false;
        recorder(task).set_task(-1);
        recorder(task).enter(State::idle, host_.now(),
                             program_.overlapping ? ReleaseCause::none : ReleaseCause::task_end);
        return true;
    }

    void wait(std::size_t task, const Wait& wait) {
        // A coroutine that waits lets the loop go on: no lock changes hands. A blocking call releases the GIL.
        recorder(task).enter(State::waiting_for_io, host_.now(),
                             program_.overlapping ? ReleaseCause::none : ReleaseCause::blocking_call);
        auto self = shared_from_this();
        if (wait.kind == WaitKind::http) {
            host_.http_wait_async(wait.duration, [self, task](Result<Nothing> answer) {
                if (!answer && !self->failure_) self->failure_ = answer.error();
                self->resume(task);
            });
        } else {
            host_.call_after(wait.duration, [self, task] { self->resume(task); });
        }
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
        for (TraceRecorder& recorder : recorders_) outcome_.lanes.push_back(recorder.finish(outcome_.end));
        if (failure_) {
            done(*failure_);
        } else {
            done(std::move(outcome_));
        }
    }

    Host& host_;
    LoopProgram program_;
    std::function<void(Result<LoopOutcome>)> done_;
    LoopOutcome outcome_;
    std::deque<TraceRecorder> recorders_;
    std::vector<std::size_t> steps_; ///< next step of each task
    std::deque<std::size_t> ready_;
    std::size_t finished_ = 0;
    std::optional<Error> failure_;
    const std::atomic<std::uint32_t> never_asked_{0}; ///< the eval breaker: nobody waits for this thread's GIL
};

} // namespace

void run_on_loop(Host& host, LoopProgram program, std::function<void(Result<LoopOutcome>)> done) {
    std::make_shared<LoopRunner>(host, std::move(program), std::move(done))->start();
}

} // namespace gil
