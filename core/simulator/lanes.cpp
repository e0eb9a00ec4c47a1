#include "core/simulator/lanes.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace gil::sim {

int Lanes::add(Lane lane, State first) {
    const auto interpreter = static_cast<std::size_t>(lane.interpreter);
    if (interpreter >= holders_.size()) holders_.resize(interpreter + 1, -1);
    const bool has_gil = lane.has_gil;
    const bool coroutine = lane.coroutine;
    lanes_.push_back({TraceRecorder(std::move(lane), 0, first, std::numeric_limits<std::size_t>::max()), interpreter,
                      has_gil, coroutine, first});
    return static_cast<int>(lanes_.size()) - 1;
}

/// The same sums as derive_metrics makes of a whole trace. Those who share a GIL never hold it at the same time, so the
/// order in which their holds end is that in which they begin.
void Lanes::count(int lane, State next, Nanoseconds now) {
    Entry& entry = lanes_[static_cast<std::size_t>(lane)];
    const Nanoseconds time = std::max<Nanoseconds>(0, now - entry.since);
    sums_.time[static_cast<std::size_t>(entry.state)] += time;
    if (entry.is_first && entry.state == State::starting) sums_.starting = std::max(sums_.starting, now);
    if (entry.state == State::running && entry.has_gil && time > 0) {
        sums_.held += time;
        int& holder = holders_[entry.interpreter];
        if (holder >= 0 && holder != lane && !entry.coroutine) ++sums_.gil_switches;
        holder = lane;
    }
    entry.is_first = false;
    entry.state = next;
    entry.since = now;
}

Trace Lanes::finish(Nanoseconds end) {
    Trace trace;
    trace.end = end;
    trace.lanes.reserve(lanes_.size());
    bool dropped = false;
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
        Entry& entry = lanes_[i];
        count(static_cast<int>(i), entry.state, std::max(end, entry.since));
        entry.recorder.add_cpu(0);
        trace.lanes.push_back(entry.recorder.finish(end));
        dropped = dropped || trace.lanes.back().dropped > 0;
    }
    if (dropped) trace.sums = sums_;
    lanes_.clear();
    return trace;
}

} // namespace gil::sim
