#include "core/measure/thread_runner.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>

#include "core/measure/payload.h"
#include "core/measure/thread_pool.h"
#include "core/measure/thread_worker.h"
#include "core/scenario/task_errors.h"

namespace gil {

namespace {

/// threading.Thread.start() comes back once the new thread runs, and its caller then needs the GIL for the next one:
/// beside threads that compute it gets it a switch interval later. So is it here, where threads share a GIL.
class Starter {
  public:
    /// On the thread that starts the others, which holds the GIL from now on; `gil` null: nothing is awaited.
    Starter(Gil* gil, int id) : gil_(gil), state_(id) {
        if (gil_ != nullptr) gil_->take(state_);
    }
    /// The new thread has the GIL. On that thread.
    void started() {
        if (gil_ == nullptr) return;
        const std::lock_guard lock(mutex_);
        has_started_ = true;
        changed_.notify_one();
    }
    void await_start() {
        if (gil_ == nullptr) return;
        gil_->drop(state_);
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [this] { return has_started_; });
            has_started_ = false;
        }
        gil_->take(state_);
    }
    /// On to join(), which needs no GIL.
    void finish() {
        if (gil_ != nullptr) gil_->drop(state_);
    }

  private:
    Gil* gil_;
    ThreadState state_;
    std::mutex mutex_; ///< protects has_started_
    std::condition_variable changed_;
    bool has_started_ = false;
};

/// Tasks dealt out beforehand, a thread per worker.
class DealtThreads {
  public:
    DealtThreads(ThreadRun& run, const ThreadNames& names) : run_(run), count_(started_workers(run.scenario)) {
        const bool own_gils = run.scenario.model == ExecutionModel::subinterpreters;
        const int gils = run.scenario.model == ExecutionModel::free_threaded ? 0 : own_gils ? count_ : 1;
        for (int i = 0; i < gils; ++i) gils_.emplace_back(run.scenario.interpreter.switch_interval);
        for (int i = 0; i < count_; ++i) {
            Lane lane;
            lane.name = names.prefix + std::to_string(i + 1);
            lane.interpreter = names.first_interpreter + (own_gils ? i : 0);
            lane.has_gil = gils > 0;
            lanes_.push_back(std::move(lane));
        }
    }

    void run(Nanoseconds begin) {
        Starter starter(run_.scenario.model == ExecutionModel::threads ? &gils_.front() : nullptr, count_);
        std::vector<std::thread> threads;
        threads.reserve(static_cast<std::size_t>(count_));
        for (int i = 0; i < count_; ++i) {
            const auto index = static_cast<std::size_t>(i);
            Gil* gil = gils_.empty() ? nullptr : &gils_[gils_.size() > 1 ? index : 0];
            // The thread gets the address: to look it up, the deque would be read while it grows.
            ThreadWorker& worker = workers_.emplace_back(run_, gil, i, std::move(lanes_[index]), begin);
            try {
                threads.emplace_back([this, &starter, &worker, i] { work(starter, worker, i); });
            } catch (const std::system_error& error) {
                workers_.pop_back();
                const std::lock_guard lock(run_.failure_mutex);
                run_.failure = Error{"thread " + std::to_string(i + 1), std::string("could not start: ") + error.what(),
                                     "fewer workers"};
                break;
            }
            starter.await_start();
        }
        starter.finish();
        for (std::thread& thread : threads) thread.join();
    }

    [[nodiscard]] std::deque<ThreadWorker>& workers() { return workers_; }

  private:
    void work(Starter& starter, ThreadWorker& worker, int index) {
        worker.begin();
        starter.started();
        bool alive = true; // an exception ends a bare thread, and with it what it had left to do
        for (const int task : tasks_of_worker(run_.scenario, index)) {
            if (alive)
                alive = worker.run_task(task);
            else
                run_.outputs[static_cast<std::size_t>(task)].error = not_run_error;
        }
        worker.end();
    }

    ThreadRun& run_;
    int count_;
    std::deque<Gil> gils_;
    std::vector<Lane> lanes_;
    std::deque<ThreadWorker> workers_; ///< a deque: addresses stay while it grows
};

void rename_tasks(Lane& lane, const std::vector<int>& task_indices) {
    if (task_indices.empty()) return;
    for (Interval& interval : lane.intervals) {
        if (interval.task >= 0) interval.task = task_indices[static_cast<std::size_t>(interval.task)];
    }
}

} // namespace

Result<Run> run_threads(Host& host, const Scenario& scenario, const Speeds& speeds, std::shared_ptr<SharedBlock> block,
                        const ThreadNames& names, std::vector<QueueItem>* queue) {
    Counters counters(std::move(block));
    const RunPlan plan = plan_of(scenario);
    const Bytes payload = make_payload_buffer(plan.largest_payload, scenario.tasks.size());
    ThreadRun shared{host, scenario, speeds, counters, plan, {}, payload, {}, {}, {}, {}, {}};
    shared.outputs.resize(scenario.tasks.size());

    Run run;
    run.origin = Origin::measured;
    const auto collect = [&](std::deque<ThreadWorker>& workers, Nanoseconds begin, Nanoseconds end) {
        run.trace.end = end - begin;
        for (ThreadWorker& worker : workers) {
            Lane lane = worker.finish(end);
            make_relative(lane, begin);
            fit_lane(lane, run.trace.end);
            rename_tasks(lane, names.task_indices);
            run.trace.bytes_serialised += worker.bytes_serialised();
            run.trace.lanes.push_back(std::move(lane));
        }
    };
    const Nanoseconds begin = host.now();
    if (scenario.model == ExecutionModel::thread_pool) {
        ThreadPoolRun pool(shared, names.prefix, names.first_interpreter, begin);
        pool.run();
        collect(pool.workers(), begin, host.now());
    } else {
        DealtThreads dealt(shared, names);
        dealt.run(begin);
        collect(dealt.workers(), begin, host.now());
    }
    if (shared.failure) return *shared.failure;
    run.outputs = std::move(shared.outputs);
    run.observations = observe(scenario, counters);
    std::uint64_t received = 0;
    for (const QueueItem& item : shared.queue) received += static_cast<std::uint64_t>(item.bytes);
    observe_queue(scenario, received, run.observations);
    if (queue != nullptr) *queue = std::move(shared.queue);
    return run;
}

} // namespace gil
