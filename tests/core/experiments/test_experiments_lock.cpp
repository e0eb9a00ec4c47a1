// The group "The lock": when each claim fails, and when it cannot be judged.
#include <catch2/catch_test_macros.hpp>

#include "core/trace/latency.h"
#include "tests/support/experiment_reports.h"

using namespace gil;
using test::ChosenReport;
using test::says;
using test::simulated;

TEST_CASE("Experiments.cpu-bound can come out as does not hold and as cannot be judged") {
    CHECK(simulated("cpu-bound").verdict.holds == Holds::yes);
    CHECK(simulated("cpu-bound", {{"kernel", "parsing"}}).verdict.holds == Holds::yes);
    // Tiny work with fresh interpreters: starting the processes costs more than they save.
    CHECK(simulated("cpu-bound", {{"work_ms", 1}, {"start_method", "spawn"}}).verdict.holds == Holds::no);
    CHECK(simulated("cpu-bound", Json::object(), 1).verdict.holds == Holds::cannot_tell);
    CHECK(simulated("cpu-bound", {{"workers", 1}}).verdict.holds == Holds::cannot_tell);

    ChosenReport parallel("cpu-bound"); // threads that do speed up: a build without a GIL, say
    parallel.wall("sequential", 400).wall("processes", 120).wall("threads", 160);
    CHECK(parallel.judge().holds == Holds::no);
    parallel.wall("threads", 410);
    CHECK(parallel.judge().holds == Holds::yes);
}

namespace {

/// A thread that makes `calls` blocking calls of 1 ms, each followed by `delay` of waiting for the GIL.
Lane calling(int calls, Nanoseconds delay) {
    Lane lane;
    Nanoseconds now = 0;
    const auto add = [&](State state, Nanoseconds length) {
        if (length > 0) lane.intervals.push_back({now, now + length, state});
        now += length;
    };
    for (int i = 0; i < calls; ++i) {
        add(State::running, 20 * microsecond);
        add(State::waiting_for_io, millisecond);
        add(State::waiting_for_gil, delay);
    }
    add(State::idle, microsecond);
    return lane;
}

/// A neighbour that is in `state` until `end`.
Lane neighbour(State state, Nanoseconds end) {
    Lane lane;
    lane.intervals = {{0, end, state}, {end, 10 * second, State::idle}};
    return lane;
}

/// "threads:beside" comes back after `delay`, while its neighbour was in `state` until `busy_until`.
Verdict gil_release(Nanoseconds delay, State state = State::running, Nanoseconds busy_until = 10 * second,
                    double interval_ms = 5) {
    ChosenReport report("gil-release", {{"switch_interval_ms", interval_ms}});
    for (const char* name : {"threads:alone", "threads:beside", "threads:native_keeps", "threads:native_releases"}) {
        report.at(name).median_run.trace.lanes = {calling(40, 0)};
    }
    report.at("threads:beside").median_run.trace.lanes = {calling(40, delay), neighbour(state, busy_until)};
    report.at("threads:native_keeps").median_run.trace.lanes = {calling(40, 19 * millisecond)};
    return report.judge();
}

} // namespace

TEST_CASE("Experiments.gil-release: the delay is the switch interval, or the claim does not hold") {
    const Verdict convoy = gil_release(5 * millisecond);
    CHECK(convoy.holds == Holds::yes);
    CHECK(says(convoy, "came back 5.00 ms after a call (95 %: 5.00 ms, longest 5.00 ms; alone 0 ms)"));
    CHECK(says(convoy, "keeps the GIL it was 19.0 ms"));
    CHECK(gil_release(100 * microsecond).holds == Holds::no);
    CHECK(says(gil_release(100 * microsecond), "hardly delayed"));
    CHECK(gil_release(100 * microsecond, State::running, 10 * second, 0.1).holds == Holds::yes);
    // The neighbour never got to run: the GIL was not let go at all.
    const Verdict held = gil_release(5 * millisecond, State::waiting_for_gil);
    CHECK(held.holds == Holds::no);
    CHECK(says(held, "not free"));
}

TEST_CASE("Experiments.gil-release: calls after the neighbour has finished do not count") {
    const Verdict few = gil_release(5 * millisecond, State::running, 20 * millisecond);
    CHECK(few.holds == Holds::cannot_tell);
    CHECK(says(few, "only 4 calls"));
    ChosenReport wrong("gil-release");
    wrong.wrong("threads:alone");
    CHECK(wrong.judge().holds == Holds::cannot_tell);
    CHECK(says(wrong.judge(), "wrong result"));
}

