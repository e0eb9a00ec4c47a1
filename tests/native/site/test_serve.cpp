// `gilplay serve` as a browser sees it.
#include <catch2/catch_test_macros.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "native/site/site_headers.h"
#include "tests/native/http/http_client.h"
#include "tests/native/site/served_site.h"
#include "tests/native/support.h"

using namespace gil;
using namespace gil::native;
using namespace gil::native::test;

namespace {

void check_headers(const HttpClient::Answer& answer, bool isolation) {
    CAPTURE(answer.head);
    for (const HeaderField& field : site_headers(isolation)) CHECK(answer.field(field.name) == field.value);
    CHECK(answer.field("Cross-Origin-Opener-Policy").empty() != isolation);
}

} // namespace

TEST_CASE("serve: files, folders, brotli, what is not there", "[native][http]") {
    const TimeLimit limit(60);
    const ServedSite site;
    const auto page = get(site.port(), "/");
    CHECK(page.status == 200);
    CHECK(page.body == "<!doctype html><title>a page</title>");
    CHECK(page.field("Content-Type") == "text/html; charset=utf-8");
    CHECK(page.field("Vary") == "Accept-Encoding");

    CHECK(get(site.port(), "/sub/").body == "<!doctype html><title>a folder</title>");
    const auto folder = get(site.port(), "/sub");
    CHECK(folder.status == 301);
    CHECK(folder.field("Location") == "/sub/");

    CHECK(get(site.port(), "/a.txt").body == "plain");
    const auto packed = get(site.port(), "/a.txt", "Accept-Encoding: gzip, br\r\n");
    CHECK(packed.body == "packed");
    CHECK(packed.field("Content-Encoding") == "br");
    CHECK(packed.field("Content-Type") == "text/plain; charset=utf-8");
    CHECK(get(site.port(), "/a.txt", "Accept-Encoding: br;q=0\r\n").body == "plain");

    const auto large = get(site.port(), "/large.wasm");
    CHECK(large.field("Content-Type") == "application/wasm");
    CHECK(large.body == std::string(4 << 20, 'w'));

    const auto head = ask(site.port(), "HEAD /large.wasm HTTP/1.1\r\nHost: localhost\r\n\r\n");
    CHECK(head.status == 200);
    CHECK(head.field("Content-Length") == std::to_string(4 << 20));

    for (const char* path :
         {"/none", "/../secret", "/%2e%2e/secret", "/a.txt%00.html", "//etc/passwd", "/sub/../../x"}) {
        CAPTURE(path);
        CHECK(get(site.port(), path).status == 404);
    }
    const auto post = ask(site.port(), "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\n\r\nx");
    CHECK(post.status == 405);
    CHECK(post.field("Allow") == "GET, HEAD");
    CHECK(get(site.port(), "/host.json").body == "{\"delay\": \"delay\"}\n");
}

TEST_CASE("serve: what leads out of the site is not there, packed or plain", "[native][http]") {
    const TimeLimit limit(60);
    const ServedSite site;
    std::ofstream(site.folder() + "/secret") << "secret";
    std::ofstream(site.root() + "/b.txt") << "plain";
    std::filesystem::create_symlink("../secret", site.root() + "/link.txt");
    std::filesystem::create_symlink("../secret", site.root() + "/b.txt.br");
    std::filesystem::create_symlink("a.txt", site.root() + "/inside.txt");
    CHECK(get(site.port(), "/link.txt").status == 404);
    CHECK(get(site.port(), "/inside.txt").body == "plain");
    const auto packed = get(site.port(), "/b.txt", "Accept-Encoding: br\r\n");
    CHECK(packed.body == "plain");
    CHECK(packed.field("Content-Encoding").empty());
}

TEST_CASE("serve: every answer has the header fields of site/_headers", "[native][http]") {
    const TimeLimit limit(60);
    const ServedSite site;
    CHECK_FALSE(get(site.port(), "/").field("Content-Security-Policy").empty());
    const std::string tag = get(site.port(), "/").field("ETag");
    for (const char* path :
         {"/", "/sub", "/a.txt", "/large.wasm", "/none", "/host.json", "/delay?ms=0", "/delay?ms=x"}) {
        CAPTURE(path);
        check_headers(get(site.port(), path), true);
    }
    check_headers(get(site.port(), "/", "If-None-Match: " + tag + "\r\n"), true);
    check_headers(ask(site.port(), "HEAD / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"), true);
    check_headers(ask(site.port(), "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"), true);
    check_headers(ask(site.port(), "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n"), true);

    const ServedSite bare({.arguments = {"--no-isolation"}});
    check_headers(get(bare.port(), "/"), false);
}

