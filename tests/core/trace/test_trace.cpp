#include <catch2/catch_test_macros.hpp>

#include "core/trace/metrics.h"
#include "core/trace/trace.h"
#include "core/trace/trace_recorder.h"

using namespace gil;

namespace {

Lane lane_of(std::string name, std::vector<Interval> intervals) {
    Lane lane;
    lane.name = std::move(name);
    lane.intervals = std::move(intervals);
    return lane;
}

/// Two threads under one GIL: 0-10 first, 10-30 second, 30-40 first again.
Trace two_threads() {
    Trace trace;
    trace.end = 40;
    trace.lanes.push_back(lane_of("thread 1", {{0, 10, State::running, ReleaseCause::interval_expired, 0},
                                               {10, 30, State::waiting_for_gil},
                                               {30, 40, State::running, ReleaseCause::task_end, 0}}));
    trace.lanes.push_back(lane_of(
        "thread 2",
        {{0, 10, State::starting}, {10, 30, State::running, ReleaseCause::task_end, 1}, {30, 40, State::idle}}));
    return trace;
}

} // namespace

TEST_CASE("Trace.a sound trace has no fault") {
    CHECK(find_fault(two_threads()).empty());
}

TEST_CASE("Trace.faults are found") {
    auto gap = two_threads();
    gap.lanes[0].intervals[1].begin = 11;
    CHECK(find_fault(gap).find("gap") != std::string::npos);

    auto short_lane = two_threads();
    short_lane.lanes[1].intervals.pop_back();
    CHECK_FALSE(find_fault(short_lane).empty());

    auto both = two_threads();
    both.lanes[1].intervals = {{0, 5, State::starting}, {5, 30, State::running}, {30, 40, State::idle}};
    CHECK(find_fault(both).find("at the same time") != std::string::npos);
    CHECK(find_fault(both, 5).empty());
    both.lanes[0].has_gil = both.lanes[1].has_gil = false;
    CHECK(find_fault(both).empty());

    auto cause = two_threads();
    cause.lanes[0].intervals[1].cause = ReleaseCause::blocking_call;
    CHECK_FALSE(find_fault(cause).empty());
}

TEST_CASE("Trace.a clock's tick may misplace a short hold by its own length, not more") {
    // Clocks of two cores disagree by 1: the short hold of thread 2 seems to lie in the long one of thread 1.
    Trace trace;
    trace.end = 100;
    trace.lanes.push_back(lane_of("thread 1", {{0, 9, State::waiting_for_gil}, {9, 100, State::running}}));
    trace.lanes.push_back(lane_of(
        "thread 2",
        {{0, 10, State::waiting_for_gil}, {10, 15, State::running}, {15, 90, State::idle}, {90, 100, State::idle}}));
    CHECK(find_fault(trace, 5).empty());
    CHECK(find_fault(trace, 4).find("at 10 ns, for 5 ns") != std::string::npos);
    // A hold much later is compared with the one that lasts, not with its neighbour.
    trace.lanes[1].intervals[2] = {15, 60, State::idle};
    trace.lanes[1].intervals[3] = {60, 100, State::running};
    CHECK(find_fault(trace, 5).find("at 60 ns, for 40 ns") != std::string::npos);
}

TEST_CASE("Trace.gil_holds lists who held it, when and why it was let go") {
    const auto holds = gil_holds(two_threads(), 0);
    REQUIRE(holds.size() == 3);
    CHECK(holds[0].lane == 0);
    CHECK(holds[0].cause == ReleaseCause::interval_expired);
    CHECK(holds[1].lane == 1);
    CHECK(holds[1].begin == 10);
    CHECK(holds[1].end == 30);
    CHECK(gil_holds(two_threads(), 7).empty());
}

TEST_CASE("Metrics.are sums over the trace") {
    const Metrics metrics = derive_metrics(two_threads());
    CHECK(metrics.wall == 40);
    CHECK(metrics.running == 40);
    CHECK(metrics.gil_wait == 20);
    CHECK(metrics.starting == 10);
    CHECK(metrics.gil_switches == 2);
    CHECK(metrics.gil_busy == 1.0);
    CHECK_FALSE(metrics.cpu.has_value());
}

