// The GIL's part of the simulation: take_gil and drop_gil of Python/ceval_gil.c in virtual time.
#include <algorithm>

#include "core/simulator/threads_simulation.h"

namespace gil::sim {

void ThreadsSimulation::take_gil(int id) {
    InterpreterState& interpreter = interpreter_of(id);
    if (!has_gil() || !interpreter.gil.locked) {
        acquired(id);
        return;
    }
    lane(id).enter(State::waiting_for_gil, now_);
    thread(id).next = Next::take_gil;
    interpreter.waiting.push_back(id);
    arm_timeout(id);
    cores_->leave(id, now_);
}

void ThreadsSimulation::acquired(int id) {
    Thread& t = thread(id);
    lane(id).enter(State::running, now_);
    if (has_gil()) {
        InterpreterState& interpreter = interpreter_of(id);
        interpreter.gil.take(id);
        interpreter.holder = id;
        t.drop_requested = false;
        if (interpreter.switch_waiter != nobody) {
            wake(interpreter.switch_waiter, random_.around(machine_.wake_latency));
            interpreter.switch_waiter = nobody;
        }
    }
    if (t.burst_left == 0) {
        next_step(id);
        return;
    }
    const Nanoseconds burst = t.burst_left;
    t.burst_left = 0;
    compute(id, burst, t.after_burst);
}

void ThreadsSimulation::drop_gil(int id, Next next) {
    Thread& t = thread(id);
    InterpreterState& interpreter = interpreter_of(id);
    interpreter.gil.drop();
    interpreter.holder = nobody;
    signal_one(interpreter);
    t.next = next;
    if (!interpreter.gil.must_await_switch(t.drop_requested, id)) {
        proceed(id);
        return;
    }
    t.drop_requested = false;
    interpreter.switch_waiter = id;
    cores_->leave(id, now_);
}

/// Which waiter a condition wakes is neither first nor by priority: the seed decides.
void ThreadsSimulation::signal_one(InterpreterState& interpreter) {
    auto& waiting = interpreter.waiting;
    if (waiting.empty()) return;
    const auto chosen = static_cast<std::ptrdiff_t>(random_.below(waiting.size()));
    const int id = waiting[static_cast<std::size_t>(chosen)];
    waiting.erase(waiting.begin() + chosen);
    ++thread(id).wait_stamp;
    wake(id, random_.around(machine_.wake_latency));
}

void ThreadsSimulation::arm_timeout(int id) {
    Thread& t = thread(id);
    t.switch_number_before = interpreter_of(id).gil.switch_number;
    ++t.wait_stamp;
    const Nanoseconds until = now_ + scenario_.interpreter.switch_interval + random_.around(machine_.timer_slack);
    events_.push(until, EventKind::gil_timeout, id, t.wait_stamp);
}

void ThreadsSimulation::gil_timeout(int id, std::uint32_t stamp) {
    Thread& t = thread(id);
    if (t.wait_stamp != stamp) return;
    InterpreterState& interpreter = interpreter_of(id);
    if (!interpreter.gil.locked) {
        // Nobody holds it at this moment: the waiter leaves the condition and takes it, if it is quick enough.
        std::erase(interpreter.waiting, id);
        ++t.wait_stamp;
        wake(id, 0);
        return;
    }
    if (interpreter.gil.may_request_drop(true, t.switch_number_before)) {
        thread(interpreter.holder).drop_requested = true;
        look_at_breaker(interpreter.holder);
    }
    arm_timeout(id);
}

void ThreadsSimulation::look_at_breaker(int id) {
    if (!thread(id).drop_requested || !cores_->on_core(id)) return;
    events_.push(now_ + machine_.eval_check, EventKind::breaker_seen, id, cores_->stamp(id));
}

void ThreadsSimulation::breaker_seen(int id, std::uint32_t stamp) {
    if (!cores_->on_core(id) || cores_->stamp(id) != stamp) return;
    Thread& t = thread(id);
    t.burst_left = cores_->interrupt(id, now_);
    if (t.burst_left == 0) {
        proceed(id); // the work ended at this very moment
        return;
    }
    lane(id).enter(State::waiting_for_gil, now_, ReleaseCause::interval_expired);
    drop_gil(id, Next::take_gil);
}

void ThreadsSimulation::wake(int id, Nanoseconds latency) {
    events_.push(now_ + latency, EventKind::wake, id, 0);
}

} // namespace gil::sim
