#include "core/simulator/counting.h"

#include <algorithm>

#include "core/simulator/costs.h"
#include "core/simulator/simulation.h"

namespace gil::sim {

namespace {

constexpr int shared_counters = 2; ///< the Value and the Array; the variable of every domain follows

int number_of(Counter counter, int domain) {
    if (counter == Counter::variable) return shared_counters + domain;
    return counter == Counter::value ? 0 : 1;
}

/// Half of a turn lies between load and store, and half of the interpreter's looks do.
constexpr std::uint64_t halves = 2;

constexpr std::int64_t share = 1'024;

bool is_shared(int counter) {
    return counter < shared_counters;
}

/// How many of `share` increments are left when `threads` count at once and independently of each other.
///
/// Look back from the last store: it follows a load half a turn earlier, which found the last store before that, by
/// whomever. So from one increment that is left to the one before it takes half a turn and the time to the latest of
/// `threads` stores: one's own is half a turn ago, the others' anywhere within a turn, on average
/// (1 - 2^-n) / n turns. A chain of n / (n / 2 + 1 - 2^-n) of every n increments is left.
std::int64_t left_of(std::int64_t threads) {
    if (threads > 16) return 2 * share / (threads + 2);
    const std::int64_t power = std::int64_t{1} << threads;
    return share * power / (threads * power / 2 + power - 1);
}

} // namespace

Counting::Value& Counting::value_of(const Thread& thread) {
    return values_[static_cast<std::size_t>(thread.counter)];
}

std::int64_t Counting::value(Counter counter) {
    const auto index = static_cast<std::size_t>(number_of(counter, 0));
    return index < values_.size() ? values_[index].value : 0;
}

void Counting::begin(int id, const Increment& step) {
    const int domain = simulation_.place(id).domain;
    Thread thread;
    thread.counter = number_of(step.counter, domain);
    if (step.locked) thread.lock = Locks::number(domain, step.counter);
    thread.amount = step.amount;
    thread.left = step.count;
    thread.calls = step.call_between;
    thread.between = step.call_between || simulation_.scenario().interpreter.eval_check == EvalCheck::every_bytecode;
    at(id) = thread;
    const auto index = static_cast<std::size_t>(thread.counter);
    if (index >= values_.size()) values_.resize(index + 1);
}

Nanoseconds Counting::increment_of(const Thread& thread) const {
    const Machine& machine = simulation_.machine();
    return is_shared(thread.counter) ? machine.shared_increment : machine.increment;
}

Nanoseconds Counting::lock_pair_of(const Thread& thread) const {
    const Machine& machine = simulation_.machine();
    return is_shared(thread.counter) ? machine.shared_lock_pair : machine.lock_pair;
}

Nanoseconds Counting::turn_of(const Thread& thread) const {
    const Machine& machine = simulation_.machine();
    Nanoseconds turn = increment_of(thread) + (thread.calls ? machine.function_call : 0);
    if (thread.lock != nobody) turn += lock_pair_of(thread);
    turn = interpreted(simulation_.scenario(), machine, turn);
    if (thread.lock == nobody) {
        const auto others = static_cast<Nanoseconds>(values_[static_cast<std::size_t>(thread.counter)].racing.size());
        const Nanoseconds beside = is_shared(thread.counter) ? machine.shared_contention : machine.shared_access;
        turn += beside * std::max<Nanoseconds>(0, others - 1);
    } else if (simulation_.locks().is_crowded(thread.lock)) {
        const Nanoseconds beside =
            simulation_.locks().calls_at_every_release() ? machine.wake_call : machine.lock_contention;
        if (machine.cores > 1) turn += beside;
    }
    return std::max<Nanoseconds>(1, turn);
}

/// The part of a turn in which the lock is held; half of the lock's own work and of the loop's lie outside.
Nanoseconds Counting::held_part(const Thread& thread) const {
    const Machine& machine = simulation_.machine();
    return lock_pair_of(thread) / 2 + increment_of(thread) / 2 + (thread.calls ? machine.function_call : 0);
}

/// The rest of a turn, its end.
Nanoseconds Counting::free_part(const Thread& thread) const {
    return std::max<Nanoseconds>(0, thread.turn - held_part(thread));
}

bool Counting::go_on(int id) {
    Thread& thread = at(id);
    if (thread.at_work) finish_burst(id);
    if (thread.left == 0) return true;
    if (thread.lock != nobody) {
        const bool collides = thread.collides && simulation_.locks().streaks(thread.lock) > 0;
        if (collides || !simulation_.locks().try_take(thread.lock, id)) {
            simulation_.then(id, {op::let_go(State::waiting_for_lock, ReleaseCause::lock_wait),
                                  op::await_lock(thread.lock, collides), op::take_gil(), op::count()});
            thread.collides = false;
            return true;
        }
    }
    simulation_.enter(id, State::running);
    thread.at_work = true;
    thread.turn = turn_of(thread);
    if (thread.rest == 0) thread.rest = thread.turn;
    thread.whole = thread.left - 1;
    simulation_.cores().extend(id, thread.rest + thread.whole * thread.turn, simulation_.now());
    if (thread.lock == nobody) {
        store_stale(id);
        join(id);
    } else {
        simulation_.locks().begin_streak(thread.lock, id);
        crowd(id);
    }
    simulation_.gils().look(id);
    return false;
}

std::int64_t Counting::advance(int id) {
    Thread& thread = at(id);
    if (thread.rest == 0) return 0;
    const Nanoseconds left = simulation_.cores().left(id, simulation_.now());
    const std::int64_t whole = left == 0 ? -1 : std::min(thread.whole, (left - 1) / thread.turn);
    const std::int64_t done = thread.whole - whole;
    thread.left -= done;
    thread.whole = std::max<std::int64_t>(0, whole);
    thread.rest = left - thread.whole * thread.turn;
    return done;
}

void Counting::settle(Value& value) {
    if (value.racing.empty()) return;
    simulation_.events().spend(value.racing.size());
    std::int64_t counted = 0;
    std::int64_t sum = 0;
    for (const int id : value.racing) {
        const std::int64_t done = advance(id);
        counted += done;
        sum += done * at(id).amount;
    }
    if (counted == 0) return;
    // Whole increments are left or lost, whatever each of them adds.
    const std::int64_t left = counted * left_of(static_cast<std::int64_t>(value.racing.size())) + value.fraction;
    const std::int64_t kept = left / share;
    value.value += sum / counted * kept + sum % counted * kept / counted;
    value.fraction = left % share;
}

void Counting::finish_burst(int id) {
    Thread& thread = at(id);
    if (thread.lock == nobody) {
        leave(id);
    } else {
        count_finished(id);
        simulation_.locks().end_streak(thread.lock, id, false);
    }
    thread.at_work = false;
}

/// Under a lock nothing is lost.
void Counting::count_finished(int id) {
    Thread& thread = at(id);
    value_of(thread).value += advance(id) * thread.amount;
}

/// The plan of the burst under way has changed.
void Counting::change_burst(int id) {
    const Thread& thread = at(id);
    simulation_.cores().change(id, thread.rest + thread.whole * thread.turn, simulation_.now());
    simulation_.gils().look(id);
}

void Counting::join(int id) {
    Thread& thread = at(id);
    Value& value = value_of(thread);
    settle(value);
    value.racing.push_back(id);
    thread.racing = true;
    change_turns(value);
}

void Counting::leave(int id) {
    Thread& thread = at(id);
    if (!thread.racing) return;
    Value& value = value_of(thread);
    settle(value);
    std::erase(value.racing, id);
    thread.racing = false;
    change_turns(value);
}

/// The cache line of the counter goes round among those who count: the more there are, the longer a turn takes.
void Counting::change_turns(Value& value) {
    simulation_.events().spend(value.racing.size());
    for (const int id : value.racing) {
        Thread& thread = at(id);
        const Nanoseconds turn = turn_of(thread);
        if (turn == thread.turn || thread.rest == 0) continue;
        thread.turn = turn;
        change_burst(id);
    }
}

void Counting::make_stale(int id) {
    Thread& thread = at(id);
    thread.is_stale = true;
    thread.stale = value_of(thread).value;
}

/// The thread goes on with the value that it had loaded. Another one that counts at this moment has loaded before it
/// with one chance in two, and then undoes in its turn what is stored now.
void Counting::store_stale(int id) {
    Thread& thread = at(id);
    if (!thread.is_stale) return;
    thread.is_stale = false;
    Value& value = value_of(thread);
    settle(value);
    const std::size_t others = std::min<std::size_t>(value.racing.size(), 20);
    if (others > 0 && simulation_.random().below(std::uint64_t{1} << others) != 0) return;
    value.value = thread.stale;
    value.fraction = 0;
}

void Counting::lost_gil(int id) {
    Thread& thread = at(id);
    const bool in_between = thread.between && simulation_.random().below(halves) == 0;
    if (thread.lock == nobody) {
        leave(id);
        if (in_between) make_stale(id);
    } else {
        count_finished(id);
        if (in_between) thread.rest = std::max(thread.rest, free_part(thread) + 1);
        simulation_.locks().end_streak(thread.lock, id, in_between);
        thread.collides = false;
    }
    thread.at_work = false;
}

void Counting::stopped(int id) {
    if (!at(id).racing || simulation_.cores().on_core(id)) return;
    leave(id);
    // At the very beginning of a turn nothing is loaded yet.
    const Thread& thread = at(id);
    if (thread.rest < thread.turn && simulation_.random().below(halves) == 0) make_stale(id);
}

void Counting::resumed(int id) {
    const Thread& thread = at(id);
    if (!thread.at_work || !simulation_.cores().on_core(id)) return;
    if (thread.lock != nobody) {
        crowd(id);
    } else if (!thread.racing) {
        store_stale(id);
        join(id);
    }
}

void Counting::died(int id) {
    Thread& thread = at(id);
    if (!thread.at_work) return;
    finish_burst(id);
    thread.left = 0;
}

bool Counting::holds_lock(int id) {
    count_finished(id);
    return at(id).rest > free_part(at(id));
}

void Counting::lock_taken(int id) {
    Thread& thread = at(id);
    thread.collides = false;
    if (thread.rest == 0) return; // the burst is over
    thread.whole = 0;
    change_burst(id);
}

/// Alone it goes on to its end. Beside others, on other cores, it comes upon the lock while it is held with a chance
/// that is the share of time in which they hold it; that turn is drawn about its mean.
void Counting::plan_streak(int id) {
    Thread& thread = at(id);
    count_finished(id);
    if (thread.rest == 0) return;
    thread.whole = thread.left - 1;
    thread.collides = false;
    const auto others = static_cast<Nanoseconds>(simulation_.locks().streaks(thread.lock)) - 1;
    const Nanoseconds held = std::min(thread.turn, others * held_part(thread));
    if (held > 0) {
        const auto mean = static_cast<std::uint64_t>(thread.turn / held);
        const auto turns =
            static_cast<std::int64_t>(simulation_.random().below(2 * mean)) * simulation_.locks().grain();
        thread.collides = turns < thread.whole;
        thread.whole = std::min(thread.whole, turns);
    }
    change_burst(id);
}

void Counting::crowd(int id) {
    Thread& thread = at(id);
    Locks& locks = simulation_.locks();
    if (thread.lock == nobody || !thread.at_work || !locks.is_crowded(thread.lock)) return;
    count_finished(id);
    if (thread.rest == 0) return;
    const Nanoseconds until_release = std::max<Nanoseconds>(0, thread.rest - free_part(thread));
    const Nanoseconds turn = turn_of(thread);
    thread.rest += turn - thread.turn;
    thread.turn = turn;
    // Off its core it wakes nobody; it will be asked again when it goes on.
    if (locks.awaits_release(thread.lock) && simulation_.cores().on_core(id)) {
        if (!locks.calls_at_every_release()) thread.rest += simulation_.machine().wake_call;
        locks.wake_first(thread.lock, until_release);
    }
    change_burst(id);
}

} // namespace gil::sim
