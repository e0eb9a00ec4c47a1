#include "native/growing_threads.h"

#include <system_error>
#include <utility>

namespace gil::native {

bool GrowingThreads::enqueue(std::function<void()> job) {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
    if (idle_ >= jobs_.size() || threads_.size() >= most_) {
        changed_.notify_one();
        return true;
    }
    try {
        threads_.emplace_back([this] { work(); });
    } catch (const std::system_error&) {
        // No thread can be had; one that is busy takes the job later. Without any, the connection is refused.
        if (!threads_.empty()) return true;
        jobs_.pop_back();
        return false;
    }
    return true;
}

void GrowingThreads::shutdown() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
}

void GrowingThreads::work() {
    std::unique_lock lock(mutex_);
    for (;;) {
        ++idle_;
        changed_.wait(lock, [this] { return ending_ || !jobs_.empty(); });
        --idle_;
        if (jobs_.empty()) return;
        const std::function<void()> job = std::move(jobs_.front());
        jobs_.pop_front();
        lock.unlock();
        job();
        lock.lock();
    }
}

} // namespace gil::native
