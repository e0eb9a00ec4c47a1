// The group "Processes": when each claim fails, and when it cannot be judged.
#include <catch2/catch_test_macros.hpp>

#include "core/base/text.h"
#include "tests/support/experiment_reports.h"

using namespace gil;
using test::ChosenReport;
using test::says;
using test::simulated;

TEST_CASE("Experiments.process-pool: spreads calls over the cores, or says what held it back") {
    ChosenReport report("process-pool");
    report.wall("sequential", 480).wall("thread_pool", 485).wall("process_pool", 140).wall("subinterpreters", 150);
    CHECK(report.judge().holds == Holds::yes);
    CHECK(says(report.judge(), "3.43× as fast as sequential with 4 workers on 4 cores"));
    CHECK(says(report.judge(), "3.20×"));
    report.wall("process_pool", 300); // 1.6 of 4 cores
    CHECK(report.judge().holds == Holds::no);
    CHECK(says(report.judge(), "had started"));
    report.wall("process_pool", 140).wall("thread_pool", 150);
    CHECK(report.judge().holds == Holds::no);
    CHECK(says(report.judge(), "no GIL held them back"));
    report.wall("thread_pool", 485, 300, 600);
    CHECK(says(report.judge(), "Too noisy"));
}

TEST_CASE("Experiments.process-pool: not judged where other programs had the cores") {
    ChosenReport report("process-pool");
    report.from_here().wall("sequential", 480).wall("thread_pool", 485).wall("process_pool", 300);
    for (const char* name : {"sequential", "thread_pool"}) report.at(name).metrics.running = 480 * millisecond;
    report.at("process_pool").metrics.running = 500 * millisecond;
    CHECK(report.judge().holds == Holds::no);
    report.at("process_pool").metrics.running = 900 * millisecond;
    CHECK(report.judge().holds == Holds::cannot_tell);
    CHECK(says(report.judge(), "other programs had the cores"));
}

TEST_CASE("Experiments.process-pool: one large chunk, one worker, one core") {
    ChosenReport chunk("process-pool", {{"chunksize", 8}});
    chunk.wall("process_pool", 110);
    CHECK(chunk.judge().holds == Holds::no);
    CHECK(says(chunk.judge(), "Chunks of 8 left work for 1 worker only"));
    CHECK(ChosenReport("process-pool", {{"workers", 1}}).judge().holds == Holds::cannot_tell);
    CHECK(ChosenReport("process-pool", Json::object(), 1).judge().holds == Holds::cannot_tell);
    CHECK(simulated("process-pool", {{"work_ms", 0.5}, {"start_method", "spawn"}}).verdict.holds == Holds::no);
}

namespace {

constexpr double task_sizes[] = {0.01, 0.03, 0.1, 0.3, 1, 3, 10};

/// Plain code takes `tasks` x size; the pool `fixed` ms and `share` of plain code's time.
ChosenReport overhead(double fixed, double share, const Json& knobs = Json::object(), int cores = 4) {
    ChosenReport report("process-overhead", knobs, cores);
    for (const double size : task_sizes) {
        const std::string at = '@' + plain_number(size);
        report.wall("sequential" + at, 40 * size).wall("thread_pool" + at, 42 * size);
        report.wall("process_pool" + at, fixed + share * 40 * size);
    }
    return report;
}

} // namespace

TEST_CASE("Experiments.process-overhead: finds the break-even between two points of the sweep") {
    ChosenReport report = overhead(12, 0.25); // 40 x = 12 + 10 x at 0.4 ms
    const Verdict verdict = report.judge();
    CHECK(verdict.holds == Holds::yes);
    INFO(verdict.why);
    CHECK(says(verdict, "From about 416 µs")); // the lines are straight only between the points
    CHECK(says(verdict, "thread pool was nowhere"));
    report.wall("thread_pool@10", 100);
    CHECK_FALSE(says(report.judge(), "thread pool was nowhere"));
}

