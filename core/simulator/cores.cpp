#include "core/simulator/cores.h"

#include <algorithm>

namespace gil::sim {

Cores::Cores(int cores, Nanoseconds time_slice, EventQueue& events)
    : cores_(cores), time_slice_(time_slice), events_(events) {}

bool Cores::later(const Waiting& a, const Waiting& b) {
    return a.virtual_time != b.virtual_time ? a.virtual_time > b.virtual_time : a.order > b.order;
}

void Cores::account(Thread& thread, Nanoseconds now) {
    const Nanoseconds ran = now - thread.since;
    thread.cpu += ran;
    thread.virtual_time += ran;
    thread.burst = std::max<Nanoseconds>(0, thread.burst - ran);
    thread.since = now;
}

void Cores::enqueue(int thread) {
    queue_.push_back({threads_[index(thread)].virtual_time, order_++, thread});
    std::push_heap(queue_.begin(), queue_.end(), later);
}

void Cores::want(int thread, Nanoseconds burst, Nanoseconds now) {
    Thread& t = threads_[index(thread)];
    // A sleeper gets at most one slice of credit, so that it is served soon but cannot starve the others.
    t.virtual_time = std::max(t.virtual_time, floor_ - time_slice_);
    t.burst = burst;
    if (static_cast<int>(running_.size()) < cores_) {
        dispatch(thread, now);
        return;
    }
    const int victim = longest_running(now);
    const Thread& v = threads_[index(victim)];
    const Nanoseconds victim_time = v.virtual_time + (now - v.since);
    enqueue(thread);
    if (t.virtual_time + time_slice_ / 3 < victim_time) {
        preempt(victim, now);
        fill_free_core(now);
    }
    arm_slices(now);
}

void Cores::extend(int thread, Nanoseconds burst, Nanoseconds now) {
    Thread& t = threads_[index(thread)];
    account(t, now);
    t.burst = burst;
    ++t.stamp;
    events_.push(now + burst, EventKind::burst_end, thread, t.stamp);
    t.slice_armed = false;
    if (!queue_.empty()) arm_slices(now);
}

void Cores::leave(int thread, Nanoseconds now) {
    Thread& t = threads_[index(thread)];
    account(t, now);
    t.on_core = false;
    ++t.stamp;
    running_.erase(std::find(running_.begin(), running_.end(), thread));
    fill_free_core(now);
}

void Cores::change(int thread, Nanoseconds burst, Nanoseconds now) {
    if (threads_[index(thread)].on_core) {
        extend(thread, burst, now);
    } else {
        threads_[index(thread)].burst = burst;
    }
}

void Cores::remove(int thread, Nanoseconds now) {
    Thread& t = threads_[index(thread)];
    t.burst = 0;
    if (t.on_core) return leave(thread, now);
    if (std::erase_if(queue_, [&](const Waiting& waiting) { return waiting.thread == thread; }) > 0) {
        std::make_heap(queue_.begin(), queue_.end(), later);
    }
}

Nanoseconds Cores::left(int thread, Nanoseconds now) const {
    const Thread& t = threads_[index(thread)];
    return t.on_core ? std::max<Nanoseconds>(0, t.burst - (now - t.since)) : t.burst;
}

void Cores::slice_end(int thread, std::uint32_t stamp, Nanoseconds now) {
    Thread& t = threads_[index(thread)];
    if (!t.on_core || t.stamp != stamp || !t.slice_armed) return;
    t.slice_armed = false;
    if (queue_.empty()) return;
    preempt(thread, now);
    fill_free_core(now);
}

bool Cores::burst_end(int thread, std::uint32_t stamp, Nanoseconds now) {
    Thread& t = threads_[index(thread)];
    if (!t.on_core || t.stamp != stamp) return false;
    account(t, now);
    return true;
}

Nanoseconds Cores::interrupt(int thread, Nanoseconds now) {
    Thread& t = threads_[index(thread)];
    account(t, now);
    ++t.stamp;
    t.slice_armed = false;
    if (!queue_.empty()) arm_slices(now);
    return t.burst;
}

std::optional<int> Cores::next_dispatched() {
    while (!dispatched_.empty()) {
        const int thread = dispatched_.back();
        dispatched_.pop_back();
        // It may have lost the core again within the same event; it is then in the queue and comes back.
        if (threads_[index(thread)].on_core && threads_[index(thread)].burst == 0) return thread;
    }
    return std::nullopt;
}

void Cores::dispatch(int thread, Nanoseconds now) {
    Thread& t = threads_[index(thread)];
    t.on_core = true;
    t.since = now;
    t.slice_until = now + time_slice_;
    t.slice_armed = false;
    ++t.stamp;
    running_.push_back(thread);
    floor_ = std::max(floor_, t.virtual_time);
    if (t.burst > 0) {
        events_.push(now + t.burst, EventKind::burst_end, thread, t.stamp);
        resumed_.push_back(thread);
    } else {
        dispatched_.push_back(thread);
    }
}

void Cores::preempt(int thread, Nanoseconds now) {
    Thread& t = threads_[index(thread)];
    account(t, now);
    t.on_core = false;
    ++t.stamp;
    running_.erase(std::find(running_.begin(), running_.end(), thread));
    if (t.burst > 0) stopped_.push_back(thread);
    enqueue(thread);
}

void Cores::arm_slices(Nanoseconds now) {
    for (const int thread : running_) {
        Thread& t = threads_[index(thread)];
        if (t.slice_armed) continue;
        t.slice_armed = true;
        events_.push(std::max(now, t.slice_until), EventKind::slice_end, thread, t.stamp);
    }
}

void Cores::fill_free_core(Nanoseconds now) {
    while (!queue_.empty() && static_cast<int>(running_.size()) < cores_) {
        std::pop_heap(queue_.begin(), queue_.end(), later);
        const int thread = queue_.back().thread;
        queue_.pop_back();
        dispatch(thread, now);
    }
    if (!queue_.empty()) arm_slices(now);
}

int Cores::longest_running(Nanoseconds now) const {
    return *std::max_element(running_.begin(), running_.end(), [&](int a, int b) {
        const Thread& x = threads_[index(a)];
        const Thread& y = threads_[index(b)];
        return x.virtual_time + (now - x.since) < y.virtual_time + (now - y.since);
    });
}

} // namespace gil::sim
