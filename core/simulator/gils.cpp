#include "core/simulator/gils.h"

#include <algorithm>
#include <limits>

#include "core/simulator/simulation.h"
#include "core/simulator/turns.h"

namespace gil::sim {

Gils::Gils(Simulation& simulation)
    : simulation_(simulation), interval_(std::max(microsecond, simulation.scenario().interpreter.switch_interval)),
      period_(interval_ + simulation.machine().timer_slack) {}

int Gils::add() {
    gils_.emplace_back();
    return static_cast<int>(gils_.size()) - 1;
}

bool Gils::take(int thread) {
    const int number = simulation_.place(thread).gil;
    if (number == none) return true;
    Gil& gil = gils_[at(number)];
    if (gil.state.locked) {
        simulation_.enter(thread, State::waiting_for_gil);
        wait(gil, thread);
        arm(number);
        simulation_.cores().leave(thread, simulation_.now());
        return false;
    }
    if (gil.state.last_holder != thread) gil.switched_at = simulation_.now();
    gil.state.take(thread);
    gil.holder = thread;
    threads_[at(thread)].asked = false;
    if (gil.switch_waiter != nobody) {
        simulation_.wake(gil.switch_waiter, simulation_.random().around(simulation_.machine().wake_latency));
        gil.switch_waiter = nobody;
    }
    arm(number);
    return true;
}

bool Gils::let_go(int thread) {
    const int number = simulation_.place(thread).gil;
    if (number == none) return true;
    Gil& gil = gils_[at(number)];
    gil.state.drop();
    gil.holder = nobody;
    signal_one(gil);
    arm(number);
    if (!gil.state.must_await_switch(is_asked(thread), thread)) return true;
    threads_[at(thread)].asked = false;
    gil.switch_waiter = thread;
    simulation_.cores().leave(thread, simulation_.now());
    return false;
}

void Gils::wait(Gil& gil, int thread) {
    Thread& t = threads_[at(thread)];
    t.waits_since = simulation_.now();
    t.first_timeout = t.waits_since + interval_ + simulation_.random().around(simulation_.machine().timer_slack);
    t.phase = t.first_timeout % period_;
    gil.waiting.push_back(thread);
    const std::pair<Nanoseconds, int> mine{t.phase, thread};
    simulation_.events().spend(gil.waiting.size() / 8);
    gil.phases.insert(std::lower_bound(gil.phases.begin(), gil.phases.end(), mine), mine);
}

void Gils::stop_waiting(Gil& gil, int thread) {
    gil.waiting.erase(std::find(gil.waiting.begin(), gil.waiting.end(), thread));
    const std::pair<Nanoseconds, int> mine{threads_[at(thread)].phase, thread};
    gil.phases.erase(std::lower_bound(gil.phases.begin(), gil.phases.end(), mine));
}

/// Which waiter a condition wakes is neither first nor by priority: the seed decides.
void Gils::signal_one(Gil& gil) {
    if (gil.waiting.empty()) return;
    const int thread = gil.waiting[static_cast<std::size_t>(simulation_.random().below(gil.waiting.size()))];
    stop_waiting(gil, thread);
    simulation_.wake(thread, simulation_.random().around(simulation_.machine().wake_latency));
}

/// May the waiter whose wait of one interval ends at `timeout` do something then? While the GIL is free it takes it;
/// while it is held it asks for it, unless it passed on since the wait began.
bool Gils::counts(const Gil& gil, int thread, Nanoseconds timeout) const {
    if (!gil.state.locked) return true;
    const Thread& t = threads_[at(thread)];
    const Nanoseconds began = timeout == t.first_timeout ? t.waits_since : timeout - period_;
    const std::uint64_t before = began >= gil.switched_at ? gil.state.switch_number : gil.state.switch_number - 1;
    return gil.state.may_request_drop(true, before);
}

/// The first time-out from now on, of any waiter, that counts. Somebody waits.
Gils::Timeout Gils::next_timeout(const Gil& gil) const {
    Nanoseconds from = simulation_.now();
    // Nothing that counts comes earlier than one interval after a switch.
    if (gil.state.locked) from = std::max(from, gil.switched_at + interval_ + simulation_.machine().timer_slack / 2);
    const Nanoseconds offset = from % period_;
    const std::pair<Nanoseconds, int> first{offset, std::numeric_limits<int>::min()};
    auto each = std::lower_bound(gil.phases.begin(), gil.phases.end(), first);
    Timeout best{std::numeric_limits<Nanoseconds>::max(), nobody};
    for (std::size_t i = 0; i < gil.phases.size(); ++i, ++each) {
        simulation_.events().spend(1);
        if (each == gil.phases.end()) each = gil.phases.begin();
        Nanoseconds time = from - offset + each->first;
        if (each->first < offset) time += period_;
        if (time >= best.time) break;
        time = std::max(time, threads_[at(each->second)].first_timeout);
        while (!counts(gil, each->second, time)) time += period_;
        if (time < best.time) best = {time, each->second};
    }
    return best;
}

/// Sees to it that the next time-out that counts comes up as an event.
void Gils::arm(int number) {
    Gil& gil = gils_[at(number)];
    if (gil.waiting.empty() || (gil.state.locked && is_asked(gil.holder))) return;
    const Nanoseconds time = next_timeout(gil).time;
    if (gil.armed && *gil.armed <= time) return; // it will look again
    gil.armed = time;
    simulation_.events().push(time, EventKind::gil_timeout, number, ++gil.stamp);
}

void Gils::timeout(int number, std::uint32_t stamp) {
    Gil& gil = gils_[at(number)];
    if (gil.stamp != stamp) return;
    gil.armed.reset();
    if (gil.waiting.empty() || (gil.state.locked && is_asked(gil.holder))) return;
    const Timeout due = next_timeout(gil);
    if (due.time == simulation_.now()) {
        if (gil.state.locked) {
            if (gil.waiting.size() == 1) take_turns(gil);
            threads_[at(gil.holder)].asked = true;
            look(gil.holder);
        } else {
            // It leaves the condition and takes the GIL, if it is quick enough.
            stop_waiting(gil, due.thread);
            simulation_.wake(due.thread, 0);
        }
    }
    arm(number);
}

void Gils::take_turns(Gil& gil) {
    const Turns::State after = Turns(simulation_, gil.holder, gil.waiting.front()).take(interval_);
    if (after.turns == 0) return;
    gil.state.last_holder = gil.holder = after.holder;
    gil.state.switch_number += after.turns;
    gil.switched_at = after.switched_at;
    Thread& waiter = threads_[at(after.waiter)];
    waiter.waits_since = after.waits_since;
    waiter.first_timeout = after.now;
    waiter.phase = after.now % period_;
    gil.waiting.front() = after.waiter;
    gil.phases.front() = {waiter.phase, after.waiter};
}

void Gils::look(int thread) {
    if (!is_asked(thread) || !simulation_.cores().on_core(thread) || !simulation_.looks(thread)) return;
    simulation_.events().push(simulation_.now() + simulation_.machine().eval_check, EventKind::breaker_seen, thread,
                              simulation_.cores().stamp(thread));
}

void Gils::breaker_seen(int thread, std::uint32_t stamp) {
    if (!simulation_.cores().on_core(thread) || simulation_.cores().stamp(thread) != stamp) return;
    const Nanoseconds left = simulation_.cores().interrupt(thread, simulation_.now());
    // With nothing left the work ended at this very moment.
    if (left == 0 || simulation_.lose_gil(thread, left)) simulation_.proceed(thread);
}

} // namespace gil::sim
