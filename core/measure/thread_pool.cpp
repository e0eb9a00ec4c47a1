#include "core/measure/thread_pool.h"

#include <system_error>

namespace gil {

namespace {

Lane lane_of(const std::string& name, int interpreter) {
    Lane lane;
    lane.name = name;
    lane.interpreter = interpreter;
    return lane;
}

} // namespace

ThreadPoolRun::ThreadPoolRun(ThreadRun& run, std::string prefix, int interpreter, Nanoseconds begin)
    : run_(run), prefix_(std::move(prefix)), interpreter_(interpreter), begin_(begin),
      gil_(run.scenario.interpreter.switch_interval) {
    workers_.emplace_back(run_, &gil_, 0, lane_of("parent", interpreter_), begin_);
    threads_.reserve(static_cast<std::size_t>(started_workers(run.scenario)));
}

void ThreadPoolRun::run() {
    ThreadWorker& main = workers_.front();
    main.begin();
    unfinished_ = run_.scenario.tasks.size();
    for (int task = 0; task < static_cast<int>(run_.scenario.tasks.size()); ++task) submit(task);
    main.let_go(State::idle, ReleaseCause::blocking_call);
    {
        std::unique_lock lock(mutex_);
        drained_.wait(lock, [this] { return unfinished_ == 0 || threads_.empty(); });
        closed_ = true;
    }
    filled_.notify_all();
    for (std::thread& thread : threads_) thread.join();
    main.take_gil();
    main.end();
}

/// ThreadPoolExecutor.submit: the task is queued first; a thread is started only when none is idle (thread.py).
void ThreadPoolRun::submit(int task) {
    bool needs_thread = false;
    {
        const std::lock_guard lock(mutex_);
        queue_.push_back(task);
        needs_thread = idle_ == 0 && static_cast<int>(threads_.size()) < started_workers(run_.scenario);
        if (idle_ > 0) --idle_; // promised
    }
    filled_.notify_one();
    if (needs_thread) start_thread();
}

void ThreadPoolRun::start_thread() {
    const std::string name = prefix_ + std::to_string(threads_.size() + 1);
    ThreadWorker& worker =
        workers_.emplace_back(run_, &gil_, static_cast<int>(threads_.size()) + 1, lane_of(name, interpreter_), begin_);
    try {
        threads_.emplace_back([this, &worker] { work(worker); });
    } catch (const std::system_error& error) {
        workers_.pop_back();
        // The threads there are take over, as in CPython; with none the run fails.
        const std::lock_guard lock(run_.failure_mutex);
        if (threads_.empty()) run_.failure = Error{name, std::string("could not start: ") + error.what(), ""};
    }
}

/// The next task, for a worker that holds the GIL; waits without it. Nothing once the pool is closed: the GIL is then
/// let go already.
std::optional<int> ThreadPoolRun::take_task(ThreadWorker& worker) {
    std::unique_lock lock(mutex_);
    const bool waits = queue_.empty();
    if (waits) {
        ++idle_;
        lock.unlock();
        worker.let_go(State::idle, ReleaseCause::blocking_call);
        lock.lock();
        filled_.wait(lock, [this] { return !queue_.empty() || closed_; });
    }
    if (queue_.empty()) return std::nullopt;
    const int task = queue_.front();
    queue_.pop_front();
    lock.unlock();
    if (waits) worker.take_gil();
    return task;
}

void ThreadPoolRun::work(ThreadWorker& worker) {
    worker.begin();
    while (const auto task = take_task(worker)) {
        worker.run_task(*task);
        worker.leave_task();
        const std::lock_guard lock(mutex_);
        if (--unfinished_ == 0) drained_.notify_one();
    }
    worker.stop_clock();
}

} // namespace gil