TEST_CASE("Experiments.process-overhead: no overhead, no break-even, and repeats that overlap") {
    const Verdict free = overhead(0.01, 0.25).judge();
    CHECK(free.holds == Holds::no);
    CHECK(says(free, "Even the smallest"));
    const Verdict never = overhead(12, 1.1).judge();
    CHECK(never.holds == Holds::cannot_tell);
    CHECK(says(never, "beyond this sweep"));
    CHECK(says(overhead(12, 1.1, {{"workers", 1}}).judge(), "One worker"));
    CHECK(says(overhead(12, 1.1, Json::object(), 1).judge(), "One core"));

    ChosenReport odd = overhead(12, 1.1);
    odd.from_here().wall("process_pool@1", 25, 24, 26);
    CHECK(odd.judge().holds == Holds::cannot_tell);
    CHECK(says(odd.judge(), "But at 1 ms it was (1.60×), so other programs had the cores"));

    ChosenReport blurred = overhead(12, 0.25);
    blurred.wall("process_pool@0.01", 0.5, 0.3, 20);
    CHECK(blurred.judge().holds == Holds::cannot_tell);
    blurred = overhead(12, 0.25);
    blurred.wall("process_pool@10", 112, 100, 900);
    CHECK(blurred.judge().holds == Holds::cannot_tell);
    for (const char* noisy : {"process_pool@0.3", "sequential@1", "process_pool@10"}) { // about 0.42 ms, and at the end
        blurred = overhead(12, 0.25);
        blurred.wall(noisy, 20, 15, 23);
        INFO(noisy);
        CHECK(says(blurred.judge(), "Too noisy"));
    }
    blurred = overhead(12, 1.1);
    blurred.wall("process_pool@10", 112, 80, 130);
    CHECK(says(blurred.judge(), "Too noisy")); // and not that the break-even lies beyond
    blurred = overhead(12, 0.25);
    blurred.wrong("process_pool@1");
    CHECK(blurred.judge().holds == Holds::cannot_tell);
    blurred = overhead(12, 0.25);
    blurred.unavailable("process_pool@1", "no processes");
    CHECK(blurred.judge().holds == Holds::cannot_tell);
}

namespace {

constexpr const char* refused = "PicklingError: Can't pickle <function <lambda>>: it's not found as __main__.<lambda>";

ChosenReport pickled(double small_ms, double large_ms, double shared_ms) {
    ChosenReport report("pickling");
    report.at("process_pool:pickle@1024").metrics.serialising = from_ms(small_ms);
    report.at("process_pool:pickle@4194304").metrics.serialising = from_ms(large_ms);
    report.at("process_pool:shared_memory@4194304").metrics.serialising = from_ms(shared_ms);
    report.error("process_pool:lambda", 0, refused);
    return report;
}

} // namespace

TEST_CASE("Experiments.pickling: cost grows with size, shared memory saves, a lambda is refused") {
    ChosenReport report = pickled(0.6, 45, 9);
    CHECK(report.judge().holds == Holds::yes);
    CHECK(says(report.judge(), "16 calls with 4 MiB each way took 45.0 ms, with 1 KiB 600 µs"));
    CHECK(says(report.judge(), "refused (PicklingError); the other calls went on"));
    CHECK(pickled(20, 45, 9).judge().holds == Holds::no);   // hardly grows
    CHECK(pickled(0.6, 45, 40).judge().holds == Holds::no); // shared memory saves nothing
    CHECK(pickled(0, 0, 0).judge().holds == Holds::no);
}

TEST_CASE("Experiments.pickling: without a trace the whole runs must be clearly apart") {
    ChosenReport report = pickled(0, 0, 0);
    report.from_cpython();
    report.wall("process_pool:pickle@1024", 20, 18, 25).wall("process_pool:pickle@4194304", 90, 80, 99);
    report.wall("process_pool:shared_memory@4194304", 50, 45, 60);
    CHECK(report.judge().holds == Holds::yes);
    CHECK(says(report.judge(), "16 calls with 4 MiB each way took 90.0 ms, with 1 KiB 20.0 ms, and in shared memory"));
    report.wall("process_pool:shared_memory@4194304", 80, 70, 85);
    CHECK(report.judge().holds == Holds::no);
}