TEST_CASE("Experiments.gil-release: a run without a trace tells its latencies itself") {
    const auto told = [](std::int64_t beside_us) {
        ChosenReport report("gil-release");
        for (const char* name : {"threads:alone", "threads:native_releases"}) {
            report.observe(name, "median latency us", 60, 0).observe(name, "p95 latency us", 80, 0);
        }
        report.observe("threads:native_keeps", "median latency us", 19'000, 0);
        report.observe("threads:native_keeps", "p95 latency us", 20'000, 0);
        report.observe("threads:beside", "median latency us", beside_us, 0);
        report.observe("threads:beside", "p95 latency us", 9'000, 0);
        return report.from_cpython().concluded();
    };
    const Report slow = told(5'100);
    CHECK(slow.verdict.holds == Holds::yes);
    CHECK(says(slow.verdict, "came back 5.10 ms after a call (95 %: 9.00 ms; alone 60 µs)"));
    CHECK(told(900).verdict.holds == Holds::no);
    // And in the same words as a trace beside the bars.
    const Run& run = find_variant(slow, "threads:beside")->median_run;
    REQUIRE(find_observation(run, "goes on") != nullptr);
    CHECK(find_observation(run, "goes on")->text == "5.10 ms after a call (95 %: 9.00 ms)");
    CHECK(find_observation(run, "median latency us") == nullptr);
    CHECK(ChosenReport("gil-release").from_cpython().judge().holds == Holds::cannot_tell);
}

TEST_CASE("Experiments.gil-release: a shorter switch interval shortens the delay") {
    const auto beside = [](double interval_ms) {
        const Report report = simulated("gil-release", {{"switch_interval_ms", interval_ms}});
        return find_variant(report, "threads:beside")->metrics.gil_wait;
    };
    CHECK(beside(1) < beside(5));
    CHECK(beside(5) < beside(20));
}

TEST_CASE("Experiments.gil-release: beside its bars a run says how soon the caller goes on") {
    const Report report = simulated("gil-release");
    for (const VariantReport& variant : report.variants) {
        INFO(variant.name);
        const Observation* told = find_observation(variant.median_run, "goes on");
        REQUIRE(told != nullptr);
        CHECK(told->text.find("after a call") != std::string::npos);
    }
    const std::string& alone = find_observation(find_variant(report, "threads:alone")->median_run, "goes on")->text;
    CHECK((alone.starts_with("0 ms") || alone.find("µs") < alone.find(" after a call"))); // at once
    // With so long an interval hardly a call ends beside native code: that is told, and judged is the claim.
    CHECK(simulated("gil-release", {{"switch_interval_ms", 100}}).verdict.holds == Holds::yes);
}

TEST_CASE("Experiments.gil-release: native code that keeps the GIL is not interrupted") {
    const Report report = simulated("gil-release"); // calls of 20 ms, an interval of 5 ms
    const auto median = [&](std::string_view name) {
        const Trace& trace = find_variant(report, name)->median_run.trace;
        return percentiles_of(latencies_after_waits(trace.lanes.at(0), 200 * millisecond)).median;
    };
    CHECK(median("threads:native_keeps") > 10 * millisecond);
    CHECK(median("threads:native_releases") < millisecond);
    CHECK(median("threads:beside") < 10 * millisecond);
}

namespace {

constexpr const char* counting[] = {"threads:3.9",   "threads:3.10",   "threads:call",
                                    "free_threaded", "threads:locked", "free_threaded:locked"};

ChosenReport counters(std::int64_t value) {
    ChosenReport report("lock");
    for (const char* name : counting) report.observe(name, "counter", value, 1'000'000);
    return report;
}

} // namespace

TEST_CASE("Experiments.lock: updates are lost without the lock and never with it") {
    ChosenReport report = counters(1'000'000);
    report.observe("free_threaded", "counter", 278'123, 1'000'000);
    CHECK(report.judge().holds == Holds::yes);
    CHECK(says(report.judge(), "278,123 (without a GIL)"));
    CHECK(says(report.judge(), "hardly ever seen"));
    report.wall("threads:locked", 100, 50, 500); // the time is not what is judged
    CHECK(report.judge().holds == Holds::yes);

    report.observe("threads:3.10", "counter", 999'999, 1'000'000);
    CHECK(report.judge().holds == Holds::yes);
    CHECK_FALSE(says(report.judge(), "hardly ever seen")); // never against what was seen

    report.observe("free_threaded:locked", "counter", 999'000, 1'000'000);
    CHECK(report.judge().holds == Holds::no);
    CHECK(says(report.judge(), "in spite of it"));
}

TEST_CASE("Experiments.lock: that 3.9 was never interrupted is said, and only then") {
    ChosenReport report = counters(1'000'000);
    report.observe("free_threaded", "counter", 278'123, 1'000'000);
    Lane& lane = report.at("threads:3.9").median_run.trace.lanes.emplace_back();
    lane.intervals = {{0, millisecond, State::running, ReleaseCause::task_end, 0}};
    CHECK(says(report.judge(), "within one switch interval"));
    report.at("threads:3.9").median_run.trace.lanes.front().intervals.front().cause = ReleaseCause::interval_expired;
    CHECK_FALSE(says(report.judge(), "within one switch interval"));
}

TEST_CASE("Experiments.lock: nothing lost is no proof, and one thread shows nothing") {
    CHECK(counters(1'000'000).judge().holds == Holds::cannot_tell);
    CHECK(says(counters(1'000'000).judge(), "luck and no guarantee: use more increments"));
    ChosenReport one("lock", {{"workers", 1}});
    for (const char* name : counting) one.observe(name, "counter", 100'000, 100'000);
    CHECK(one.judge().holds == Holds::cannot_tell);
    CHECK(ChosenReport("lock").judge().holds == Holds::cannot_tell); // no counter was told
    ChosenReport missing = counters(1'000'000);
    for (const char* name : {"threads:locked", "free_threaded:locked"}) missing.unavailable(name, "needs magic");
    CHECK(missing.judge().holds == Holds::cannot_tell);
    CHECK(says(missing.judge(), "needs magic"));
}

TEST_CASE("Experiments.lock: an interpreter is of one version, and what it can run is judged") {
    ChosenReport cpython = counters(1'000'000);
    for (const char* name : {"threads:3.9", "free_threaded", "free_threaded:locked"}) {
        cpython.unavailable(name, "not this Python");
    }
    CHECK(cpython.judge().holds == Holds::cannot_tell);
    CHECK(says(cpython.judge(), "Without it: 1,000,000 (3.10), 1,000,000 (a call in between)"));
    cpython.observe("threads:call", "counter", 900'000, 1'000'000);
    CHECK(cpython.judge().holds == Holds::yes);
}

TEST_CASE("Experiments.free-threading: faster alone, slowed down by sharing") {
    ChosenReport report("free-threading");
    report.wall("sequential", 400).wall("threads", 404).wall("free_threaded", 110);
    report.wall("threads:shared", 24).wall("free_threaded:shared", 40);
    report.observe("free_threaded:shared", "counter", 300'000, 800'000);
    CHECK(report.judge().holds == Holds::yes);
    CHECK(says(report.judge(), "0.60×"));
    CHECK(says(report.judge(), "lost 500,000 of 800,000"));

    report.wall("free_threaded:shared", 7);
    CHECK(report.judge().holds == Holds::no);
    CHECK(says(report.judge(), "cost them little"));
    report.wall("free_threaded:shared", 40).wall("free_threaded", 390);
    CHECK(report.judge().holds == Holds::no);
    report.wall("free_threaded", 110).wall("threads", 200);
    CHECK(report.judge().holds == Holds::no);
    report.wall("threads", 404).wall("threads:shared", 24, 10, 60);
    CHECK(report.judge().holds == Holds::cannot_tell);
}

TEST_CASE("Experiments.free-threading: one core or one worker shows nothing") {
    const auto slow = [](const Json& knobs, int cores) {
        ChosenReport report("free-threading", knobs, cores);
        report.wall("free_threaded", 107);
        return report.judge();
    };
    CHECK(says(slow(Json::object(), 1), "One core"));
    CHECK(says(slow({{"workers", 1}}, 4), "One worker"));
    CHECK(slow(Json::object(), 1).holds == Holds::cannot_tell);
}

TEST_CASE("Experiments.free-threading: threads that shared their cores with other programs show nothing") {
    ChosenReport report("free-threading", {{"workers", 4}}, 2);
    report.from_here().wall("sequential", 400).wall("threads", 404).wall("free_threaded", 390);
    for (const char* name : {"sequential", "threads"}) report.at(name).metrics.running = 400 * millisecond;
    report.at("free_threaded").metrics.running = 820 * millisecond; // four threads take turns on two cores
    CHECK(report.judge().holds == Holds::no);
    report.at("free_threaded").metrics.running = 1'500 * millisecond;
    CHECK(report.judge().holds == Holds::cannot_tell);
    CHECK(says(report.judge(), "4 workers on 2 cores computed for 1500 ms in all, where 800 ms would do"));
}
