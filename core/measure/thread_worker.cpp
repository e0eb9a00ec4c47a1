#include "core/measure/thread_worker.h"

#include "core/measure/functions.h"
#include "core/measure/program.h"
#include "core/measure/task_progress.h"

namespace gil {

/// The steps of a task as a thread does them.
struct ThreadSteps {
    ThreadWorker& worker;
    int task;
    TaskOutput& output;
    ThreadRun& run = worker.run_;

    void operator()(const Compute& step) {
        ComputeProgress progress(step, run.speeds);
        while (!progress.run(worker.state_.eval_breaker)) worker.answer_request();
        progress.store(output);
    }
    void operator()(const Wait& step) {
        worker.let_go(State::waiting_for_io, ReleaseCause::blocking_call);
        if (step.kind == WaitKind::sleep) {
            run.host.sleep_for(step.duration);
        } else if (auto answer = run.host.wait_for(step, operations_for(step, run.speeds)); !answer) {
            const std::lock_guard lock(run.failure_mutex);
            if (!run.failure) run.failure = answer.error();
        }
        worker.take_gil();
    }
    void operator()(const NativeCall& step) {
        const bool lets_go = !step.keeps_gil && worker.gil_ != nullptr;
        if (lets_go) worker.let_go(State::native, ReleaseCause::native_call);
        compute_alone(step.kernel, step.work, run.speeds, output);
        if (lets_go) worker.take_gil();
    }
    void operator()(const Increment& step) {
        IncrementProgress progress(step, run.scenario.interpreter.eval_check, run.speeds, run.counters);
        for (;;) {
            const auto stop = progress.run(&worker.state_.eval_breaker);
            if (stop == IncrementProgress::Stop::finished) return;
            if (stop == IncrementProgress::Stop::asked) {
                worker.answer_request();
                continue;
            }
            worker.let_go(State::waiting_for_lock, ReleaseCause::lock_wait);
            run.counters.lock(step.counter);
            worker.take_gil();
            progress.lock_taken();
        }
    }
    void operator()(const Acquire& step) {
        // As in CPython: tried first, and only a lock that is taken is worth letting go of the GIL.
        std::mutex& mutex = run.locks[static_cast<std::size_t>(step.lock)];
        if (!mutex.try_lock()) {
            worker.let_go(State::waiting_for_lock, ReleaseCause::lock_wait);
            mutex.lock();
            worker.take_gil();
        }
        worker.holds_[static_cast<std::size_t>(step.lock)] = true;
    }
    void operator()(const Release& step) {
        worker.holds_[static_cast<std::size_t>(step.lock)] = false;
        run.locks[static_cast<std::size_t>(step.lock)].unlock();
    }
    void operator()(const Send& step) {
        const auto arrived = worker.pass_data(task, DataKind::message, step.bytes);
        const std::lock_guard lock(run.queue_mutex);
        run.queue.push_back({task, static_cast<std::int64_t>(arrived)});
    }
    void operator()(const Fail& step) { fail_task(step, run.host, output); }
};

ThreadWorker::ThreadWorker(ThreadRun& run, Gil* gil, int index, Lane lane, Nanoseconds begin)
    : run_(run), gil_(gil), state_(index), recorder_(std::move(lane), begin) {}

void ThreadWorker::begin() {
    cpu_before_ = run_.host.thread_cpu_time();
    take_gil();
}

void ThreadWorker::end() {
    leave_task();
    let_go(State::idle, ReleaseCause::task_end);
    stop_clock();
}

void ThreadWorker::stop_clock() {
    const auto cpu_after = run_.host.thread_cpu_time();
    if (cpu_before_ && cpu_after) recorder_.add_cpu(*cpu_after - *cpu_before_);
}

void ThreadWorker::take_gil() {
    if (gil_ != nullptr) {
        enter(State::waiting_for_gil);
        gil_->take(state_);
    }
    enter(State::running);
}

void ThreadWorker::let_go(State state, ReleaseCause cause) {
    recorder_.enter(state, run_.host.now(), gil_ != nullptr ? cause : ReleaseCause::none);
    if (gil_ != nullptr) gil_->drop(state_);
}

void ThreadWorker::answer_request() {
    if (gil_ == nullptr) return;
    let_go(State::waiting_for_gil, ReleaseCause::interval_expired);
    take_gil();
}

bool ThreadWorker::run_task(int task) {
    recorder_.set_task(task);
    enter(State::running);
    const auto index = static_cast<std::size_t>(task);
    const Task& program = run_.scenario.tasks[index];
    TaskOutput& output = run_.outputs[index];
    if (run_.plan.names) {
        if (const auto function = pickled_function(program); !function) {
            output.error = function.error().what;
            return true;
        }
    }
    output.bytes += pass_data(task, DataKind::argument, program.argument_bytes);
    for (const Step& step : program.steps) {
        // Between two steps runs Python code, which looks at its eval breaker; native code does not.
        if (state_.eval_breaker.load(std::memory_order_relaxed) != 0) answer_request();
        std::visit(ThreadSteps{*this, task, output}, step);
        if (!output.error.empty()) break;
    }
    release_all();
    if (!output.error.empty()) return false;
    output.bytes += pass_data(task, DataKind::result, program.result_bytes);
    return true;
}

/// In one memory a reference is enough. Between interpreters data is written out by one and read in by the other.
std::uint64_t ThreadWorker::pass_data(int task, DataKind kind, std::int64_t size) {
    const bool copies =
        run_.scenario.model == ExecutionModel::subinterpreters && run_.scenario.transport == Transport::pickle;
    if (size <= 0 || !copies) return static_cast<std::uint64_t>(size);
    enter(State::serialising);
    const auto number = static_cast<std::size_t>(task);
    const auto original = data_of(run_.payload, number, kind, size);
    const Bytes written(original.begin(), original.end());
    const Bytes restored(written.begin(), written.end());
    enter(State::running);
    serialised_ += restored.size();
    return is_data_of(restored, number, kind) ? restored.size() : 0;
}

/// An exception leaves a `with lock:` as well.
void ThreadWorker::release_all() {
    for (std::size_t lock = 0; lock < holds_.size(); ++lock) {
        if (!holds_[lock]) continue;
        holds_[lock] = false;
        run_.locks[lock].unlock();
    }
}

} // namespace gil
