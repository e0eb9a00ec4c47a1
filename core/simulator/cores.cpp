#include "core/simulator/cores.h"

#include <algorithm>

namespace gil::sim {

Cores::Cores(const Machine& machine, EventQueue& events) : machine_(machine), events_(events) {}

bool Cores::later(const Waiting& a, const Waiting& b) {
    return a.virtual_time != b.virtual_time ? a.virtual_time > b.virtual_time : a.order > b.order;
}

void Cores::account(Thread& thread, Nanoseconds now) {
    const Nanoseconds ran = now - thread.since;
    thread.cpu += ran;
    thread.virtual_time += ran;
    thread.burst = std::max<Nanoseconds>(0, thread.burst - speed_.work_in(ran));
    thread.since = now;
}

void Cores::await_burst_end(int thread, Nanoseconds now) {
    Thread& t = threads_[index(thread)];
    t.burst_until = now + speed_.time_for(t.burst);
    events_.push(t.burst_until, EventKind::burst_end, thread, t.stamp);
}

CoreSpeed Cores::speed_of(std::size_t busy) const {
    // A tax is on the time of work: by division it becomes what is left of the speed.
    const std::int64_t taxed = CoreSpeed::full + busy_tax_ppm(machine_, static_cast<int>(busy));
    return CoreSpeed{CoreSpeed::full * CoreSpeed::full / taxed};
}

void Cores::adjust_speed(Nanoseconds now) {
    if (machine_.busy_cores_tax_ppm == 0) return;
    const CoreSpeed speed = speed_of(running_.size());
    if (speed == speed_) return;
    events_.spend(running_.size());
    for (const int thread : running_) account(threads_[index(thread)], now);
    speed_ = speed;
    for (const int thread : running_) {
        if (threads_[index(thread)].burst > 0) await_burst_end(thread, now);
    }
}

void Cores::enqueue(int thread) {
    queue_.push_back({threads_[index(thread)].virtual_time, order_++, thread});
    std::push_heap(queue_.begin(), queue_.end(), later);
}

void Cores::want(int thread, Nanoseconds burst, Nanoseconds now) {
    Thread& t = threads_[index(thread)];
    // A sleeper gets at most one slice of credit, so that it is served soon but cannot starve the others.
    t.virtual_time = std::max(t.virtual_time, floor_ - machine_.time_slice);
    t.burst = burst;
    if (static_cast<int>(running_.size()) < machine_.cores) {
        dispatch(thread, now);
        return;
    }
    events_.spend(running_.size());
    const int victim = longest_running(now);
    const Thread& v = threads_[index(victim)];
    const Nanoseconds victim_time = v.virtual_time + (now - v.since);
    enqueue(thread);
    if (t.virtual_time + machine_.time_slice / 3 < victim_time) {
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
    await_burst_end(thread, now);
    t.slice_armed = false;
    if (!queue_.empty()) arm_slices(now);
}

void Cores::leave(int thread, Nanoseconds now) {
    Thread& t = threads_[index(thread)];
    account(t, now);
    t.on_core = false;
    ++t.stamp;
    stop_running(thread);
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
    return t.on_core ? std::max<Nanoseconds>(0, t.burst - speed_.work_in(now - t.since)) : t.burst;
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
    if (!t.on_core || t.stamp != stamp || t.burst_until != now) return false;
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

void Cores::put_on_core(Thread& thread, Nanoseconds now) {
    thread.on_core = true;
    thread.since = now;
    thread.slice_until = now + machine_.time_slice;
    thread.slice_armed = false;
    ++thread.stamp;
    floor_ = std::max(floor_, thread.virtual_time);
}

void Cores::dispatch(int thread, Nanoseconds now) {
    Thread& t = threads_[index(thread)];
    put_on_core(t, now);
    running_.push_back(thread);
    if (t.burst > 0) {
        await_burst_end(thread, now);
        resumed_.push_back(thread);
    } else {
        dispatched_.push_back(thread);
    }
}

void Cores::stop_running(int thread) {
    events_.spend(running_.size() / 8);
    running_.erase(std::find(running_.begin(), running_.end(), thread));
}

void Cores::preempt(int thread, Nanoseconds now) {
    Thread& t = threads_[index(thread)];
    account(t, now);
    t.on_core = false;
    ++t.stamp;
    stop_running(thread);
    if (t.burst > 0) stopped_.push_back(thread);
    enqueue(thread);
}

void Cores::arm_slices(Nanoseconds now) {
    events_.spend(running_.size());
    for (const int thread : running_) {
        Thread& t = threads_[index(thread)];
        if (t.slice_armed) continue;
        t.slice_armed = true;
        events_.push(std::max(now, t.slice_until), EventKind::slice_end, thread, t.stamp);
    }
}

void Cores::account_all(Nanoseconds now) {
    for (const int thread : running_) account(threads_[index(thread)], now);
}

bool Cores::has_only(int thread) const {
    return machine_.cores > 1 && queue_.empty() && running_.size() == 1 && running_.front() == thread &&
           (machine_.busy_cores_tax_ppm == 0 || (speed_of(0) == speed_ && speed_of(1) == speed_));
}

Nanoseconds Cores::lose_turn(int thread, Nanoseconds now) {
    Thread& t = threads_[index(thread)];
    account(t, now);
    t.slice_armed = false;
    t.on_core = false;
    t.stamp += 2;
    return t.burst;
}

void Cores::begin_turn(int thread, Nanoseconds burst, Nanoseconds now) {
    Thread& t = threads_[index(thread)];
    t.virtual_time = std::max(t.virtual_time, floor_ - machine_.time_slice);
    put_on_core(t, now);
    t.burst = burst;
    ++t.stamp;
    t.burst_until = now + speed_.time_for(burst);
    running_.front() = thread;
}

void Cores::pass_by(int thread, Nanoseconds now) {
    Thread& t = threads_[index(thread)];
    t.virtual_time = std::max(t.virtual_time, floor_ - machine_.time_slice);
    t.burst = 0;
    put_on_core(t, now);
    t.on_core = false;
    ++t.stamp;
}

void Cores::await_end(int thread) {
    const Thread& t = threads_[index(thread)];
    events_.push(t.burst_until, EventKind::burst_end, thread, t.stamp);
}

void Cores::fill_free_core(Nanoseconds now) {
    while (!queue_.empty() && static_cast<int>(running_.size()) < machine_.cores) {
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