TEST_CASE("Experiments.pickling: a lambda that gets through, or takes others with it") {
    ChosenReport sent = pickled(0.6, 45, 9);
    sent.error("process_pool:lambda", 0, "");
    CHECK(sent.judge().holds == Holds::no);
    CHECK(says(sent.judge(), "sent without an error"));
    ChosenReport broken = pickled(0.6, 45, 9);
    broken.error("process_pool:lambda", 3, "BrokenProcessPool: ...");
    CHECK(broken.judge().holds == Holds::no);
    CHECK(says(broken.judge(), "with it 1 other call"));
    ChosenReport other = pickled(0.6, 45, 9);
    other.error("process_pool:lambda", 0, "MemoryError: out of memory");
    CHECK(other.judge().holds == Holds::no);
    ChosenReport missing = pickled(0.6, 45, 9);
    missing.unavailable("process_pool:shared_memory@4194304", "no shared memory");
    CHECK(missing.judge().holds == Holds::cannot_tell);
    missing = pickled(0.6, 45, 9);
    missing.wrong("process_pool:pickle@4194304");
    CHECK(missing.judge().holds == Holds::cannot_tell);
    missing = pickled(0.6, 45, 9);
    missing.wall("process_pool:pickle@4194304", 100, 60, 300);
    CHECK(says(missing.judge(), "Too noisy"));
    // However they scatter, every run of the large one took longer than every other.
    missing.wall("process_pool:pickle@1024", 10, 5, 40).wall("process_pool:shared_memory@4194304", 30, 20, 50);
    CHECK(missing.judge().holds == Holds::yes);
}

