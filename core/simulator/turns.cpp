#include "core/simulator/turns.h"

#include <utility>

#include "core/simulator/simulation.h"

namespace gil::sim {

namespace {

/// More than Random::around(mean) ever is.
Nanoseconds beyond(Nanoseconds mean) {
    return mean / 2 + mean + 1;
}

} // namespace

Turns::Turns(Simulation& simulation, int holder, int waiter) : simulation_(simulation) {
    state_.now = simulation.now();
    state_.holder = holder;
    state_.waiter = waiter;
}

bool Turns::applies() const {
    return simulation_.takes_short_cuts() && simulation_.cores().has_only(state_.holder) &&
           simulation_.only_computes(state_.holder, state_.waiter);
}

Turns::State Turns::take(Nanoseconds interval) {
    if (!applies()) return state_;
    const Machine& machine = simulation_.machine();
    reach_ = machine.eval_check + 2 * beyond(machine.wake_latency) + interval + beyond(machine.timer_slack);
    rest_ = simulation_.rest_of_waiter(state_.waiter);
    const int first = state_.holder;
    const Nanoseconds horizon = simulation_.next_event_beside(first);
    while (may_take_another(horizon)) take_one(interval);
    if (state_.turns > 0) simulation_.after_turns(state_.now, first, state_.holder, state_.waiter, rest_);
    return state_;
}

bool Turns::may_take_another(Nanoseconds horizon) const {
    const Cores& cores = simulation_.cores();
    const Nanoseconds seen = state_.now + simulation_.machine().eval_check;
    return state_.now + reach_ < horizon && cores.burst_until(state_.holder) > seen &&
           cores.left(state_.holder, seen) > 0 && cores.time_for(rest_) > reach_ && !simulation_.is_spent();
}

void Turns::take_one(Nanoseconds interval) {
    const Machine& machine = simulation_.machine();
    Cores& cores = simulation_.cores();
    Random& random = simulation_.random();
    simulation_.events().spend(effort_of_event);
    // The holder looks, and drops the GIL.
    Nanoseconds now = state_.now + machine.eval_check;
    const Nanoseconds left = cores.lose_turn(state_.holder, now);
    simulation_.enter_at(state_.holder, now, gil::State::waiting_for_gil, ReleaseCause::interval_expired);
    static_cast<void>(random.below(1)); // which waiter is woken
    now += random.around(machine.wake_latency);
    // The waiter takes it, and wakes who dropped it.
    cores.begin_turn(state_.waiter, rest_, now);
    simulation_.enter_at(state_.waiter, now, gil::State::running, ReleaseCause::none);
    state_.switched_at = now;
    now += random.around(machine.wake_latency);
    // That one waits.
    cores.pass_by(state_.holder, now);
    state_.waits_since = now;
    state_.now = now + interval + random.around(machine.timer_slack);
    std::swap(state_.holder, state_.waiter);
    rest_ = left;
    ++state_.turns;
}

} // namespace gil::sim
