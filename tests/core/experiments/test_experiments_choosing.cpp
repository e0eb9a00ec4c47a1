// The group "Choosing": when each claim fails, and when it cannot be judged.
#include <catch2/catch_test_macros.hpp>

#include <algorithm>

#include "core/base/text.h"
#include "tests/support/experiment_reports.h"

using namespace gil;
using test::ChosenReport;
using test::says;
using test::simulated;

namespace {

ChosenReport mixed_work(double best_hybrid, double best_single, const Json& knobs = Json::object(), int cores = 4) {
    ChosenReport report("hybrid", knobs, cores);
    report.wall("sequential", 560).wall("threads", best_single).wall("process_pool", 300).wall("asyncio", 300);
    report.wall("hybrid:threads", best_hybrid).wall("hybrid:asyncio", 400);
    return report;
}

} // namespace

TEST_CASE("Experiments.hybrid: beats the best single model, or says why it does not") {
    CHECK(mixed_work(165, 283).judge().holds == Holds::yes);
    CHECK(says(mixed_work(165, 283).judge(), "the best of one kind, threads, took 283 ms"));
    CHECK(mixed_work(270, 283).judge().holds == Holds::no); // 5 % are not worth it
    CHECK(says(mixed_work(270, 283).judge(), "had started"));
    CHECK(says(mixed_work(283, 283, {{"work_ms", 1}}).judge(), "little to compute"));
    CHECK(says(mixed_work(283, 283, {{"wait_ms", 1}}).judge(), "little to wait for"));
}

TEST_CASE("Experiments.hybrid: one core, one process, noise") {
    CHECK(mixed_work(283, 283, Json::object(), 1).judge().holds == Holds::cannot_tell);
    CHECK(mixed_work(283, 283, {{"workers", 1}}).judge().holds == Holds::cannot_tell);
    ChosenReport noisy = mixed_work(165, 283);
    noisy.wall("asyncio", 300, 200, 400);
    CHECK(noisy.judge().holds == Holds::cannot_tell);
    ChosenReport crowded = mixed_work(270, 283);
    crowded.from_here();
    for (const char* name : {"sequential", "threads", "asyncio"}) {
        crowded.at(name).metrics.running = 240 * millisecond;
    }
    crowded.at("hybrid:threads").metrics.running = 400 * millisecond;
    CHECK(says(crowded.judge(), "other programs had the cores"));
}

namespace {

/// CPU work that gains up to `cpu_limit` workers, waits up to `io_limit`.
ChosenReport pools(int cpu_limit, int io_limit, const Json& knobs = Json::object(), int cores = 4) {
    ChosenReport report("pool-size", knobs, cores);
    report.wall("sequential:cpu", 192).wall("sequential:io", 256);
    for (const int size : {1, 2, 4, 8, 16, 32}) {
        const std::string at = '@' + std::to_string(size);
        report.wall("process_pool:cpu" + at, 192.0 / std::min(size, cpu_limit));
        report.wall("thread_pool:io" + at, 256.0 / std::min(size, io_limit));
    }
    return report;
}

} // namespace

TEST_CASE("Experiments.pool-size: the knee of CPU work is at the cores, that of waiting far beyond") {
    const Verdict verdict = pools(4, 32).judge();
    CHECK(verdict.holds == Holds::yes);
    CHECK(says(verdict, "(4.00×) from 4 process workers on 4 cores; Python's default is 4"));
    CHECK(says(verdict, "32 threads"));
    CHECK(says(verdict, "min(32, cores + 4) = 8"));
    CHECK(pools(1, 32).judge().holds == Holds::no);                             // processes never gained
    CHECK(pools(16, 32).judge().holds == Holds::no);                            // more than the cores helped
    CHECK(pools(4, 4).judge().holds == Holds::no);                              // waits needed no more than CPU work
    CHECK(pools(1, 32, Json::object(), 1).judge().holds == Holds::cannot_tell); // one core: nothing can gain
    CHECK(pools(2, 32, Json::object(), 3).judge().holds == Holds::yes);         // between two sizes
}

