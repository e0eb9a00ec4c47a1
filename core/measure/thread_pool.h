// concurrent.futures.ThreadPoolExecutor for real: a queue of tasks, threads that are started when a task is submitted
// and nobody is idle, and a main thread that submits under the same GIL.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "core/measure/thread_worker.h"

namespace gil {

class ThreadPoolRun {
  public:
    ThreadPoolRun(ThreadRun& run, std::string prefix, int interpreter, Nanoseconds begin);

    /// Submits all tasks, waits for them, ends the threads. Blocks; the calling thread plays the main thread.
    void run();

    /// The main thread's lane first, then the threads in the order they were started.
    [[nodiscard]] std::deque<ThreadWorker>& workers() { return workers_; }

  private:
    void submit(int task);
    void start_thread();
    std::optional<int> take_task(ThreadWorker& worker);
    void work(ThreadWorker& worker);

    ThreadRun& run_;
    std::string prefix_;
    int interpreter_;
    Nanoseconds begin_;
    Gil gil_;
    std::deque<ThreadWorker> workers_; ///< a deque: addresses stay while it grows; only the main thread adds to it
    std::vector<std::thread> threads_;

    std::mutex mutex_; ///< protects what follows
    std::condition_variable filled_;
    std::condition_variable drained_;
    std::deque<int> queue_;
    int idle_ = 0; ///< threads that wait for a task and have not been promised one
    std::size_t unfinished_ = 0;
    bool closed_ = false;
};

} // namespace gil
