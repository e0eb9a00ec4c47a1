#include "native/site/http_fields.h"

#include <catch2/catch_test_macros.hpp>

#include "native/http/client_waits.h"
#include "native/site/site_headers.h"
#include "tests/native/support.h"

using namespace gil;
using namespace gil::native;
using namespace gil::native::test;

TEST_CASE("http fields: a Host is this computer's or it is not", "[native][http]") {
    for (const char* good : {"127.0.0.1", "127.0.0.1:8000", "localhost", "LocalHost:80", "[::1]", "[::1]:65535"}) {
        CAPTURE(good);
        CHECK(names_loopback(good));
    }
    for (const char* bad : {"", "evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "localhost:80x",
                            "localhost:80:80", "127.0.0.10", "::1", "[::1", "127.0.0.1, evil.example", "0.0.0.0"}) {
        CAPTURE(bad);
        CHECK_FALSE(names_loopback(bad));
    }
}

TEST_CASE("http fields: If-None-Match by RFC 9110: lists, weak tags and *", "[native][http]") {
    const std::string tag = "\"5-1.2\"";
    for (const char* match : {"\"5-1.2\"", "W/\"5-1.2\"", "*", " * ", "\"a\", \"5-1.2\"",
                              "W/\"a,b\" ,W/\"5-1.2\",\"c\"", "\"a,b\",\"5-1.2\""}) {
        CAPTURE(match);
        CHECK(matches_tag(match, tag));
    }
    for (const char* other : {"", "5-1.2", "\"5-1.2", "\"5-1.3\"", "\"a\", *", "\"a, \"5-1.2\"", "W/5-1.2"}) {
        CAPTURE(other);
        CHECK_FALSE(matches_tag(other, tag));
    }
}

TEST_CASE("http fields: Accept-Encoding by RFC 9110: names, qualities and *", "[native][http]") {
    for (const char* good : {"br", "gzip, deflate, br", "gzip;q=1.0, BR;q=0.1", "*", "gzip, *;q=0.5", "br ; q=1"}) {
        CAPTURE(good);
        CHECK(accepts_coding(good, "br"));
    }
    for (const char* bad : {"", "gzip", "brotli", "br;q=0", "br; q=0.000, gzip", "*;q=0", "br;q=0, *", "x-br"}) {
        CAPTURE(bad);
        CHECK_FALSE(accepts_coding(bad, "br"));
    }
}

TEST_CASE("http fields: a path in a redirect is one line, whatever is in it", "[native][http]") {
    CHECK(percent_encoded("/a-b_c.d~/e") == "/a-b_c.d~/e");
    CHECK(percent_encoded("/a b\r\n?#%\xc3\xa9") == "/a%20b%0D%0A%3F%23%25%C3%A9");
}

TEST_CASE("site headers: the section of all paths, and no other", "[native][http]") {
    const auto fields =
        parse_headers_file("# a comment\n/*\n  A: b\n  C: d: e\n/*.wasm\n  Content-Type: x\n\n/*\n  F: g");
    REQUIRE(fields.size() == 3);
    CHECK(fields[1].name == "C");
    CHECK(fields[1].value == "d: e");
    CHECK(fields[2].value == "g");
    CHECK(site_headers(true).size() == parse_headers_file(repository_text("site/_headers")).size());
    CHECK(site_headers(true).size() == site_headers(false).size() + 4);
}

TEST_CASE("client waits: who is overdue is ended, and who has been waited for longest makes room", "[native][http]") {
    ClientWaits waits;
    std::string ended;
    const auto wait = [&](Nanoseconds now, Nanoseconds patience, char name) {
        return waits.begin(now, patience, [&ended, name](ClientWaits::Why why) {
            ended += name;
            ended += why == ClientWaits::Why::too_slow ? '<' : '>';
        });
    };
    CHECK_FALSE(waits.next_due());
    CHECK_FALSE(waits.end_longest(1'000));
    (void)wait(0, 100, 'a');
    const auto b = wait(10, 20, 'b');
    (void)wait(20, 100, 'c');
    (void)wait(30, 20, 'd');
    CHECK(waits.next_due() == 30);
    waits.leave(b);
    CHECK(waits.next_due() == 50);
    waits.end_overdue(49);
    CHECK(ended.empty());
    waits.end_overdue(50);
    CHECK(ended == "d<");
    CHECK(waits.end_longest(0));
    CHECK_FALSE(waits.end_longest(19));
    CHECK(waits.end_longest(20));
    CHECK(ended == "d<a>c>");
    CHECK(waits.count() == 0);
}
