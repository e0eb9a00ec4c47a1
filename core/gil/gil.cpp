#include "core/gil/gil.h"

#include <algorithm>
#include <cassert>

namespace gil {

Gil::Gil(Nanoseconds switch_interval) : interval_(std::max<Nanoseconds>(1, switch_interval / microsecond)) {}

void Gil::take(ThreadState& thread) {
    std::unique_lock lock(mutex_);
    while (state_.locked) {
        const std::uint64_t switch_number_before = state_.switch_number;
        const bool timed_out = released_.wait_for(lock, interval_) == std::cv_status::timeout;
        if (state_.may_request_drop(timed_out, switch_number_before)) {
            holder_->eval_breaker.store(1, std::memory_order_relaxed);
        }
    }
    {
        // A dropper checks for the switch under switch_mutex_; so the lock is marked as taken under it, too.
        const std::lock_guard switching(switch_mutex_);
        state_.take(thread.id);
        switched_.notify_one();
    }
    holder_ = &thread;
    thread.eval_breaker.store(0, std::memory_order_relaxed);
}

void Gil::drop(ThreadState& thread) {
    bool drop_was_requested = false;
    {
        const std::lock_guard lock(mutex_);
        assert(state_.locked && holder_ == &thread);
        drop_was_requested = thread.eval_breaker.load(std::memory_order_relaxed) != 0;
        state_.drop();
        holder_ = nullptr;
        released_.notify_one();
    }
    if (!drop_was_requested) return;
    std::unique_lock switching(switch_mutex_);
    // Reads only last_holder, which is written under both mutexes.
    while (state_.must_await_switch(true, thread.id)) switched_.wait(switching);
}

GilState Gil::state() const {
    const std::lock_guard lock(mutex_);
    return state_;
}

} // namespace gil
