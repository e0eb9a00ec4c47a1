#include "native/growing_threads.h"

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <latch>
#include <memory>

#include "tests/native/support.h"

using namespace gil;
using namespace gil::native;
using namespace gil::native::test;

TEST_CASE("growing threads: as many jobs at once as wait, and no more than allowed", "[native]") {
    const TimeLimit limit(60);
    constexpr int jobs = 100;
    std::latch met(jobs); // each waits for all others: fewer threads than jobs would wait for ever
    GrowingThreads enough(jobs);
    for (int i = 0; i < jobs; ++i) REQUIRE(enough.enqueue([&met] { met.arrive_and_wait(); }));
    enough.shutdown();

    std::atomic<int> running = 0;
    std::atomic<int> most = 0;
    std::atomic<int> done = 0;
    GrowingThreads few(3);
    for (int i = 0; i < jobs; ++i) {
        REQUIRE(few.enqueue([&] {
            const int now = ++running;
            for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
            }
            std::this_thread::sleep_for(std::chrono::microseconds(200));
            --running;
            ++done;
        }));
    }
    few.shutdown();
    CHECK(done == jobs); // those that had not begun as well
    CHECK(most <= 3);
    CHECK(most > 1);
}
