// The group "Waiting": when each claim fails, and when it cannot be judged.
#include <catch2/catch_test_macros.hpp>

#include "tests/support/experiment_reports.h"

using namespace gil;
using test::ChosenReport;
using test::says;
using test::simulated;

namespace {

void check_one_worker(const Verdict& verdict) {
    CHECK(verdict.holds == Holds::cannot_tell);
    CHECK(says(verdict, "One worker cannot show what several do"));
}

} // namespace

TEST_CASE("Experiments.io-bound can come out as does not hold and as cannot be judged") {
    CHECK(simulated("io-bound", Json::object(), 1).verdict.holds == Holds::yes);
    check_one_worker(simulated("io-bound", {{"workers", 1}}).verdict);
    CHECK(simulated("io-bound", {{"tasks", 1}}).verdict.holds == Holds::cannot_tell);

    ChosenReport report("io-bound");
    report.wall("sequential", 500).wall("threads", 52).wall("asyncio", 51);
    CHECK(report.judge().holds == Holds::yes);
    report.wall("asyncio", 400);
    CHECK(report.judge().holds == Holds::no);
    report.wall("asyncio", 51).wall("threads", 300);
    CHECK(report.judge().holds == Holds::no);
    report.unavailable("threads", "needs shared memory");
    CHECK(report.judge().holds == Holds::cannot_tell);
    CHECK(says(report.judge(), "asyncio finished"));
}

TEST_CASE("Experiments.io-bound: a file or a query is no wait that asyncio could overlap") {
    for (const char* kind : {"file", "database"}) {
        ChosenReport report("io-bound", {{"io", kind}});
        report.wall("sequential", 500).wall("threads", 60).wall("asyncio", 505);
        CHECK(report.judge().holds == Holds::yes);
        CHECK(says(report.judge(), "asyncio cannot await such a call: 0.99×"));
        report.wall("threads", 250); // two cores' worth of queries
        CHECK(report.judge().holds == Holds::no);
        CHECK(says(report.judge(), "CPU work"));
    }
    ChosenReport socket("io-bound", {{"io", "socket"}}); // a loop can wait for that
    socket.wall("sequential", 500).wall("threads", 60).wall("asyncio", 505);
    CHECK(socket.judge().holds == Holds::no);
}

TEST_CASE("Experiments.web-scraper: threads win while parsing is little") {
    ChosenReport report("web-scraper");
    report.wall("sequential", 850).wall("thread_pool", 90).wall("process_pool", 110).wall("asyncio", 83);
    CHECK(report.judge().holds == Holds::yes);
    CHECK_FALSE(says(report.judge(), "all waits at once"));
    report.wall("asyncio", 60);
    CHECK(says(report.judge(), "all waits at once"));

    report.wall("process_pool", 70);
    CHECK(report.judge().holds == Holds::no);
    CHECK(says(report.judge(), "no longer little"));
    report.wall("process_pool", 110).wall("thread_pool", 300, 300, 300);
    CHECK(report.judge().holds == Holds::no);
    report.wall("thread_pool", 90, 60, 120);
    CHECK(says(report.judge(), "Too noisy"));
}

TEST_CASE("Experiments.web-scraper: much parsing, one worker and one page") {
    const Verdict parsing = simulated("web-scraper", {{"work_ms", 60}}).verdict;
    CHECK(parsing.holds == Holds::no);
    check_one_worker(simulated("web-scraper", {{"workers", 1}}).verdict);
    CHECK(simulated("web-scraper", {{"tasks", 1}}).verdict.holds == Holds::cannot_tell);
}

TEST_CASE("Experiments.thread-pool: two rounds take twice the time, and more are another job") {
    ChosenReport report("thread-pool");
    report.wall("sequential", 500).wall("threads", 51).wall("thread_pool", 101).lanes("thread_pool", 5);
    CHECK(report.judge().holds == Holds::yes);
    CHECK(says(report.judge(), "5 threads did 10 waits in 2 rounds"));
    CHECK(says(report.judge(), "1.98× the time: simpler, not equal"));
    report.wall("thread_pool", 51);
    CHECK(says(report.judge(), "does the same job"));
    report.wall("thread_pool", 250);
    CHECK(report.judge().holds == Holds::no);
    report.wall("thread_pool", 101).wall("threads", 480).wall("thread_pool", 450);
    CHECK(report.judge().holds == Holds::no); // neither overlaps anything
    report.wrong("threads");
    CHECK(report.judge().holds == Holds::cannot_tell);
}

TEST_CASE("Experiments.thread-pool: one worker, one task") {
    ChosenReport one("thread-pool", {{"workers", 1}});
    one.wall("sequential", 500).wall("threads", 51).wall("thread_pool", 501).lanes("thread_pool", 1);
    check_one_worker(one.judge());
    CHECK(simulated("thread-pool", {{"tasks", 1}}).verdict.holds == Holds::cannot_tell);
    CHECK(simulated("thread-pool", {{"workers", 10}}).verdict.holds == Holds::yes);
    CHECK(simulated("thread-pool", {{"workers", 2}}).verdict.holds == Holds::no);
}
