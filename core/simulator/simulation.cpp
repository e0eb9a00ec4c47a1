#include "core/simulator/simulation.h"

#include <algorithm>
#include <limits>

namespace gil::sim {

Simulation::Simulation(const Scenario& scenario, const Machine& machine, std::uint64_t seed)
    : scenario_(scenario), machine_(machine), random_(seed), cores_(machine, events_), gils_(*this), locks_(*this),
      counting_(*this), rounds_(*this) {}

int Simulation::add_thread(Program& program, const Place& place) {
    Thread thread;
    thread.program = &program;
    thread.place = place;
    threads_.push_back(std::move(thread));
    cores_.add_thread();
    gils_.add_thread();
    counting_.add_thread();
    return thread_count() - 1;
}

int Simulation::add_lane(Lane lane, State first) {
    return lanes_.add(std::move(lane), first);
}

void Simulation::start(int thread, Nanoseconds time) {
    events_.push(time, EventKind::wake, thread, 0);
}

void Simulation::then(int thread, std::initializer_list<Operation> operations) {
    auto& planned = threads_[at(thread)].planned;
    for (auto each = operations.end(); each != operations.begin();) planned.push_back(*--each);
}

void Simulation::wake(int thread, Nanoseconds latency) {
    events_.push(now_ + latency, EventKind::wake, thread, 0);
}

void Simulation::call_after(int thread, Nanoseconds latency) {
    Thread& t = threads_[at(thread)];
    if (!t.blocked || t.dead) return;
    t.blocked = false;
    wake(thread, latency);
}

void Simulation::alarm(int thread, Nanoseconds time, std::uint32_t what) {
    events_.push(time, EventKind::alarm, thread, what);
}

void Simulation::end_process(int process) {
    for (int id = 0; id < thread_count(); ++id) {
        Thread& t = threads_[at(id)];
        if (t.place.process != process || t.dead) continue;
        t.dead = true;
        t.planned.clear();
        counting_.died(id);
        locks_.died(id);
        cores_.remove(id, now_);
        set_task(id, none);
        enter(id, State::idle);
    }
}

void Simulation::run(const Budget& budget, SimulationStats* stats) {
    std::uint64_t count = 0;
    apply(budget);
    while (!events_.empty() && !stop_) {
        const Event event = events_.pop();
        now_ = event.time;
        ++count;
        handle(event);
        settle();
        if (is_spent()) stop_ = Stop{Stop::Reason::events, budget.max_events, now_, 0};
        if (events_.is_crowded()) drop_stale_events();
    }
    if (!stop_) now_ = std::max(now_, last_stale_);
    if (stats == nullptr) return;
    stats->events += count;
    stats->spent_events += events_.effort() / effort_of_event;
    stats->kept_bytes += std::uint64_t{lanes_.recorded()} * sizeof(Interval);
}

/// The limit of what is recorded follows from the memory that is left beside threads, tasks and lanes.
void Simulation::apply(const Budget& budget) {
    most_effort_ = std::min(budget.max_events, UINT64_MAX / effort_of_event) * effort_of_event;
    every_event_ = budget.every_event;
    constexpr std::uint64_t bytes_per_thread = 1'024; // with its operations, its events and its lane
    constexpr std::uint64_t bytes_per_task = 512;     // with its output, and where it is a coroutine with its lane
    const auto threads = static_cast<std::uint64_t>(started_workers(scenario_)) + threads_.size();
    const std::uint64_t fixed = threads * bytes_per_thread + scenario_.tasks.size() * bytes_per_task;
    if (fixed > budget.max_bytes) {
        stop_ = Stop{Stop::Reason::memory, budget.max_bytes, 0, 0};
        return;
    }
    const std::uint64_t intervals = (budget.max_bytes - fixed) / budget.bytes_per_interval;
    lanes_.limit(static_cast<std::size_t>(std::min<std::uint64_t>(intervals, SIZE_MAX)));
}

/// What can never count again is thrown away before it fills the memory: of a thread that loses the GIL a thousand
/// times a second during a minute of work, each time the end of that work as it looked then.
void Simulation::drop_stale_events() {
    last_stale_ = std::max(last_stale_, events_.drop([this](const Event& event) { return is_stale(event); }));
}

/// Stamps only rise.
bool Simulation::is_stale(const Event& event) const {
    switch (event.kind) {
    case EventKind::burst_end:
    case EventKind::slice_end:
    case EventKind::breaker_seen:
        return cores_.stamp(event.thread) != event.stamp;
    case EventKind::gil_timeout:
        return gils_.is_stale(event.thread, event.stamp);
    case EventKind::wake:
    case EventKind::alarm:
        break;
    }
    return false;
}

bool Simulation::only_computes(int holder, int waiter) const {
    const auto& planned = threads_[at(waiter)].planned;
    return threads_[at(holder)].current.act == Act::run && planned.size() >= 2 && planned.back().act == Act::take_gil &&
           next_but_one(waiter).act == Act::run && next_but_one(waiter).state == State::running &&
           threads_[at(holder)].current.state == State::running;
}

Nanoseconds Simulation::next_event_beside(int thread) const {
    constexpr std::size_t most_looks = 1'024;
    if (events_.pending().size() > most_looks) return 0;
    Nanoseconds next = std::numeric_limits<Nanoseconds>::max();
    for (const Event& event : events_.pending()) {
        if ((event.kind == EventKind::burst_end && event.thread == thread) || is_stale(event)) continue;
        next = std::min(next, event.time);
    }
    return next;
}

void Simulation::enter_at(int thread, Nanoseconds time, State state, ReleaseCause cause) {
    now_ = time;
    enter(thread, state, cause);
}

void Simulation::after_turns(Nanoseconds now, int first, int holder, int waiter, Nanoseconds rest) {
    now_ = now;
    if (holder != first) {
        auto& planned = threads_[at(holder)].planned;
        planned.pop_back(); // it has the GIL and is at work
        threads_[at(holder)].current = planned.back();
        planned.pop_back();
        then(waiter, {op::take_gil(), threads_[at(waiter)].current});
    }
    auto& planned = threads_[at(waiter)].planned;
    planned[planned.size() - 2].time = rest;
    cores_.await_end(holder);
}

void Simulation::slice_end(const Event& event) {
    if (is_stale(event)) return;
    now_ = rounds_.slice_ends(event.thread, now_);
    cores_.slice_end(event.thread, cores_.stamp(event.thread), now_);
}

void Simulation::handle(const Event& event) {
    if (event.kind != EventKind::slice_end && !is_stale(event)) rounds_.forget();
    switch (event.kind) {
    case EventKind::wake:
        wake_up(event.thread);
        break;
    case EventKind::burst_end:
        if (cores_.burst_end(event.thread, event.stamp, now_)) proceed(event.thread);
        break;
    case EventKind::slice_end:
        slice_end(event);
        break;
    case EventKind::breaker_seen:
        gils_.breaker_seen(event.thread, event.stamp);
        break;
    case EventKind::gil_timeout:
        gils_.timeout(event.thread, event.stamp);
        break;
    case EventKind::alarm:
        if (!is_dead(event.thread)) threads_[at(event.thread)].program->alarm(event.thread, event.stamp);
        break;
    }
}

void Simulation::wake_up(int id) {
    Thread& t = threads_[at(id)];
    if (t.dead) return;
    // What a new thread does first needs nothing but a core.
    if (!t.planned.empty() && t.planned.back().state == State::starting && t.planned.back().time > 0) {
        t.current = t.planned.back();
        t.planned.pop_back();
        cores_.want(id, t.current.time, now_);
    } else {
        cores_.want(id, 0, now_);
    }
}

/// Tells of lost and gained cores, and lets every thread that was put on one do what it decides at once.
void Simulation::settle() {
    while (true) {
        if (const auto stopped = cores_.next_stopped()) {
            counting_.stopped(*stopped);
        } else if (const auto resumed = cores_.next_resumed()) {
            counting_.resumed(*resumed);
            gils_.look(*resumed);
        } else if (const auto dispatched = cores_.next_dispatched()) {
            proceed(*dispatched);
        } else {
            break;
        }
    }
    cores_.adjust_speed(now_);
}

void Simulation::proceed(int id) {
    Thread& t = threads_[at(id)];
    while (!t.dead) {
        if (t.planned.empty()) {
            t.program->next(id);
            continue;
        }
        const Operation operation = t.planned.back();
        t.planned.pop_back();
        if (!carry_out(id, operation)) return;
    }
}

bool Simulation::carry_out(int id, const Operation& operation) {
    switch (operation.act) {
    case Act::run:
    case Act::run_fixed:
        return begin_run(id, operation);
    case Act::let_go:
        enter(id, operation.state, operation.cause);
        return gils_.let_go(id);
    case Act::take_gil:
        if (!gils_.take(id)) {
            then(id, operation);
            return false;
        }
        enter(id, State::running);
        return true;
    case Act::sleep:
        if (operation.time <= 0 && operation.slack <= 0) return true;
        cores_.leave(id, now_);
        wake(id, operation.time + random_.around(operation.slack));
        return false;
    case Act::block:
        threads_[at(id)].blocked = true;
        cores_.leave(id, now_);
        return false;
    case Act::try_lock:
        return try_lock(id, operation.number);
    case Act::await_lock:
        return await_lock(id, operation);
    case Act::unlock:
        if (const Nanoseconds work = locks_.release(operation.number); work > 0) {
            then(id, op::run(State::running, work));
        }
        return true;
    case Act::count:
        if (counting_.go_on(id)) return true;
        threads_[at(id)].current = operation;
        then(id, operation);
        return false;
    case Act::mark:
        threads_[at(id)].program->reached(id, operation.number, operation.amount);
        return true;
    case Act::end:
        cores_.leave(id, now_);
        return false;
    }
    return false;
}

bool Simulation::begin_run(int id, const Operation& operation) {
    if (operation.time <= 0) return true;
    const bool fixed = operation.act == Act::run_fixed;
    if (fixed && gils_.is_asked(id)) {
        // The last look before a call that nobody can interrupt.
        then(id, {op::take_gil(), operation});
        enter(id, State::waiting_for_gil, ReleaseCause::interval_expired);
        return gils_.let_go(id);
    }
    enter(id, operation.state);
    threads_[at(id)].current = operation;
    cores_.extend(id, operation.time, now_);
    if (!fixed) gils_.look(id);
    return false;
}

bool Simulation::lose_gil(int id, Nanoseconds left) {
    Operation rest = threads_[at(id)].current;
    if (rest.act == Act::count) {
        counting_.lost_gil(id);
        then(id, op::take_gil());
    } else {
        rest.time = left;
        then(id, {op::take_gil(), rest});
    }
    enter(id, State::waiting_for_gil, ReleaseCause::interval_expired);
    return gils_.let_go(id);
}

bool Simulation::try_lock(int id, int lock) {
    if (locks_.try_take(lock, id)) return true;
    then(id, {op::let_go(State::waiting_for_lock, ReleaseCause::lock_wait), op::await_lock(lock), op::take_gil()});
    return true;
}

bool Simulation::await_lock(int id, const Operation& operation) {
    const bool again = locks_.is_arriving(operation.number, id);
    if (operation.amount == 0 && locks_.try_take(operation.number, id)) return true;
    then(id, op::await_lock(operation.number));
    locks_.park(operation.number, id, again);
    cores_.leave(id, now_);
    return false;
}

void Simulation::set_task(int thread, int task) {
    if (const int lane = place(thread).lane; lane != none) lanes_.set_task(lane, task);
}

void Simulation::enter(int id, State state, ReleaseCause cause) {
    const Place& where = place(id);
    if (where.lane == none) return;
    lanes_.enter(where.lane, state, now_, where.has_gil ? cause : ReleaseCause::none);
}

void Simulation::switch_lane(int id, int lane) {
    Thread& t = threads_[at(id)];
    tell_cpu(t, id);
    t.place.lane = lane;
}

void Simulation::tell_cpu(Thread& thread, int id) {
    const Nanoseconds cpu = cores_.cpu_time(id);
    if (thread.place.lane != none) lanes_.add_cpu(thread.place.lane, cpu - thread.cpu_told);
    thread.cpu_told = cpu;
}

Trace Simulation::finish(Nanoseconds end) {
    if (stop_) {
        end = now_;
        cores_.account_all(now_);
    }
    for (int id = 0; id < thread_count(); ++id) tell_cpu(threads_[at(id)], id);
    return lanes_.finish(end);
}

} // namespace gil::sim
