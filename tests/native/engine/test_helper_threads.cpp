#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <iterator>
#include <thread>

#include "native/engine/helper_threads.h"
#include "tests/native/support.h"

using namespace gil;
using namespace gil::native;
using gil::native::test::TimeLimit;

namespace {

std::ptrdiff_t threads_of_this_process() {
    return std::distance(std::filesystem::directory_iterator("/proc/self/task"), std::filesystem::directory_iterator());
}

} // namespace

TEST_CASE("HelperThreads.a hundred calls share the threads of a default executor, which end after them") {
    const TimeLimit limit(60);
    const std::ptrdiff_t before = threads_of_this_process();
    EventLoop loop;
    HelperThreads helpers(loop, 2);
    std::atomic<int> at_once = 0;
    std::atomic<int> most = 0;
    int told = 0;
    for (int i = 0; i < 100; ++i) {
        helpers.call(
            [&]() -> Result<Nothing> {
                const int now = ++at_once;
                for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) continue;
                std::this_thread::sleep_for(std::chrono::milliseconds(2));
                --at_once;
                return Nothing{};
            },
            [&](const Result<Nothing>& result) { told += result ? 1 : 0; });
    }
    loop.run(); // until nothing is left to wait for
    CHECK(told == 100);
    CHECK(most <= 6); // min(32, processors + 4)
    CHECK(most >= 2);
    CHECK(threads_of_this_process() == before);
}

TEST_CASE("HelperThreads.a call may make another, and an error reaches who called") {
    const TimeLimit limit(60);
    EventLoop loop;
    HelperThreads helpers(loop, 1);
    std::string said;
    helpers.call([]() -> Result<Nothing> { return Nothing{}; },
                 [&](const Result<Nothing>&) {
                     helpers.call(
                         []() -> Result<Nothing> {
                             return Error{"file", "is full", ""};
                         },
                         [&](const Result<Nothing>& result) { said = result.error().line(); });
                 });
    loop.run();
    CHECK(said.find("is full") != std::string::npos);
}

TEST_CASE("HelperThreads.who goes away waits for the calls under way, and tells nobody") {
    const TimeLimit limit(60);
    EventLoop loop;
    std::atomic<int> begun = 0;
    std::atomic<int> done = 0;
    int told = 0;
    {
        HelperThreads helpers(loop, 1);
        for (int i = 0; i < 50; ++i) {
            helpers.call(
                [&]() -> Result<Nothing> {
                    ++begun;
                    std::this_thread::sleep_for(std::chrono::milliseconds(20));
                    ++done;
                    return Nothing{};
                },
                [&](const Result<Nothing>&) { ++told; });
        }
        while (begun == 0) std::this_thread::yield();
    }
    CHECK(told == 0);
    CHECK(done == begun);
    CHECK(done < 50); // those that had not begun are dropped
}
