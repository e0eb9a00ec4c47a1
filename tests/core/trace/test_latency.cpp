#include <catch2/catch_test_macros.hpp>

#include <numeric>

#include "core/trace/latency.h"

using namespace gil;

namespace {

/// Intervals one after another from 0: a state and how long it lasts.
Lane lane_of(std::initializer_list<std::pair<State, Nanoseconds>> parts) {
    Lane lane;
    Nanoseconds now = 0;
    for (const auto& [state, length] : parts) {
        lane.intervals.push_back({now, now + length, state});
        now += length;
    }
    return lane;
}

using Delays = std::vector<Nanoseconds>;

} // namespace

TEST_CASE("Latency.counts from the end of a wait until the GIL is had again") {
    const Lane lane = lane_of({{State::starting, 10},
                               {State::running, 5},
                               {State::waiting_for_io, 100}, // ends at 115
                               {State::waiting_for_gil, 7},
                               {State::running, 1},
                               {State::waiting_for_io, 100}, // ends at 223, on at once
                               {State::running, 2},
                               {State::waiting_for_gil, 50}, // lost by force: not after a wait
                               {State::running, 2},
                               {State::waiting_for_io, 100}, // ends at 377
                               {State::waiting_for_gil, 9}});
    CHECK(latencies_after_waits(lane, 1'000) == Delays{7, 0, 9});
    CHECK(latencies_after_waits(lane, 377) == Delays{7, 0});
    CHECK(latencies_after_waits(lane, 0).empty());
    CHECK(latencies_after_waits(Lane{}, 1'000).empty());
}

TEST_CASE("Latency.percentiles are values that occurred") {
    Delays values(100);
    std::iota(values.rbegin(), values.rend(), 1); // 100 ... 1
    const Percentiles hundred = percentiles_of(values);
    CHECK(hundred.count == 100);
    CHECK(hundred.median == 50);
    CHECK(hundred.p95 == 95);
    CHECK(hundred.max == 100);
    const Percentiles one = percentiles_of(Delays{7});
    CHECK((one.median == 7 && one.p95 == 7 && one.max == 7));
    const Percentiles two = percentiles_of(Delays{9, 1});
    CHECK((two.median == 1 && two.p95 == 9));
    CHECK(percentiles_of({}).count == 0);
}

TEST_CASE("Latency.time together is the overlap of two lanes' states") {
    const Lane waits = lane_of({{State::running, 10}, {State::waiting_for_io, 20}, {State::running, 10}});
    const Lane works = lane_of({{State::waiting_for_gil, 15}, {State::running, 10}, {State::idle, 15}});
    CHECK(time_together(waits, State::waiting_for_io, works, State::running) == 10);
    CHECK(time_together(works, State::running, waits, State::waiting_for_io) == 10);
    CHECK(time_together(waits, State::running, works, State::running) == 0);
    CHECK(time_together(waits, State::running, works, State::idle) == 10);
    CHECK(time_together(Lane{}, State::running, works, State::running) == 0);
}

TEST_CASE("Latency.a lane has finished where its last idle begins") {
    CHECK(finished_at(lane_of({{State::running, 10}, {State::idle, 20}})) == 10);
    CHECK(finished_at(lane_of({{State::idle, 5}, {State::running, 10}})) == 15);
    CHECK(finished_at(Lane{}) == 0);
}
