// The Global Interpreter Lock, for real threads: CPython's protocol (Python/ceval_gil.c) on a mutex and two conditions.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "core/base/units.h"
#include "core/gil/gil_protocol.h"

namespace gil {

/// What the GIL knows of one thread. Lives as long as the thread uses the lock; its address must not change.
struct ThreadState {
    explicit ThreadState(int thread_id) : id(thread_id) {}
    const int id;
    /// The eval breaker: not 0 when this thread is asked to drop the GIL. Written by waiters under the lock's mutex,
    /// read by its own thread in the kernels (relaxed: a hint). On a cache line of its own, so that reading it about
    /// every 50 ns stays cheap. Per thread since CPython 3.13; per interpreter before.
    alignas(64) std::atomic<std::uint32_t> eval_breaker{0};
};

/// One interpreter's GIL. Any thread may call; a thread may not take it twice.
class Gil {
  public:
    /// `switch_interval` is sys.setswitchinterval in ns; below 1 µs it counts as 1 µs, as in CPython.
    explicit Gil(Nanoseconds switch_interval);
    Gil(const Gil&) = delete;
    Gil& operator=(const Gil&) = delete;

    /// take_gil: blocks until the calling thread holds the lock. Clears its eval breaker.
    void take(ThreadState& thread);

    /// drop_gil: lets go and wakes one waiter. When a drop had been requested of this thread, blocks until another
    /// thread has taken the lock (forced switch). Only the holder may call.
    void drop(ThreadState& thread);

    /// A snapshot, for tests and figures.
    [[nodiscard]] GilState state() const;

  private:
    std::chrono::microseconds interval_;
    mutable std::mutex mutex_; ///< protects state_ and holder_; state_.last_holder is written under both mutexes
    std::condition_variable released_;
    GilState state_;
    ThreadState* holder_ = nullptr;
    std::mutex switch_mutex_; ///< orders "taken" against a dropper that awaits the switch; taken after mutex_
    std::condition_variable switched_;
};

} // namespace gil