namespace {

ChosenReport shared(std::int64_t unlocked, std::int64_t locked, std::int64_t once = 5) {
    ChosenReport report("shared-data");
    report.observe("processes:queue", "received", 90, 90);
    report.observe("processes:once", "value", once, 5).observe("processes:once", "array", 50, 50);
    report.observe("processes:unlocked", "value", unlocked, 100'000);
    report.observe("processes:locked", "value", locked, 100'000);
    return report;
}

} // namespace

TEST_CASE("Experiments.shared-data: += without the lock loses updates, the post's single ones only by bad luck") {
    CHECK(shared(31'000, 100'000).judge().holds == Holds::yes);
    CHECK(says(shared(31'000, 100'000).judge(), "gave 5 and [50], right by luck"));
    CHECK(shared(31'000, 100'000, 4).judge().holds == Holds::yes);
    CHECK(says(shared(31'000, 100'000, 4).judge(), "gave 4 and [50], instead of 5 and [50]"));
    CHECK(shared(100'000, 100'000).judge().holds == Holds::cannot_tell);
    CHECK(says(shared(100'000, 100'000).judge(), "luck and no guarantee: use more increments"));
    CHECK(shared(31'000, 99'999).judge().holds == Holds::no);
    ChosenReport lossy = shared(31'000, 100'000);
    lossy.observe("processes:queue", "received", 72, 90);
    CHECK(lossy.judge().holds == Holds::no);
}

TEST_CASE("Experiments.shared-data: one process, and a run that tells nothing") {
    ChosenReport one("shared-data", {{"workers", 1}});
    one.observe("processes:queue", "received", 18, 18);
    one.observe("processes:once", "value", 1, 1).observe("processes:once", "array", 10, 10);
    one.observe("processes:unlocked", "value", 20'000, 20'000).observe("processes:locked", "value", 20'000, 20'000);
    CHECK(one.judge().holds == Holds::cannot_tell);
    CHECK(ChosenReport("shared-data").judge().holds == Holds::cannot_tell);
    CHECK(says(ChosenReport("shared-data").judge(), "did not tell its received"));
    ChosenReport missing = shared(31'000, 100'000);
    missing.unavailable("processes:once", "no shared memory");
    CHECK(missing.judge().holds == Holds::cannot_tell);
}

namespace {

/// Survivors of a crash in a thread, in a process and in a pool.
ChosenReport crashed(std::int64_t threads, std::int64_t processes, std::int64_t pool) {
    ChosenReport report("isolation");
    const auto end = [&](const char* name, std::int64_t survivors, const char* who, std::int64_t code) {
        report.observe(name, "survivors", survivors, 4).observe(name, who, code, 0);
    };
    end("threads:exception", 3, "exit code", 0);
    end("threads:abort", threads, "exit code", -6);
    end("threads:stray_write", threads, "exit code", -11);
    end("processes:abort", processes, "exit code of process 2", -6);
    end("processes:stray_write", processes, "exit code of process 2", -11);
    end("process_pool:abort", pool, "exit code of process 2", -6);
    report.error("process_pool:abort", 0, "BrokenProcessPool: A process in the process pool was terminated abruptly");
    return report;
}

} // namespace

TEST_CASE("Experiments.isolation: a thread takes all with it, a process only itself, a pool breaks") {
    const Verdict verdict = crashed(0, 3, 0).judge();
    CHECK(verdict.holds == Holds::yes);
    CHECK(says(verdict, "with code -6 (0 of 4 tasks returned), a stray write ended it with code -11"));
    CHECK(says(verdict, "In a process of its own: 3 of 4 tasks returned both times."));
    CHECK(says(verdict, "breaks as a whole (BrokenProcessPool): 0 of 4"));
    CHECK_FALSE(says(crashed(0, 3, 3).judge(), "breaks as a whole"));
    ChosenReport page = crashed(0, 3, 0);
    page.tell("threads:abort", "end", "stopped: RuntimeError: Aborted()");
    CHECK(page.judge().holds == Holds::yes);
    CHECK(says(page.judge(), "ended the program (\"stopped: RuntimeError: Aborted()\"; 0 of 4 tasks returned)"));
    CHECK(crashed(3, 3, 0).judge().holds == Holds::no); // the other threads lived on
    CHECK(crashed(0, 1, 0).judge().holds == Holds::no); // one process hurt another
}

TEST_CASE("Experiments.isolation: a run that tells nothing, or did not happen") {
    CHECK(ChosenReport("isolation").judge().holds == Holds::cannot_tell);
    ChosenReport missing = crashed(0, 3, 0);
    missing.unavailable("threads:abort", "a page cannot abort one thread");
    CHECK(missing.judge().holds == Holds::cannot_tell);
    CHECK(says(missing.judge(), "a page cannot"));
    ChosenReport no_pool = crashed(0, 3, 0);
    no_pool.unavailable("process_pool:abort", "no pools");
    CHECK(no_pool.judge().holds == Holds::yes);
}

TEST_CASE("Experiments.image-processing: processes help, and native threads as much") {
    ChosenReport report("image-processing");
    report.wall("sequential", 480).wall("threads", 490).wall("process_pool", 140).wall("threads:native", 130);
    CHECK(report.judge().holds == Holds::yes);
    CHECK(says(report.judge(), "processes are not needed for it"));
    report.wall("threads:native", 400);
    CHECK(report.judge().holds == Holds::yes);
    CHECK_FALSE(says(report.judge(), "not needed"));
    report.wall("threads", 150);
    CHECK(report.judge().holds == Holds::no);
    report.wall("threads", 490).wall("process_pool", 470);
    CHECK(report.judge().holds == Holds::no);
    CHECK(says(report.judge(), "had started"));
    report.wall("process_pool", 140, 90, 200);
    CHECK(report.judge().holds == Holds::cannot_tell);
    CHECK(ChosenReport("image-processing", {{"workers", 1}}).judge().holds == Holds::cannot_tell);
    CHECK(ChosenReport("image-processing", Json::object(), 1).judge().holds == Holds::cannot_tell);
}
