#include "native/base/event_loop.h"

#include <poll.h>
#include <time.h>

#include <algorithm>
#include <utility>

namespace gil::native {

Nanoseconds monotonic_now() {
    timespec time{};
    ::clock_gettime(CLOCK_MONOTONIC, &time);
    return Nanoseconds{time.tv_sec} * second + time.tv_nsec;
}

void EventLoop::call_after(Nanoseconds delay, std::function<void()> then) {
    timers_.push({monotonic_now() + std::max<Nanoseconds>(delay, 0), next_order_++, std::move(then)});
}

void EventLoop::watch(int fd, short events, std::function<void(short)> ready) {
    watches_[fd] = {events, next_order_++, std::make_shared<std::function<void(short)>>(std::move(ready))};
}

void EventLoop::unwatch(int fd) {
    watches_.erase(fd);
}

void EventLoop::run() {
    stopped_ = false;
    while (!stopped_ && !(timers_.empty() && watches_.empty())) step();
}

void EventLoop::clear() {
    while (!timers_.empty() || !watches_.empty()) {
        const auto timers = std::exchange(timers_, {});
        const auto watches = std::exchange(watches_, {});
    }
}

void EventLoop::run_due_timers() {
    const Nanoseconds now = monotonic_now();
    // What a callback adds waits for the next round, so that descriptors get their turn.
    const std::uint64_t end_of_round = next_order_;
    std::vector<Timer> due;
    while (!timers_.empty() && timers_.top().due <= now && timers_.top().order < end_of_round) {
        due.push_back(timers_.top());
        timers_.pop();
    }
    for (Timer& timer : due) {
        if (stopped_) {
            timers_.push(std::move(timer));
        } else {
            timer.then();
        }
    }
}

void EventLoop::step(std::optional<Nanoseconds> max_wait) {
    std::optional<Nanoseconds> wait = max_wait;
    if (!timers_.empty()) {
        const Nanoseconds until = std::max<Nanoseconds>(timers_.top().due - monotonic_now(), 0);
        wait = std::min(wait.value_or(until), until);
    }
    if (!wait && watches_.empty()) return;

    std::vector<pollfd> polled;
    std::vector<std::uint64_t> orders;
    polled.reserve(watches_.size());
    orders.reserve(watches_.size());
    for (const auto& [fd, watch] : watches_) {
        polled.push_back({fd, watch.events, 0});
        orders.push_back(watch.order);
    }
    timespec timeout{};
    if (wait) timeout = {static_cast<time_t>(*wait / second), static_cast<long>(*wait % second)};
    // A signal ends the wait early: that is one empty round.
    const int ready = ::ppoll(polled.data(), polled.size(), wait ? &timeout : nullptr, nullptr);
    for (std::size_t i = 0; ready > 0 && i < polled.size() && !stopped_; ++i) {
        if (polled[i].revents == 0) continue;
        const auto found = watches_.find(polled[i].fd);
        if (found == watches_.end() || found->second.order != orders[i]) continue;
        const auto keep_alive = found->second.ready;
        (*keep_alive)(polled[i].revents);
    }
    if (!stopped_) run_due_timers();
}

} // namespace gil::native