TEST_CASE("Experiments.sequential: a speed-up that cannot be is a disturbance, not a result") {
    ChosenReport report("sequential");
    report.from_here().wall("sequential", 1.75).wall("threads", 1.8).wall("thread_pool", 1.9).wall("process_pool", 12);
    report.wall("asyncio", 1.02); // one thread that computes, 1.7 times as fast as plain code
    CHECK(report.judge().holds == Holds::cannot_tell);
    CHECK(says(report.judge(), "was 1.72× as fast as sequential, and more than 1.00× is not possible"));
    report.wall("asyncio", 1.7);
    CHECK(report.judge().holds == Holds::yes);
}

TEST_CASE("Experiments.pool-size: one worker that beats plain code says that plain code was slowed") {
    ChosenReport report = pools(4, 32);
    report.from_here().wall("process_pool:cpu@1", 130);
    report.at("sequential:cpu").metrics.running = 192 * millisecond;
    CHECK(says(report.judge(), "other programs slowed sequential"));
}

TEST_CASE("Experiments.pool-size: where the cores had other work, more workers prove nothing") {
    ChosenReport report = pools(4, 32);
    report.from_here().wall("process_pool:cpu@2", 150).wall("process_pool:cpu@4", 120).wall("process_pool:cpu@8", 90);
    report.wall("process_pool:cpu@16", 60).wall("process_pool:cpu@32", 60); // more workers than the 4 cores helped
    report.at("sequential:cpu").metrics.running = 192 * millisecond;
    report.at("process_pool:cpu@4").metrics.running = 200 * millisecond;
    CHECK(report.judge().holds == Holds::no);
    report.at("process_pool:cpu@4").metrics.running = 340 * millisecond;
    CHECK(report.judge().holds == Holds::cannot_tell);
    CHECK(
        says(report.judge(), "4 workers on 4 cores computed for 340 ms in all, where 192 ms would do: other programs"));
    ChosenReport fine = pools(4, 32);
    fine.from_here();
    fine.at("sequential:cpu").metrics.running = 192 * millisecond;
    fine.at("process_pool:cpu@4").metrics.running = 340 * millisecond;
    CHECK(fine.judge().holds == Holds::yes);
}

TEST_CASE("Experiments.pool-size: a sweep that ends too early is not judged") {
    CHECK(pools(32, 32, Json::object(), 32).judge().holds == Holds::cannot_tell);
    CHECK(says(pools(32, 32, Json::object(), 32).judge(), "it takes 64 workers"));
    CHECK(pools(4, 4, {{"tasks", 4}}).judge().holds == Holds::cannot_tell);
    ChosenReport few = pools(4, 32);
    for (const char* name : {"process_pool:cpu@8", "process_pool:cpu@16", "process_pool:cpu@32"}) {
        few.unavailable(name, "at most 4 processes");
    }
    CHECK(few.judge().holds == Holds::cannot_tell);
    ChosenReport noisy = pools(4, 32);
    noisy.wall("process_pool:cpu@4", 48, 30, 90);
    CHECK(says(noisy.judge(), "Too noisy"));
    noisy = pools(4, 32);
    noisy.wall("process_pool:cpu@1", 192, 130, 290); // not a point that the verdict speaks of
    CHECK(noisy.judge().holds == Holds::yes);
}

TEST_CASE("Experiments.sequential: plain code wins until the work is worth a process") {
    ChosenReport report("sequential");
    report.wall("sequential", 1).wall("threads", 1.3).wall("thread_pool", 1.2).wall("process_pool", 12);
    report.wall("asyncio", 1.3);
    CHECK(report.judge().holds == Holds::yes);
    report.wall("process_pool", 12, 5, 40); // far off, so its noise does not matter
    CHECK(report.judge().holds == Holds::yes);
    report.wall("thread_pool", 0.95);
    CHECK(report.judge().holds == Holds::yes); // 5 % are not worth it
    report.wall("process_pool", 0.4);
    CHECK(report.judge().holds == Holds::no);
    CHECK(says(report.judge(), "process_pool was 2.50× as fast"));
    report.wall("process_pool", 0.4, 0.3, 1.5);
    CHECK(report.judge().holds == Holds::cannot_tell);
    report.wall("sequential", 1, 0.5, 2);
    CHECK(says(report.judge(), "Too noisy"));
    CHECK(simulated("sequential", {{"work_ms", 100}}).verdict.holds == Holds::no);
}
