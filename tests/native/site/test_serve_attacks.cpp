// Clients that want `gilplay serve` to fall, or to be there for nobody else.
#include <catch2/catch_test_macros.hpp>

#include <unistd.h>

#include <csignal>
#include <vector>

#include "tests/native/http/http_client.h"
#include "tests/native/site/served_site.h"
#include "tests/native/support.h"

using namespace gil;
using namespace gil::native;
using namespace gil::native::test;

namespace {

constexpr std::size_t mib = 1 << 20;
constexpr long most_resident = 64 * 1'024; // KiB
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(__clang__)
constexpr bool sanitized = true; // clang builds nothing else here; sanitizers have memory of their own
#else
constexpr bool sanitized = false;
#endif

/// The bars that hold under every attack.
void check_alive(const ServedSite& site) {
    // A machine that is busy with other things may take longer once, not three times.
    Nanoseconds took = second;
    for (int i = 0; i < 3 && took >= second; ++i) {
        const Nanoseconds begin = monotonic_now();
        CHECK(get(site.port(), "/").status == 200);
        took = monotonic_now() - begin;
    }
    CHECK(took < second);
    CHECK((sanitized || site.most_resident() < most_resident));
}

/// Slow clients for `time`; a request goes through meanwhile.
void check_crowd(std::size_t wanted, Nanoseconds time) {
    const ServedSite site;
    CHECK(get(site.port(), "/").status == 200);
    const long before = site.resident();
    {
        SlowClients crowd(site.port(), wanted, "GET / HTTP/1.1\r\nX: ");
        CAPTURE(crowd.count());
        const Nanoseconds end = monotonic_now() + time;
        do {
            check_alive(site);
            crowd.drip();
            ::usleep(200'000);
        } while (monotonic_now() < end);
    }
    CHECK(eventually([&] { return sanitized || site.resident() <= 2 * before; }));
    check_alive(site);
}

} // namespace

TEST_CASE("serve under attack: header lines without end are refused after some KB", "[native][http]") {
    const TimeLimit limit(60);
    const ServedSite site;
    CHECK(send_without_end(site.port(), "GET /host.json HTTP/1.1\r\nHost: 127.0.0.1\r\n", "X: y\r\n", 64 * mib) <
          16 * mib);
    check_alive(site);
    CHECK(send_without_end(site.port(), "GET / HTTP/1.1\r\nX: ", std::string(4'096, 'x'), 64 * mib) < 16 * mib);
    check_alive(site);
    CHECK(send_without_end(site.port(), "GET /", std::string(4'096, 'x'), 64 * mib) < 16 * mib);
    check_alive(site);
    CHECK(send_without_end(site.port(), "", std::string(4'096, 'x'), 64 * mib) < 16 * mib);
    check_alive(site);

    CHECK(get(site.port(), "/", "X: " + std::string(10'000, 'x') + "\r\n").status == 200);
    CHECK(get(site.port(), "/", "X: " + std::string(20'000, 'x') + "\r\n").status == 431);
    CHECK(get(site.port(), "/" + std::string(20'000, 'x')).status == 414);
}

TEST_CASE("serve under attack: a body is refused at once", "[native][http]") {
    const TimeLimit limit(60);
    const ServedSite site;
    const std::string chunked = "GET /host.json HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n";
    const std::string long_one = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999999999\r\n\r\n";
    CHECK(ask(site.port(), chunked).status == 413);
    CHECK(ask(site.port(), long_one).status == 413);
    CHECK(ask(site.port(), "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n").status == 200);
    const std::string chunk = "1000\r\n" + std::string(0x1000, 'x') + "\r\n";
    CHECK(send_without_end(site.port(), chunked, chunk, 64 * mib) < 16 * mib);
    check_alive(site);
    CHECK(send_without_end(site.port(), long_one, std::string(0x1000, 'x'), 64 * mib) < 16 * mib);
    check_alive(site);
    CHECK(send_without_end(site.port(),
                           "POST /delay?ms=0 HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n", chunk,
                           64 * mib) < 16 * mib);
    check_alive(site);
}

TEST_CASE("serve under attack: clients that let it wait keep nobody else out", "[native][http]") {
    const TimeLimit limit(120);
    check_crowd(2'000, second);
}

TEST_CASE("serve under attack: 10,000 slow clients for a minute", "[native][http][long][attack]") {
    const TimeLimit limit(240);
    check_crowd(10'000, 60 * second);
}

TEST_CASE("serve under attack: who takes longer than ten seconds for a request is told",
          "[native][http][long][attack]") {
    const TimeLimit limit(60);
    const ServedSite site;
    HttpClient slow(site.port());
    HttpClient silent(site.port());
    slow.send("GET / HTTP/1.1\r\n");
    const Nanoseconds begin = monotonic_now();
    for (int i = 0; i < 40 && slow.send("x"); ++i) ::usleep(500'000);
    CHECK(monotonic_now() - begin > 8 * second);
    CHECK(monotonic_now() - begin < 15 * second);
    CHECK(silent.receive(false, second).status == 408);
    CHECK(silent.is_ended(second));
}

TEST_CASE("serve under attack: more delays than it can keep are refused at once", "[native][http]") {
    const TimeLimit limit(60);
    const ServedSite site;
    std::vector<HttpClient> waiting;
    for (int i = 0; i < 1'100; ++i) {
        waiting.emplace_back(site.port());
        waiting.back().send("GET /delay?ms=2500 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    }
    check_alive(site);
    int done = 0;
    int refused = 0;
    for (HttpClient& client : waiting) {
        const int status = client.receive().status;
        done += status == 200 ? 1 : 0;
        refused += status == 503 ? 1 : 0;
    }
    CHECK(done + refused == 1'100);
    CHECK(done >= 500);
    CHECK(refused > 0);
    check_alive(site);
}

TEST_CASE("serve under attack: clients that leave while they wait keep nobody else from waiting", "[native][http]") {
    const TimeLimit limit(60);
    const ServedSite site;
    {
        std::vector<HttpClient> leaving;
        for (int i = 0; i < 600; ++i) {
            leaving.emplace_back(site.port());
            leaving.back().send("GET /delay?ms=60000 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
        }
        check_alive(site);
    }
    CHECK(eventually([&] { return get(site.port(), "/delay?ms=1").status == 200; }));
}

TEST_CASE("serve under attack: clients that do not take their answers", "[native][http]") {
    const TimeLimit limit(60);
    const ServedSite site;
    const SlowClients crowd(site.port(), 1'500, "GET /large.wasm HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    check_alive(site);
}

TEST_CASE("serve under attack: with few descriptors it is there for the next one too", "[native][http]") {
    const TimeLimit limit(60);
    ServedSite site({.descriptors = 60});
    const SlowClients crowd(site.port(), 70, "");
    check_alive(site);
    CHECK(get(site.port(), "/large.wasm").body.size() == 4 * mib);
    CHECK(site.ended_by(SIGINT, 2 * second) == 0);
}
