#include <catch2/catch_test_macros.hpp>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "native/base/event_loop.h"
#include "native/base/posix.h"
#include "tests/native/support.h"

using namespace gil;
using namespace gil::native;
using namespace gil::native::test;

TEST_CASE("event loop: timers run in the order of their due times, equal ones as asked for", "[native]") {
    const TimeLimit limit(20);
    EventLoop loop;
    std::vector<int> order;
    loop.call_after(20 * millisecond, [&] { order.push_back(3); });
    loop.call_after(0, [&] { order.push_back(1); });
    loop.call_after(0, [&] { order.push_back(2); });
    loop.call_after(30 * millisecond, [&] { loop.stop(); });
    CHECK(order.empty());
    loop.run();
    CHECK(order == std::vector{1, 2, 3});
}

TEST_CASE("event loop: a timer is never early, and late by less than 100 ms", "[native]") {
    const TimeLimit limit(20);
    EventLoop loop;
    for (const Nanoseconds delay : {Nanoseconds{0}, 100 * microsecond, 5 * millisecond, 40 * millisecond}) {
        const Nanoseconds begin = monotonic_now();
        Nanoseconds end = 0;
        loop.call_after(delay, [&] { end = monotonic_now(); });
        loop.run();
        CHECK(end - begin >= delay);
        CHECK(end - begin < delay + 100 * millisecond);
    }
}

TEST_CASE("event loop: a timer that asks for another does not starve descriptors", "[native]") {
    const TimeLimit limit(20);
    EventLoop loop;
    auto pair = socket_pair(SOCK_STREAM);
    REQUIRE(pair);
    int rounds = 0;
    std::function<void()> again = [&] {
        if (++rounds < 1'000'000) loop.call_after(0, again);
    };
    loop.call_after(0, again);
    loop.watch(pair.value().first.get(), POLLIN, [&](short) { loop.stop(); });
    REQUIRE(write_all(pair.value().second.get(), std::vector<std::uint8_t>{1}));
    loop.run();
    CHECK(rounds < 10);
}

TEST_CASE("event loop: a watch may be taken away from inside its own call", "[native]") {
    const TimeLimit limit(20);
    EventLoop loop;
    auto pair = socket_pair(SOCK_STREAM);
    REQUIRE(pair);
    const int fd = pair.value().first.get();
    int calls = 0;
    loop.watch(fd, POLLIN, [&, kept = std::string(100, 'x')](short) {
        loop.unwatch(fd);
        calls += static_cast<int>(kept.size());
    });
    REQUIRE(write_all(pair.value().second.get(), std::vector<std::uint8_t>{1}));
    loop.run(); // nothing is left to wait for after the first call
    CHECK(calls == 100);
}

TEST_CASE("event loop: knows when one descriptor is all that can bring something", "[native]") {
    auto pair = socket_pair(SOCK_STREAM);
    REQUIRE(pair);
    const int one = pair.value().first.get();
    const int other = pair.value().second.get();
    EventLoop loop;
    CHECK_FALSE(loop.waits_only_for(one));
    loop.watch(one, POLLIN, [](short) {});
    CHECK(loop.waits_only_for(one));
    CHECK_FALSE(loop.waits_only_for(other));
    loop.watch(other, POLLIN, [](short) {});
    CHECK_FALSE(loop.waits_only_for(one));
    loop.unwatch(other);
    loop.call_after(0, [&loop] { loop.stop(); });
    CHECK_FALSE(loop.waits_only_for(one));
    loop.run();
    CHECK(loop.waits_only_for(one));
}