TEST_CASE("serve: answers only to the names of this computer", "[native][http]") {
    const TimeLimit limit(60);
    const ServedSite site;
    const auto status = [&](const std::string& lines, const std::string& version = "1.1") {
        return ask(site.port(), "GET / HTTP/" + version + "\r\n" + lines + "\r\n").status;
    };
    for (const char* host : {"127.0.0.1", "localhost:8000", "[::1]:1"}) {
        CAPTURE(host);
        CHECK(status("Host: " + std::string(host) + "\r\n") == 200);
    }
    CHECK(status("Host: evil.example\r\n") == 421);
    CHECK(status("Host: 127.0.0.1.evil.example:8000\r\n") == 421);
    CHECK(status("Host: 127.0.0.1\r\nHost: evil.example\r\n") == 421);
    CHECK(status("") == 400);
    CHECK(status("", "1.0") == 200); // no browser: those always name a host
}

TEST_CASE("serve: a request of HTTP/1.1 without Host is refused once, one of HTTP/1.0 is answered", "[native][http]") {
    const TimeLimit limit(60);
    const ServedSite site;
    const auto refused = ask(site.port(), "GET / HTTP/1.1\r\n\r\n");
    CHECK(refused.status == 400);
    CHECK(refused.body == "a request needs the header Host\n");
    check_headers(refused, true);
    CHECK(ask(site.port(), "GET / HTTP/1.0\r\n\r\n").status == 200);
}

TEST_CASE("serve: If-None-Match takes lists, weak tags and *", "[native][http]") {
    const TimeLimit limit(60);
    const ServedSite site;
    const std::string tag = get(site.port(), "/").field("ETag");
    REQUIRE(tag.size() > 2);
    const auto status = [&](const std::string& field) { return get(site.port(), "/", field).status; };
    CHECK(status("If-None-Match: " + tag + "\r\n") == 304);
    CHECK(status("If-None-Match: W/" + tag + "\r\n") == 304);
    CHECK(status("If-None-Match: \"x\", " + tag + "\r\n") == 304);
    CHECK(status("If-None-Match: \"x\"\r\nIf-None-Match: " + tag + "\r\n") == 304);
    CHECK(status("If-None-Match: *\r\n") == 304);
    CHECK(status("If-None-Match: \"x\"\r\n") == 200);
    CHECK(get(site.port(), "/none", "If-None-Match: *\r\n").status == 404);
}

TEST_CASE("serve: requests of one packet are all answered, in order", "[native][http]") {
    const TimeLimit limit(60);
    const ServedSite site;
    for (const int count : {2, 3, 10}) {
        CAPTURE(count);
        HttpClient client(site.port());
        std::string packet;
        for (int i = 0; i < count; ++i) {
            const char* path = i % 3 == 0 ? "/a.txt" : i % 3 == 1 ? "/delay?ms=20" : "/host.json";
            packet += "GET " + std::string(path) + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
        }
        client.send(packet);
        for (int i = 0; i < count; ++i) {
            const auto answer = client.receive();
            CHECK(answer.status == 200);
            CHECK(answer.body == (i % 3 == 0 ? "plain" : i % 3 == 1 ? "done\n" : "{\"delay\": \"delay\"}\n"));
        }
    }
}

TEST_CASE("serve: ends within two seconds, whatever its clients do", "[native][http]") {
    const TimeLimit limit(60);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        CAPTURE(signal);
        ServedSite site;
        HttpClient slow(site.port());
        HttpClient waiting(site.port());
        HttpClient taking(site.port());
        slow.send("GET / HTTP/1.1\r\nX: ");
        waiting.send("GET /delay?ms=60000 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
        taking.send("GET /large.wasm HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
        REQUIRE(get(site.port(), "/").status == 200);
        CHECK(site.ended_by(signal, 2 * second) == 0);
        CHECK(waiting.receive().status == 503);
    }
}

TEST_CASE("serve: a signal that was ignored when it started stays ignored", "[native][http]") {
    const TimeLimit limit(60);
    ServedSite site({.ignored = {SIGHUP, SIGINT}});
    CHECK_FALSE(site.ended_by(SIGHUP, 200 * millisecond));
    CHECK_FALSE(site.ended_by(SIGINT, 200 * millisecond));
    CHECK(get(site.port(), "/").status == 200);
    CHECK(site.ended_by(SIGTERM, 2 * second) == 0);
}
