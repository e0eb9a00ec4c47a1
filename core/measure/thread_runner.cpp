#include "core/measure/thread_runner.h"

#include <deque>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

#include "core/gil.h"
#include "core/measure/program.h"
#include "core/trace_recorder.h"

namespace gil {

namespace {

/// What the workers of one run share.
struct Shared {
    Host& host;
    const Scenario& scenario;
    const KernelSpeeds& speeds;
    Gil* gil;                        ///< null when free-threaded
    std::vector<TaskOutput> outputs; ///< each task's entry is written by the one worker that runs it
    std::mutex failure_mutex;        ///< protects failure
    std::optional<Error> failure;    ///< the first one
};

/// One thread's life; everything but `shared` belongs to its thread until it is joined.
class Worker {
  public:
    Worker(Shared& shared, int index, Nanoseconds begin)
        : shared_(shared), index_(index), state_(index), recorder_(make_lane(shared, index), begin) {}

    /// The thread's body.
    void run() {
        const auto cpu_before = shared_.host.thread_cpu_time();
        take_gil();
        for (const int task : tasks_of_worker(shared_.scenario, index_)) run_task(task);
        let_go(State::idle, ReleaseCause::task_end, -1);
        const auto cpu_after = shared_.host.thread_cpu_time();
        if (cpu_before && cpu_after) recorder_.add_cpu(*cpu_after - *cpu_before);
    }

    [[nodiscard]] Lane finish(Nanoseconds end) { return recorder_.finish(end); }

  private:
    static Lane make_lane(const Shared& shared, int index) {
        Lane lane;
        lane.name = "thread " + std::to_string(index + 1);
        lane.has_gil = shared.gil != nullptr;
        return lane;
    }

    /// Waits for the GIL where there is one; the thread then runs.
    void take_gil() {
        if (shared_.gil != nullptr) {
            recorder_.enter(State::waiting_for_gil, shared_.host.now());
            shared_.gil->take(state_);
        }
        recorder_.enter(State::running, shared_.host.now());
    }

    /// Leaves `running` for `state` and lets go of the GIL. The time is taken while the lock is still held, so that
    /// no two lanes of one GIL ever seem to run at once.
    void let_go(State state, ReleaseCause cause, int task) {
        recorder_.set_task(task);
        recorder_.enter(state, shared_.host.now(), shared_.gil != nullptr ? cause : ReleaseCause::none);
        if (shared_.gil != nullptr) shared_.gil->drop(state_);
    }

    void run_task(int task) {
        recorder_.set_task(task);
        recorder_.enter(State::running, shared_.host.now());
        const auto index = static_cast<std::size_t>(task);
        for (const Step& step : shared_.scenario.tasks[index].steps) {
            if (const auto* compute = std::get_if<Compute>(&step)) {
                run_compute(*compute, task, shared_.outputs[index]);
            } else if (const auto* wait = std::get_if<Wait>(&step)) {
                run_wait(*wait, task);
            }
        }
    }

    void run_compute(const Compute& compute, int task, TaskOutput& output) {
        ComputeProgress progress(compute, shared_.speeds);
        while (!progress.run(state_.eval_breaker)) {
            let_go(State::waiting_for_gil, ReleaseCause::interval_expired, task);
            take_gil();
        }
        progress.store(output);
    }

    void run_wait(const Wait& wait, int task) {
        let_go(State::waiting_for_io, ReleaseCause::blocking_call, task);
        if (wait.kind == WaitKind::http) {
            if (auto answer = shared_.host.http_wait(wait.duration); !answer) fail(answer.error());
        } else {
            shared_.host.sleep_for(wait.duration);
        }
        take_gil();
    }

    void fail(const Error& error) {
        const std::lock_guard lock(shared_.failure_mutex);
        if (!shared_.failure) shared_.failure = error;
    }

    Shared& shared_;
    int index_;
    ThreadState state_;
    TraceRecorder recorder_;
};

} // namespace

Result<Run> run_threads(Host& host, const Scenario& scenario, const KernelSpeeds& speeds) {
    std::optional<Gil> gil;
    if (scenario.model == ExecutionModel::threads) gil.emplace(scenario.interpreter.switch_interval);
    Shared shared{host, scenario, speeds, gil ? &*gil : nullptr, {}, {}, {}};
    shared.outputs.resize(scenario.tasks.size());

    const int count = started_workers(scenario);
    std::deque<Worker> workers; // a deque: addresses stay while it grows
    std::vector<std::thread> threads;
    threads.reserve(static_cast<std::size_t>(count));
    const Nanoseconds begin = host.now();
    for (int i = 0; i < count; ++i) {
        workers.emplace_back(shared, i, begin);
        try {
            threads.emplace_back(&Worker::run, &workers.back());
        } catch (const std::system_error& error) {
            workers.pop_back();
            const std::lock_guard lock(shared.failure_mutex);
            shared.failure = Error{"thread " + std::to_string(i + 1), std::string("could not start: ") + error.what(),
                                   "fewer workers"};
            break;
        }
    }
    for (std::thread& thread : threads) thread.join();
    const Nanoseconds end = host.now();
    if (shared.failure) return *shared.failure;

    Run run;
    run.origin = Origin::measured;
    run.trace.end = end - begin;
    run.outputs = std::move(shared.outputs);
    for (Worker& worker : workers) {
        Lane lane = worker.finish(end);
        make_relative(lane, begin);
        fit_lane(lane, run.trace.end);
        run.trace.lanes.push_back(std::move(lane));
    }
    return run;
}

} // namespace gil
