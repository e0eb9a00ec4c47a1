// The real lock with real threads. Times are asserted only with wide margins.
#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <deque>
#include <thread>
#include <vector>

#include "core/gil/gil.h"

using namespace gil;
using namespace std::chrono_literals;

namespace {

/// Waits until `condition` or 10 s have passed.
template<class Condition>
bool eventually(Condition condition) {
    for (int i = 0; i < 10'000; ++i) {
        if (condition()) return true;
        std::this_thread::sleep_for(1ms);
    }
    return false;
}

} // namespace

TEST_CASE("Gil.excludes: no two of 1, 2, 3, 7, 16 threads hold it at once") {
    for (const int count : {1, 2, 3, 7, 16}) {
        Gil lock(50 * microsecond);
        int inside = 0; // plain on purpose: ThreadSanitizer sees whether the lock orders it
        long turns = 0;
        bool overlapped = false;
        std::deque<ThreadState> states;
        std::vector<std::thread> threads;
        for (int i = 0; i < count; ++i) {
            ThreadState& state = states.emplace_back(i);
            threads.emplace_back([&lock, &state, &inside, &turns, &overlapped] {
                for (int n = 0; n < 200; ++n) {
                    lock.take(state);
                    overlapped = overlapped || ++inside != 1;
                    ++turns;
                    --inside;
                    lock.drop(state);
                }
            });
        }
        for (auto& thread : threads) thread.join();
        CHECK_FALSE(overlapped);
        CHECK(turns == 200L * count);
        CHECK_FALSE(lock.state().locked);
    }
}

TEST_CASE("Gil.a waiter asks the holder, and only the holder, after one interval") {
    Gil lock(20 * millisecond);
    ThreadState holder(0);
    ThreadState waiter(1);
    lock.take(holder);
    const auto begin = std::chrono::steady_clock::now();
    std::thread thread([&] {
        lock.take(waiter);
        lock.drop(waiter);
    });
    CHECK(eventually([&] { return holder.eval_breaker.load() != 0; }));
    const auto asked = std::chrono::steady_clock::now() - begin;
    CHECK(asked >= 19ms);
    CHECK(waiter.eval_breaker.load() == 0);
    lock.drop(holder);
    thread.join();
}

TEST_CASE("Gil.a requested drop returns only after another thread has taken the lock") {
    for (int round = 0; round < 20; ++round) {
        Gil lock(millisecond);
        ThreadState holder(0);
        ThreadState waiter(1);
        lock.take(holder);
        std::thread thread([&] {
            lock.take(waiter);
            lock.drop(waiter);
        });
        REQUIRE(eventually([&] { return holder.eval_breaker.load() != 0; }));
        lock.drop(holder);
        CHECK(lock.state().last_holder == 1);
        thread.join();
    }
}

TEST_CASE("Gil.a drop nobody asked for does not block and may be taken straight back") {
    Gil lock(10 * second);
    ThreadState mine(0);
    lock.take(mine);
    lock.drop(mine); // no waiter at all: a forced switch would hang here
    lock.take(mine);
    CHECK(lock.state().switch_number == 1);
    lock.drop(mine);

    // A waiter is signalled but must first wake up. The releaser need not be quicker every time, so this is tried anew
    // until it is; were the switch forced, it would never be.
    bool won_back = false;
    for (int round = 0; round < 100 && !won_back; ++round) {
        Gil contended(10 * second);
        ThreadState releaser(0);
        ThreadState other(1);
        contended.take(releaser);
        std::thread thread([&] {
            contended.take(other);
            contended.drop(other);
        });
        std::this_thread::sleep_for(20ms); // it waits by now
        contended.drop(releaser);
        contended.take(releaser);
        won_back = contended.state().switch_number == 1; // 3 when the other thread was quicker
        contended.drop(releaser);
        thread.join();
    }
    CHECK(won_back);
}

TEST_CASE("Gil.a drop wakes a waiter long before its interval is over") {
    Gil lock(60 * second);
    ThreadState holder(0);
    ThreadState waiter(1);
    lock.take(holder);
    std::thread thread([&] {
        lock.take(waiter);
        lock.drop(waiter);
    });
    std::this_thread::sleep_for(50ms); // it waits by now; if not yet, it finds the lock free
    const auto begin = std::chrono::steady_clock::now();
    lock.drop(holder);
    thread.join();
    CHECK(std::chrono::steady_clock::now() - begin < 20s);
}

TEST_CASE("Gil.taking it clears the eval breaker") {
    Gil lock(millisecond);
    ThreadState mine(0);
    mine.eval_breaker = 1;
    lock.take(mine);
    CHECK(mine.eval_breaker.load() == 0);
    lock.drop(mine);
}

TEST_CASE("Gil.two computing threads take turns, about one switch per interval") {
    Gil lock(2 * millisecond);
    std::deque<ThreadState> states;
    states.emplace_back(0);
    states.emplace_back(1);
    const auto until = std::chrono::steady_clock::now() + 400ms;
    std::vector<std::thread> threads;
    for (ThreadState& state : states) {
        threads.emplace_back([&lock, &state, until] {
            lock.take(state);
            while (std::chrono::steady_clock::now() < until) {
                if (state.eval_breaker.load(std::memory_order_relaxed) == 0) continue;
                lock.drop(state);
                lock.take(state);
            }
            lock.drop(state);
        });
    }
    for (auto& thread : threads) thread.join();
    const auto switches = lock.state().switch_number;
    CHECK(switches >= 20); // 200 would be ideal
    CHECK(switches <= 202);
}
