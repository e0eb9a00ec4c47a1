// The decisions of CPython's GIL (Python/ceval_gil.c), without any waiting: the real lock (gil.h) and the simulator
// both ask this one state, so they cannot drift apart.
#pragma once

#include <cstdint>

namespace gil {

inline constexpr int nobody = -1;

/// Plain data; whoever owns it protects it. Threads are told apart by small numbers >= 0.
struct GilState {
    bool locked = false;
    int last_holder = nobody;
    std::uint64_t switch_number = 0;

    /// take_gil got the lock. The switch number rises only when the holder changes.
    constexpr void take(int thread) {
        locked = true;
        if (last_holder == thread) return;
        last_holder = thread;
        ++switch_number;
    }

    /// drop_gil let the lock go; `last_holder` stays, so that a releaser that comes straight back is no switch.
    constexpr void drop() { locked = false; }

    /// A waiter woke up: may it ask the holder to drop? Only when its wait timed out, the lock is still held and no
    /// switch happened while it waited (any switch restarts everybody's patience).
    [[nodiscard]] constexpr bool may_request_drop(bool timed_out, std::uint64_t switch_number_before) const {
        return timed_out && locked && switch_number == switch_number_before;
    }

    /// After a drop: must `thread` wait until another thread has taken the lock (FORCE_SWITCHING)? Only when the drop
    /// had been requested and nobody has taken it yet. A voluntary release without a request forces nothing.
    [[nodiscard]] constexpr bool must_await_switch(bool drop_was_requested, int thread) const {
        return drop_was_requested && last_holder == thread;
    }
};

} // namespace gil
