// What happened, per worker, as gap-free intervals. Simulated and measured runs yield the same Trace.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/units.h"

namespace gil {

enum class State : std::uint8_t {
    starting,         ///< from the start of the run until the worker's first own instruction
    running,          ///< executing; holds the GIL where there is one (may be off its core when cores are short)
    waiting_for_gil,  ///< ready, but another thread holds the GIL
    waiting_for_io,   ///< in a blocking call, GIL released
    waiting_for_lock, ///< blocked on a lock of the program
    serialising,      ///< packing or unpacking data for another process
    idle,             ///< nothing to do: finished, or (asyncio) ready and waiting for its turn on the event loop
    native,           ///< executing native code that has let go of the GIL
};
inline constexpr int state_count = 8;

/// Why a running interval ended, that is: why the GIL was let go (facts: Python/ceval_gil.c).
enum class ReleaseCause : std::uint8_t { none, interval_expired, blocking_call, lock_wait, native_call, task_end };
inline constexpr int release_cause_count = 6;

[[nodiscard]] std::string_view to_string(State state);        ///< "waiting for GIL"
[[nodiscard]] std::string_view to_string(ReleaseCause cause); ///< "interval expired"

struct Interval {
    Nanoseconds begin = 0; ///< since the start of the run
    Nanoseconds end = 0;
    State state = State::idle;
    ReleaseCause cause = ReleaseCause::none; ///< only on running intervals that end by letting go
    std::int32_t task = -1;                  ///< index into the scenario's tasks, -1 where there is none
    [[nodiscard]] Nanoseconds length() const { return end - begin; }
    bool operator==(const Interval&) const = default;
};

/// One worker: a thread, a process or an asyncio task.
struct Lane {
    std::string name;       ///< "thread 1", "process 2", "coroutine 3"
    int interpreter = 0;    ///< lanes with the same number share one GIL
    bool coroutine = false; ///< shares one thread with the interpreter's other coroutines: no GIL passes between them
    bool has_gil = true;    ///< false when free-threaded: `running` then holds nothing
    std::optional<Nanoseconds>
        cpu;                   ///< CPU time the worker consumed; absent where the platform does not tell (browsers)
    std::uint64_t dropped = 0; ///< intervals that did not fit into the recorder (their time is in the neighbours)
    std::vector<Interval> intervals;
    bool operator==(const Lane&) const = default;
};

/// Sums over a whole run, counted while it went on: for when its lanes could not keep all intervals.
struct TraceSums {
    std::array<Nanoseconds, state_count> time{}; ///< in each state, over all lanes
    Nanoseconds starting = 0;                    ///< until the last lane left `starting`
    Nanoseconds held = 0;                        ///< time in `running` of lanes with a GIL
    std::int64_t gil_switches = 0;               ///< times a GIL passed to another thread
    bool operator==(const TraceSums&) const = default;
};

struct Trace {
    Nanoseconds end = 0; ///< wall time of the run: from its start to the last worker joined
    std::vector<Lane> lanes;
    std::uint64_t bytes_serialised = 0;
    std::optional<TraceSums> sums{}; ///< simulated, where intervals were dropped: what they add up to nevertheless
    bool operator==(const Trace&) const = default;
};

/// Empty when the trace is sound: every lane covers [0, end] without gap or overlap, and no two lanes of one
/// interpreter with a GIL run at the same time. Otherwise one sentence that says what is wrong where.
/// Clocks of different workers may disagree by `tolerance`; overlaps up to that are let pass.
[[nodiscard]] std::string find_fault(const Trace& trace, Nanoseconds tolerance = 0);

/// A stretch of time in which one lane held an interpreter's GIL.
struct GilHold {
    Nanoseconds begin = 0;
    Nanoseconds end = 0;
    int lane = 0;
    ReleaseCause cause = ReleaseCause::none;
};

/// Who held the GIL of `interpreter`, in order of time. Empty when it has none.
[[nodiscard]] std::vector<GilHold> gil_holds(const Trace& trace, int interpreter);

} // namespace gil
