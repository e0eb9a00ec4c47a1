// What a simulated thread is made of: small operations that the simulation carries out one after another, and a program
// that hands it the next ones.
#pragma once

#include <cstdint>

#include "core/base/units.h"
#include "core/trace/trace.h"

namespace gil::sim {

enum class Act : std::uint8_t {
    run,        ///< CPU work of `time` in `state`; under a GIL it may be lost in between
    run_fixed,  ///< CPU work that nobody can interrupt: inside a C function
    let_go,     ///< enters `state` and, under a GIL, drops it because of `cause`
    take_gil,   ///< waits for the GIL where there is one; the thread is then running
    sleep,      ///< off the core for `time` and about `slack`
    block,      ///< off the core until Simulation::wake
    try_lock,   ///< Lock.acquire(): tried first, and only a lock that is taken is worth letting go of the GIL
    await_lock, ///< takes lock `number` without the GIL, off the core while it is taken; `amount`: it is at first
    unlock,     ///< gives lock `number` back
    count,      ///< the increments that Counting::begin was told of
    mark,       ///< tells the program that it got here: `number`, `amount`
    end         ///< the thread is over
};

struct Operation {
    Act act = Act::end;
    State state = State::running;
    ReleaseCause cause = ReleaseCause::none;
    int number = 0;
    Nanoseconds time = 0;
    Nanoseconds slack = 0;
    std::int64_t amount = 0;
};

// The operations by name.
namespace op {
constexpr Operation run(State state, Nanoseconds time) {
    return {.act = Act::run, .state = state, .time = time};
}
constexpr Operation run_fixed(State state, Nanoseconds time) {
    return {.act = Act::run_fixed, .state = state, .time = time};
}
constexpr Operation let_go(State state, ReleaseCause cause) {
    return {.act = Act::let_go, .state = state, .cause = cause};
}
constexpr Operation take_gil() {
    return {.act = Act::take_gil};
}
constexpr Operation sleep(Nanoseconds time, Nanoseconds slack = 0) {
    return {.act = Act::sleep, .time = time, .slack = slack};
}
constexpr Operation block() {
    return {.act = Act::block};
}
constexpr Operation try_lock(int lock) {
    return {.act = Act::try_lock, .number = lock};
}
constexpr Operation await_lock(int lock, bool is_taken = false) {
    return {.act = Act::await_lock, .number = lock, .amount = is_taken ? 1 : 0};
}
constexpr Operation unlock(int lock) {
    return {.act = Act::unlock, .number = lock};
}
constexpr Operation count() {
    return {.act = Act::count};
}
constexpr Operation mark(int number, std::int64_t amount = 0) {
    return {.act = Act::mark, .number = number, .amount = amount};
}
constexpr Operation end() {
    return {.act = Act::end};
}
} // namespace op

/// What threads of one kind do. One program may drive many threads.
class Program {
  public:
    virtual ~Program() = default;
    /// The thread is on a core and has nothing left to do: gives it at least one operation (Simulation::then).
    virtual void next(int thread) = 0;
    /// The thread came to a mark.
    virtual void reached(int /*thread*/, int /*number*/, std::int64_t /*amount*/) {}
    /// An alarm went off (Simulation::alarm); the thread may be anywhere.
    virtual void alarm(int /*thread*/, std::uint32_t /*what*/) {}
};

} // namespace gil::sim
