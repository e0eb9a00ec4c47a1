#include "core/trace/latency.h"

#include <algorithm>

namespace gil {

std::vector<Nanoseconds> latencies_after_waits(const Lane& lane, Nanoseconds until) {
    std::vector<Nanoseconds> latencies;
    for (std::size_t i = 0; i < lane.intervals.size(); ++i) {
        const Interval& wait = lane.intervals[i];
        if (wait.state != State::waiting_for_io || wait.end >= until) continue;
        const bool queued = i + 1 < lane.intervals.size() && lane.intervals[i + 1].state == State::waiting_for_gil;
        latencies.push_back(queued ? lane.intervals[i + 1].length() : 0);
    }
    return latencies;
}

Percentiles percentiles_of(std::span<const Nanoseconds> values) {
    if (values.empty()) return {};
    std::vector<Nanoseconds> sorted(values.begin(), values.end());
    std::sort(sorted.begin(), sorted.end());
    const auto rank = [&](std::size_t percent) { return sorted[(sorted.size() * percent + 99) / 100 - 1]; };
    return {static_cast<int>(sorted.size()), rank(50), rank(95), sorted.back()};
}

Nanoseconds time_together(const Lane& a, State a_state, const Lane& b, State b_state) {
    Nanoseconds together = 0;
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < a.intervals.size() && j < b.intervals.size()) {
        const Interval& left = a.intervals[i];
        const Interval& right = b.intervals[j];
        if (left.state == a_state && right.state == b_state) {
            together += std::max<Nanoseconds>(0, std::min(left.end, right.end) - std::max(left.begin, right.begin));
        }
        if (left.end <= right.end) {
            ++i;
        } else {
            ++j;
        }
    }
    return together;
}

Nanoseconds finished_at(const Lane& lane) {
    if (lane.intervals.empty()) return 0;
    const Interval& last = lane.intervals.back();
    return last.state == State::idle ? last.begin : last.end;
}

} // namespace gil
