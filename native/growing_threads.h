// The threads that answer requests: as many as are busy at once, started when they are needed and kept.
#pragma once

#define CPPHTTPLIB_LISTEN_BACKLOG 1024 // pages open many connections at once; a dropped one is tried again after 1 s
#include <httplib.h>

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace gil::native {

/// httplib's own pool starts all its threads up front, so it must either be large or let a few slow clients, each of
/// which holds a thread until its connection times out, keep out all others. Thread-safe.
class GrowingThreads : public httplib::TaskQueue {
  public:
    explicit GrowingThreads(std::size_t most) : most_(most) {}

    bool enqueue(std::function<void()> job) override;
    /// Blocks until all jobs, also those that have not begun, are done.
    void shutdown() override;

  private:
    void work();

    const std::size_t most_;
    std::mutex mutex_; ///< protects all below
    std::condition_variable changed_;
    std::deque<std::function<void()>> jobs_;
    std::vector<std::thread> threads_;
    std::size_t idle_ = 0; ///< threads that wait for a job
    bool ending_ = false;
};

} // namespace gil::native
