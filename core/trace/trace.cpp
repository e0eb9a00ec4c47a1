#include "core/trace/trace.h"

#include <algorithm>
#include <array>
#include <set>

namespace gil {

namespace {

constexpr std::array<std::string_view, state_count> state_names = {
    "starting",    "running", "waiting for GIL", "waiting for I/O", "waiting for lock",
    "serialising", "idle",    "native code"};
constexpr std::array<std::string_view, release_cause_count> cause_names = {
    "none", "interval expired", "blocking call", "lock wait", "native call", "task end"};

std::string at(Nanoseconds time) {
    return " at " + std::to_string(time) + " ns";
}

std::string fault_of_lane(const Lane& lane, Nanoseconds end) {
    Nanoseconds reached = 0;
    for (const Interval& interval : lane.intervals) {
        if (interval.begin != reached) return lane.name + ": gap or overlap" + at(reached);
        if (interval.end < interval.begin) return lane.name + ": an interval ends before it begins" + at(reached);
        if (interval.cause != ReleaseCause::none && interval.state != State::running) {
            return lane.name + ": a release cause on a state that holds nothing" + at(reached);
        }
        reached = interval.end;
    }
    if (reached != end) return lane.name + ": ends" + at(reached) + ", the run" + at(end);
    return {};
}

} // namespace

std::string_view to_string(State state) {
    return state_names[static_cast<std::size_t>(state)];
}

std::string_view to_string(ReleaseCause cause) {
    return cause_names[static_cast<std::size_t>(cause)];
}

std::string find_fault(const Trace& trace, Nanoseconds tolerance) {
    std::set<int> interpreters;
    for (const Lane& lane : trace.lanes) {
        if (auto fault = fault_of_lane(lane, trace.end); !fault.empty()) return fault;
        if (lane.has_gil) interpreters.insert(lane.interpreter);
    }
    for (int interpreter : interpreters) {
        const auto holds = gil_holds(trace, interpreter);
        std::size_t longest = 0; // of the holds so far, the one that lasts longest
        for (std::size_t i = 1; i < holds.size(); ++i) {
            // Of a short hold inside a long one only its own length is shared: coarse clocks misplace it by a tick.
            const Nanoseconds shared = std::min(holds[longest].end, holds[i].end) - holds[i].begin;
            if (shared > tolerance) {
                return trace.lanes[static_cast<std::size_t>(holds[longest].lane)].name + " and " +
                       trace.lanes[static_cast<std::size_t>(holds[i].lane)].name +
                       " run at the same time under one GIL" + at(holds[i].begin) + ", for " + std::to_string(shared) +
                       " ns";
            }
            if (holds[i].end > holds[longest].end) longest = i;
        }
    }
    return {};
}

std::vector<GilHold> gil_holds(const Trace& trace, int interpreter) {
    std::vector<GilHold> holds;
    for (std::size_t i = 0; i < trace.lanes.size(); ++i) {
        const Lane& lane = trace.lanes[i];
        if (lane.interpreter != interpreter || !lane.has_gil) continue;
        for (const Interval& interval : lane.intervals) {
            if (interval.state != State::running || interval.length() == 0) continue;
            // Neighbouring running intervals of one lane (task after task) are one hold when nothing was let go.
            if (!holds.empty() && holds.back().lane == static_cast<int>(i) && holds.back().end == interval.begin &&
                holds.back().cause == ReleaseCause::none) {
                holds.back().end = interval.end;
                holds.back().cause = interval.cause;
            } else {
                holds.push_back({interval.begin, interval.end, static_cast<int>(i), interval.cause});
            }
        }
    }
    std::stable_sort(holds.begin(), holds.end(), [](const GilHold& a, const GilHold& b) { return a.begin < b.begin; });
    return holds;
}

} // namespace gil
