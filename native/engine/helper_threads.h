// The threads behind asyncio.to_thread: what has no asynchronous form blocks one of them instead of the event loop.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "core/base/result.h"
#include "native/base/event_loop.h"
#include "native/base/posix.h"

namespace gil::native {

/// An event loop's default executor (concurrent/futures/thread.py): at most min(32, processors + 4) threads, and one
/// that is idle is used before another is started. They end when nothing is left to do, so that whoever forks is alone.
/// All calls from the loop's thread.
class HelperThreads {
  public:
    using Work = std::function<Result<Nothing>()>;
    using Then = std::function<void(Result<Nothing>)>;

    /// `loop` must outlive this.
    HelperThreads(EventLoop& loop, int processors);
    /// Blocks until the calls under way have returned; nobody is told of them.
    ~HelperThreads();
    HelperThreads(const HelperThreads&) = delete;
    HelperThreads& operator=(const HelperThreads&) = delete;

    /// Calls `work` on a thread, which may block, and then `then` from the loop. An Error where the system has no
    /// thread for it: told once the calls before it are done, so that whatever follows has their threads.
    void call(Work work, Then then);

  private:
    struct Call {
        Work work;
        Then then;
        Result<Nothing> result = Nothing{};
    };

    [[nodiscard]] Result<Nothing> start_one();
    void work();
    void take_returned();
    void rest();

    EventLoop& loop_;
    const std::size_t most_;
    UniqueFd returned_; ///< an eventfd: readable when `done_` has something
    std::vector<std::thread> threads_;
    std::size_t under_way_ = 0;
    std::vector<std::function<void()>> refused_; ///< to be told
    std::mutex mutex_;                           ///< protects what follows
    std::condition_variable changed_;
    std::deque<Call> waiting_;
    std::vector<Call> done_;
    std::size_t idle_ = 0; ///< threads that wait for a call
    bool ending_ = false;
};

} // namespace gil::native
