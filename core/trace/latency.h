// How long a thread has to wait for the GIL after a blocking call, read from its lane of a trace. Pure; any thread.
#pragma once

#include <span>
#include <vector>

#include "core/trace/trace.h"

namespace gil {

/// Per blocking call of `lane` that ended before `until`, in order: from the end of its wait until the thread had the
/// GIL again. 0 where it ran on at once.
[[nodiscard]] std::vector<Nanoseconds> latencies_after_waits(const Lane& lane, Nanoseconds until);

struct Percentiles {
    int count = 0;
    Nanoseconds median = 0;
    Nanoseconds p95 = 0;
    Nanoseconds max = 0;
};

/// By nearest rank, so that each is a value that occurred; `values` need not be sorted, all 0 when there are none.
[[nodiscard]] Percentiles percentiles_of(std::span<const Nanoseconds> values);

/// How long `a` was in `a_state` while `b` was in `b_state`.
[[nodiscard]] Nanoseconds time_together(const Lane& a, State a_state, const Lane& b, State b_state);

/// When the lane entered its last interval, that is, when it had finished: the run's end when it never idled.
[[nodiscard]] Nanoseconds finished_at(const Lane& lane);

} // namespace gil
