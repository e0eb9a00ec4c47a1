#include "native/engine/helper_threads.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <utility>

#include "native/base/start_thread.h"

namespace gil::native {

HelperThreads::HelperThreads(EventLoop& loop, int processors)
    : loop_(loop), most_(static_cast<std::size_t>(std::min(32, std::max(1, processors) + 4))) {}

HelperThreads::~HelperThreads() {
    {
        const std::lock_guard lock(mutex_);
        waiting_.clear();
    }
    rest();
    if (returned_.valid()) loop_.unwatch(returned_.get());
}

void HelperThreads::call(Work work, Then then) {
    const auto refuse = [this, &then](Error error) {
        refused_.push_back([then = std::move(then), error = std::move(error)] { then(error); });
        if (under_way_ == 0) loop_.call_after(0, [this] { take_returned(); });
    };
    if (!returned_.valid()) returned_.reset(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!returned_.valid()) return refuse(system_error("", "no eventfd", errno));
    bool needs_thread = false;
    {
        const std::lock_guard lock(mutex_);
        needs_thread = waiting_.size() >= idle_ && threads_.size() < most_;
    }
    // submit() starts a thread for each call until there are enough, and fails where it cannot.
    if (needs_thread) {
        if (const auto started = start_one(); !started) return refuse(started.error());
    }
    if (under_way_++ == 0) loop_.watch(returned_.get(), POLLIN, [this](short) { take_returned(); });
    {
        const std::lock_guard lock(mutex_);
        waiting_.push_back({std::move(work), std::move(then)});
    }
    changed_.notify_one();
}

Result<Nothing> HelperThreads::start_one() {
    std::thread thread;
    if (auto started = start_thread(thread, [this] { this->work(); }); !started) return started;
    threads_.push_back(std::move(thread));
    return Nothing{};
}

void HelperThreads::work() {
    std::unique_lock lock(mutex_);
    for (;;) {
        ++idle_;
        changed_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
        --idle_;
        if (waiting_.empty()) return;
        Call call = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        call.result = call.work();
        lock.lock();
        done_.push_back(std::move(call));
        const std::uint64_t one = 1;
        (void)!::write(returned_.get(), &one, sizeof one);
    }
}

/// On the loop: tells who called, and lets the threads go when nothing is left to do.
void HelperThreads::take_returned() {
    std::uint64_t count = 0;
    if (returned_.valid()) (void)!::read(returned_.get(), &count, sizeof count);
    std::vector<Call> done;
    {
        const std::lock_guard lock(mutex_);
        done.swap(done_);
    }
    under_way_ -= done.size();
    for (Call& call : done) call.then(std::move(call.result));
    if (under_way_ > 0) return;
    rest();
    if (returned_.valid()) loop_.unwatch(returned_.get());
    for (const auto& tell : std::exchange(refused_, {})) tell();
}

void HelperThreads::rest() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
    const std::lock_guard lock(mutex_);
    ending_ = false;
}

} // namespace gil::native