TEST_CASE("Metrics.coroutines of one thread are no GIL switches") {
    auto trace = two_threads();
    for (Lane& lane : trace.lanes) lane.coroutine = true;
    CHECK(derive_metrics(trace).gil_switches == 0);
}

TEST_CASE("Metrics.the median is a run that happened") {
    const double values[] = {5, 1, 9, 3};
    const Spread spread = spread_of(values);
    CHECK(spread.median == 3);
    CHECK(spread.min == 1);
    CHECK(spread.max == 9);
    CHECK(spread.samples == 4);
    CHECK(spread_of({}).samples == 0);
    CHECK(spread_of({}).relative() == 0);
}

TEST_CASE("TraceRecorder.writes a gap-free lane and leaves out empty intervals") {
    TraceRecorder recorder(Lane{}, 0);
    recorder.enter(State::waiting_for_gil, 10);
    recorder.enter(State::running, 10); // the lock was free
    recorder.enter(State::waiting_for_io, 20, ReleaseCause::blocking_call);
    recorder.enter(State::waiting_for_gil, 30);
    recorder.enter(State::running, 35);
    Lane lane = recorder.finish(50);
    REQUIRE(lane.intervals.size() == 5);
    CHECK(lane.intervals[1].state == State::running);
    CHECK(lane.intervals[1].cause == ReleaseCause::blocking_call);
    Trace trace;
    trace.end = 50;
    trace.lanes.push_back(lane);
    CHECK(find_fault(trace).empty());
}

TEST_CASE("TraceRecorder.a full lane counts what it drops and stays gap-free") {
    TraceRecorder recorder(Lane{}, 0, State::starting, 4);
    for (int i = 1; i <= 20; ++i) recorder.enter(i % 2 == 0 ? State::running : State::waiting_for_io, i * 10);
    Lane lane = recorder.finish(300);
    CHECK(lane.intervals.size() == 4);
    CHECK(lane.dropped == 17);
    CHECK(lane.intervals.back().end == 300);
}

TEST_CASE("TraceRecorder.two waits stay two where the clock is too coarse for the work between them") {
    TraceRecorder recorder(Lane{}, 0, State::waiting_for_io);
    recorder.enter(State::running, 10);
    recorder.enter(State::waiting_for_io, 10, ReleaseCause::blocking_call);
    recorder.enter(State::waiting_for_lock, 20); // a lock that was free leaves no mark
    recorder.enter(State::waiting_for_io, 20);
    const Lane lane = recorder.finish(30);
    REQUIRE(lane.intervals.size() == 2);
    CHECK(lane.intervals[0].end == 10);
    CHECK(lane.intervals[1].begin == 10);
    CHECK(lane.intervals[1].end == 30);
}

TEST_CASE("TraceRecorder.a clock that steps back does not make a negative interval") {
    TraceRecorder recorder(Lane{}, 100);
    recorder.enter(State::running, 90);
    const Lane lane = recorder.finish(95);
    for (const Interval& interval : lane.intervals) CHECK(interval.length() >= 0);
}

TEST_CASE("fit_lane.covers the whole run: starting before, idle after, cut at the end") {
    Lane lane = lane_of("process 1", {{20, 60, State::running, ReleaseCause::task_end, 0}});
    fit_lane(lane, 50);
    REQUIRE(lane.intervals.size() == 2);
    CHECK(lane.intervals[0] == Interval{0, 20, State::starting, ReleaseCause::none, -1});
    CHECK(lane.intervals[1].end == 50);

    Lane early = lane_of("process 2", {{5, 10, State::running, ReleaseCause::task_end, 0}});
    fit_lane(early, 50);
    CHECK(early.intervals.back().state == State::idle);
    CHECK(early.intervals.back().end == 50);
}
