#include <catch2/catch_test_macros.hpp>

#include "native/delay_server.h"
#include "native/loopback_client.h"
#include "tests/native/support.h"

using namespace gil;
using namespace gil::native;
using namespace gil::native::test;

TEST_CASE("delay: accepts 0 to 60000 ms and nothing else", "[native]") {
    CHECK(parse_delay("0").value() == 0);
    CHECK(parse_delay("0.5").value() == 500 * microsecond);
    CHECK(parse_delay("60000").value() == 60 * second);
    for (const char* bad : {"", "-1", "60001", "1e9", "nan", "inf", "12x", " 5", "0x10", "\xff"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_delay(bad).ok());
    }
}

TEST_CASE("delay server: answers after the time asked for, never before", "[native]") {
    const TimeLimit limit(30);
    auto server = DelayServer::open();
    REQUIRE(server);
    REQUIRE(server.value()->start());
    for (const Nanoseconds delay : {Nanoseconds{0}, 30 * millisecond}) {
        const Nanoseconds begin = monotonic_now();
        REQUIRE(loopback_wait(WaitKind::http, server.value()->port(), delay));
        CHECK(monotonic_now() - begin >= delay);
        CHECK(monotonic_now() - begin < delay + 2 * second);
    }
}

TEST_CASE("delay server: 300 requests of 100 ms at once overlap", "[native]") {
    const TimeLimit limit(60);
    auto server = DelayServer::open();
    REQUIRE(server);
    REQUIRE(server.value()->start());
    EventLoop loop;
    int answered = 0;
    const Nanoseconds begin = monotonic_now();
    for (int i = 0; i < 300; ++i) {
        loopback_wait_async(loop, WaitKind::http, server.value()->port(), 100 * millisecond,
                            [&](const Result<Nothing>& result) {
                                CHECK(result.ok());
                                ++answered;
                            });
    }
    CHECK(answered == 0);
    REQUIRE(run_until(loop, [&] { return answered == 300; }));
    CHECK(monotonic_now() - begin >= 100 * millisecond);
    CHECK(monotonic_now() - begin < 5 * second); // one after another: 30 s
}

TEST_CASE("http client: a port without a server is an Error, blocking and not", "[native]") {
    const TimeLimit limit(30);
    int port = 0;
    {
        auto server = DelayServer::open();
        REQUIRE(server);
        port = server.value()->port();
    }
    CHECK_FALSE(loopback_wait(WaitKind::http, port, 0).ok());
    EventLoop loop;
    bool failed = false;
    loopback_wait_async(loop, WaitKind::http, port, 0, [&](const Result<Nothing>& result) { failed = !result.ok(); });
    CHECK(run_until(loop, [&] { return failed; }));
}
