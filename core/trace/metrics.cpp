#include "core/trace/metrics.h"

#include <algorithm>
#include <array>
#include <set>
#include <vector>

namespace gil {

namespace {

using Sums = std::array<Nanoseconds, state_count>;

Sums sum_states(const Trace& trace) {
    if (trace.sums) return trace.sums->time;
    Sums sums{};
    for (const Lane& lane : trace.lanes) {
        for (const Interval& interval : lane.intervals) {
            sums[static_cast<std::size_t>(interval.state)] += interval.length();
        }
    }
    return sums;
}

/// When the last lane left `starting`.
Nanoseconds last_start(const Trace& trace) {
    if (trace.sums) return trace.sums->starting;
    Nanoseconds latest = 0;
    for (const Lane& lane : trace.lanes) {
        if (lane.intervals.empty() || lane.intervals.front().state != State::starting) continue;
        latest = std::max(latest, lane.intervals.front().end);
    }
    return latest;
}

void add_gil(const Trace& trace, Metrics& metrics) {
    std::set<int> interpreters;
    for (const Lane& lane : trace.lanes) {
        if (lane.has_gil) interpreters.insert(lane.interpreter);
    }
    const auto share = [&](Nanoseconds held) {
        return trace.end > 0 ? static_cast<double>(held) / static_cast<double>(trace.end) : 0;
    };
    if (trace.sums) {
        metrics.gil_switches = trace.sums->gil_switches;
        if (interpreters.size() == 1) metrics.gil_busy = share(trace.sums->held);
        return;
    }
    for (int interpreter : interpreters) {
        const auto holds = gil_holds(trace, interpreter);
        Nanoseconds held = 0;
        for (std::size_t i = 0; i < holds.size(); ++i) {
            held += holds[i].end - holds[i].begin;
            const bool coroutine = trace.lanes[static_cast<std::size_t>(holds[i].lane)].coroutine;
            if (i > 0 && !coroutine && holds[i].lane != holds[i - 1].lane) ++metrics.gil_switches;
        }
        if (interpreters.size() == 1) metrics.gil_busy = share(held);
    }
}

} // namespace

Metrics derive_metrics(const Trace& trace) {
    const Sums sums = sum_states(trace);
    const auto sum = [&](State state) { return sums[static_cast<std::size_t>(state)]; };
    Metrics metrics;
    metrics.wall = trace.end;
    metrics.starting = last_start(trace);
    metrics.running = sum(State::running);
    metrics.native = sum(State::native);
    metrics.gil_wait = sum(State::waiting_for_gil);
    metrics.io_wait = sum(State::waiting_for_io);
    metrics.lock_wait = sum(State::waiting_for_lock);
    metrics.serialising = sum(State::serialising);
    metrics.bytes_serialised = trace.bytes_serialised;
    bool all_told = !trace.lanes.empty();
    Nanoseconds cpu = 0;
    for (const Lane& lane : trace.lanes) {
        all_told = all_told && lane.cpu.has_value();
        cpu += lane.cpu.value_or(0);
        metrics.dropped_intervals += lane.dropped;
    }
    if (all_told) metrics.cpu = cpu;
    add_gil(trace, metrics);
    return metrics;
}

Spread spread_of(std::span<const double> values) {
    if (values.empty()) return {};
    std::vector<double> sorted(values.begin(), values.end());
    std::sort(sorted.begin(), sorted.end());
    return {sorted[(sorted.size() - 1) / 2], sorted.front(), sorted.back(), static_cast<int>(sorted.size())};
}

} // namespace gil
