#include "core/trace/trace_recorder.h"

#include <algorithm>

namespace gil {

Lane TraceRecorder::finish(Nanoseconds end) {
    last_.end = std::max(end, last_.begin);
    lane_.intervals.reserve(kept_ + 1);
    for (std::vector<Interval>& block : blocks_) {
        lane_.intervals.insert(lane_.intervals.end(), block.begin(), block.end());
        block = {}; // not twice in memory
    }
    lane_.intervals.push_back(last_);
    return std::move(lane_);
}

void make_relative(Lane& lane, Nanoseconds origin) {
    for (Interval& interval : lane.intervals) {
        interval.begin = std::max<Nanoseconds>(0, interval.begin - origin);
        interval.end = std::max<Nanoseconds>(0, interval.end - origin);
    }
}

void fit_lane(Lane& lane, Nanoseconds end) {
    auto& intervals = lane.intervals;
    const Nanoseconds first = intervals.empty() ? end : std::min(end, intervals.front().begin);
    if (first > 0) intervals.insert(intervals.begin(), {0, first, State::starting, ReleaseCause::none, -1});
    while (!intervals.empty() && intervals.back().begin >= end && end > 0) intervals.pop_back();
    if (intervals.empty()) return;
    Interval& last = intervals.back();
    if (last.end > end || last.state == State::idle) {
        last.end = end;
    } else if (last.end < end) {
        intervals.push_back({last.end, end, State::idle, ReleaseCause::none, -1});
    }
}

} // namespace gil
