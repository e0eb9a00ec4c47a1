#include <catch2/catch_test_macros.hpp>

#include <fcntl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "native/http/delay_server.h"
#include "native/http/loopback_client.h"
#include "tests/native/http/http_client.h"
#include "tests/native/support.h"

using namespace gil;
using namespace gil::native;
using namespace gil::native::test;

TEST_CASE("delay: accepts 0 to 60000 ms and nothing else", "[native][http]") {
    CHECK(parse_delay("0").value() == 0);
    CHECK(parse_delay("0.5").value() == 500 * microsecond);
    CHECK(parse_delay("60000").value() == 60 * second);
    for (const char* bad : {"", "-1", "60001", "1e9", "nan", "inf", "12x", " 5", "0x10", "\xff"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_delay(bad).ok());
    }
}

TEST_CASE("delay server: answers after the time asked for, never before", "[native][http]") {
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

TEST_CASE("delay server: 300 requests of 100 ms at once overlap", "[native][http]") {
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

TEST_CASE("http client: a port without a server is an Error, blocking and not", "[native][http]") {
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

namespace {

/// CPU time of this process, all threads.
Nanoseconds cpu_time() {
    timespec time{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return Nanoseconds{time.tv_sec} * second + time.tv_nsec;
}

/// As long as it lives, this process can open only `free` descriptors more.
class FewDescriptors {
  public:
    explicit FewDescriptors(unsigned free) {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        const UniqueFd next(::open("/dev/null", O_RDONLY | O_CLOEXEC)); // the first of them
        const rlimit fewer{static_cast<rlim_t>(next.get()) + free, before_.rlim_max};
        ::setrlimit(RLIMIT_NOFILE, &fewer);
    }
    ~FewDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }
    FewDescriptors(const FewDescriptors&) = delete;
    FewDescriptors& operator=(const FewDescriptors&) = delete;

  private:
    rlimit before_{};
};

} // namespace

TEST_CASE("delay server: requests of one packet are all answered, in order", "[native][http]") {
    const TimeLimit limit(30);
    auto server = DelayServer::open();
    REQUIRE(server);
    REQUIRE(server.value()->start());
    for (const int count : {1, 2, 3, 10}) {
        CAPTURE(count);
        HttpClient client(server.value()->port());
        std::string packet;
        for (int i = 0; i < count; ++i) {
            packet += "GET /delay?ms=" + std::to_string(i % 2 == 0 ? 20 : -1) + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
        }
        client.send(packet);
        for (int i = 0; i < count; ++i) {
            const auto answer = client.receive();
            CHECK(answer.status == (i % 2 == 0 ? 200 : 400));
            CHECK((answer.field("Connection") == "close") == (i + 1 == count));
        }
        CHECK(client.is_ended(5 * second));
    }
    CHECK(ask(server.value()->port(), "GET /delay?ms=" + std::string(10'000, ' ')).status == 431);
    CHECK(ask(server.value()->port(), "GET / HTTP/1.1\r\n\r\n").status == 404);
}

TEST_CASE("delay server: without descriptors it rests, and answers as soon as there is one", "[native][http]") {
    const TimeLimit limit(60);
    auto server = DelayServer::open();
    REQUIRE(server);
    std::vector<HttpClient> silent;
    for (int i = 0; i < 70; ++i) silent.emplace_back(server.value()->port());
    {
        const FewDescriptors few(40);
        REQUIRE(server.value()->start());
        ::usleep(100'000);
        const Nanoseconds before = cpu_time();
        ::usleep(700'000);
        CHECK(cpu_time() - before < 50 * millisecond); // rounds without rest take all that this thread is given
        // The silent ones have had their second soon.
        silent.back().send("GET /delay?ms=0 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
        CHECK(silent.back().receive().status == 200);
        CHECK(silent.front().is_ended(10 * second));
    }
}

TEST_CASE("delay server: a client that stays silent for ten seconds is left", "[native][http][long][attack]") {
    const TimeLimit limit(60);
    auto server = DelayServer::open();
    REQUIRE(server);
    REQUIRE(server.value()->start());
    HttpClient silent(server.value()->port());
    HttpClient slow(server.value()->port());
    HttpClient waiting(server.value()->port());
    waiting.send("GET /delay?ms=12000 HTTP/1.1\r\n\r\n");
    for (int i = 0; i < 18; ++i) {
        CHECK(slow.send("x"));
        ::usleep(500'000);
    }
    CHECK_FALSE(silent.is_ended(10 * millisecond));
    CHECK(silent.is_ended(5 * second));
    CHECK(slow.is_ended(5 * second));
    CHECK(waiting.receive().status == 200);
}
