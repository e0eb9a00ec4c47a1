#include "core/measure/task_progress.h"

#include <cstdlib>

#include "core/measure/payload.h"
#include "core/measure/program.h"
#include "core/scenario/task_errors.h"

namespace gil {

namespace {

using Pause = TaskProgress::Pause;

/// One step that does not wait. On a loop nobody asks for the GIL: one thread runs alone in its interpreter.
class StepRunner {
  public:
    StepRunner(TaskContext& context, TraceRecorder& recorder, TaskOutput& output)
        : context_(context), recorder_(recorder), output_(output) {}

    void operator()(const Compute& step) { compute_alone(step.kernel, step.work, *context_.speeds, output_); }
    void operator()(const NativeCall& step) {
        if (!step.keeps_gil) enter(State::native, ReleaseCause::native_call);
        compute_alone(step.kernel, step.work, *context_.speeds, output_);
        if (!step.keeps_gil) enter(State::running);
    }
    void operator()(const Increment& step) {
        IncrementProgress progress(step, context_.check, *context_.speeds, *context_.counters);
        while (progress.run(nullptr) == IncrementProgress::Stop::wants_lock) {
            // Another process holds it.
            enter(State::waiting_for_lock, ReleaseCause::lock_wait);
            context_.counters->lock(step.counter);
            enter(State::running);
            progress.lock_taken();
        }
    }
    void operator()(const Send& step) {
        const auto data = data_of(context_.payload, context_.task, DataKind::message, step.bytes);
        if (!context_.put) {
            context_.received += data.size();
            return;
        }
        enter(State::serialising);
        context_.put(context_.task, data);
        enter(State::running);
    }
    void operator()(const Fail& step) { fail_task(step, *context_.host, output_); }
    void operator()(const Wait&) {}
    void operator()(const Acquire&) {}
    void operator()(const Release&) {}

  private:
    void enter(State state, ReleaseCause cause = ReleaseCause::none) {
        recorder_.enter(state, context_.host->now(), cause);
    }

    TaskContext& context_;
    TraceRecorder& recorder_;
    TaskOutput& output_;
};

} // namespace

TaskProgress::TaskProgress(const Task& task, std::size_t first_step, std::size_t step_count)
    : task_(task), next_(first_step), end_(step_count == 0 ? task.steps.size() : first_step + step_count) {}

Pause TaskProgress::advance(TaskContext& context, TraceRecorder& recorder, TaskOutput& output,
                            const std::function<void(int)>& released) {
    while (next_ < end_ && output.error.empty()) {
        const std::size_t index = next_++;
        const Step& step = task_.steps[index];
        if (const auto* wait = std::get_if<Wait>(&step)) return {Pause::Kind::waits, *wait, 0, index};
        if (const auto* acquire = std::get_if<Acquire>(&step))
            return {Pause::Kind::wants_lock, {}, acquire->lock, index};
        if (context.offloads && is_cpu_work(step)) return {Pause::Kind::offloads, {}, 0, index};
        if (const auto* release = std::get_if<Release>(&step)) {
            released(release->lock);
        } else {
            std::visit(StepRunner(context, recorder, output), step);
        }
    }
    return {};
}

void fail_task(const Fail& fail, Host& host, TaskOutput& output) {
    switch (fail.failure) {
    case Failure::exception:
        output.error = exception_error;
        break;
    case Failure::abort:
        std::abort();
    case Failure::stray_write:
        host.write_astray();
    }
}

void compute_alone(Kernel kernel, Nanoseconds work, const Speeds& speeds, TaskOutput& output) {
    static const std::atomic<std::uint32_t> never_asked{0};
    ComputeProgress progress({kernel, work}, speeds);
    progress.run(never_asked);
    progress.store(output);
}

} // namespace gil
