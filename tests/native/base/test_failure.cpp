// What the system refuses: threads, processes, memory. One line and status 1; what could be measured is kept.
#include <catch2/catch_test_macros.hpp>

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <new>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include "core/base/json.h"
#include "native/base/failure.h"
#include "native/base/posix.h"
#include "tests/native/ordinary_user.h"
#include "tests/native/support.h"
#include "tests/native/terminal.h"

using namespace gil;
using namespace gil::native;
using namespace gil::native::test;

namespace {

template<class Exception>
std::string words_for(const Exception& exception) {
    return describe_exception(std::make_exception_ptr(exception)).line();
}

/// Lines of standard error, each of which is the program's own.
int told_lines(const Finished& finished) {
    int lines = 0;
    std::string_view left = finished.err;
    while (!left.empty()) {
        const std::size_t end = left.find('\n');
        CAPTURE(finished.err);
        CHECK(left.starts_with("gilplay: "));
        CHECK(end != std::string_view::npos);
        left.remove_prefix(std::min(left.size(), end == std::string_view::npos ? left.size() : end + 1));
        ++lines;
    }
    return lines;
}

/// Status 1 and one line.
void check_failed(const Finished& finished, const std::string& words) {
    CAPTURE(finished.err, finished.out.substr(0, 300));
    CHECK(finished.status == 1);
    CHECK(told_lines(finished) == 1);
    CHECK(finished.err.find(words) != std::string::npos);
}

/// A file with a scenario, gone with this object. Everybody may read it.
class ScenarioFile {
  public:
    explicit ScenarioFile(const std::string& text) {
        std::ofstream(path_) << text;
        std::filesystem::permissions(path_, std::filesystem::perms(0644));
    }
    ~ScenarioFile() { std::filesystem::remove(path_); }
    ScenarioFile(const ScenarioFile&) = delete;
    ScenarioFile& operator=(const ScenarioFile&) = delete;
    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    std::string path_ = std::filesystem::temp_directory_path() / ("gilplay-scenario-" + std::to_string(::getpid()));
};

int failing(const char* what) {
    throw std::runtime_error(what);
}

} // namespace

TEST_CASE("failure: an exception is told in words", "[native][failure]") {
    CHECK(words_for(std::bad_alloc()) == "there is not enough memory");
    CHECK(words_for(std::system_error(EAGAIN, std::generic_category())) ==
          "no thread can be started: Resource temporarily unavailable");
    CHECK(words_for(std::filesystem::filesystem_error("x", "/some/where",
                                                      std::error_code(EACCES, std::generic_category()))) ==
          "/some/where: cannot be used: Permission denied");
    CHECK(words_for(std::runtime_error("why")) == "failed unexpectedly: why");
    CHECK(words_for(42) == "failed unexpectedly");
    CHECK(std::string(describe_exit(112 << 8)) == "ran out of memory");
}

TEST_CASE("failure: what escapes from anywhere is status 1 and one line, or a status that its parent knows",
          "[native][failure]") {
    const auto run_child = [](const std::string& what) {
        // This test program again, as a child that fails in that way.
        return run_program("/proc/self/exe", {"[escape-" + what + "]"});
    };
    for (const char* how : {"main", "noexcept", "memory"}) {
        const Finished finished = run_child(how);
        CAPTURE(how, finished.err);
        CHECK(finished.status == 1);
        CHECK(finished.err.starts_with("gilplay: "));
        CHECK(std::count(finished.err.begin(), finished.err.end(), '\n') == 1);
    }
    CHECK(run_child("status").status == 113);
}

// Hidden: each ends the program, and is run by the case above.
TEST_CASE("escape: main", "[.escape-main]") {
    ::_exit(run_guarded([](int, char**) { return failing("why"); }, 0, nullptr));
}
TEST_CASE("escape: noexcept", "[.escape-noexcept]") {
    (void)run_guarded([](int, char**) { return []() noexcept { return failing("why"); }(); }, 0, nullptr);
}
TEST_CASE("escape: memory", "[.escape-memory]") {
    ::_exit(run_guarded([](int, char**) -> int { throw std::bad_alloc(); }, 0, nullptr));
}
TEST_CASE("escape: status", "[.escape-status]") {
    fail_by_status();
    ::_exit(
        run_guarded([](int, char**) -> int { throw std::system_error(EAGAIN, std::generic_category()); }, 0, nullptr));
}

TEST_CASE("failure: without threads or processes a run ends with words", "[native][failure][long]") {
    const TimeLimit limit(200);
    if (is_sanitized) SKIP("sanitizers start threads of their own");
    const OrdinaryUser user;
    if (!user.missing().empty()) SKIP(user.missing());
    for (const int most : {1, 2, 3, 4, 6}) {
        const Finished finished =
            user.run("ulimit -u " + std::to_string(most), "run cpu-bound --repeats 1 --set work_ms=5");
        CAPTURE(most, finished.status, finished.err);
        CHECK(finished.status == 1);
        CHECK(told_lines(finished) >= 1);
    }
    check_failed(user.run("ulimit -u 1", "run cpu-bound"), "the engine could not be started: Resource temporarily");
}

TEST_CASE("failure: without a thread for the delay server its waits are unavailable", "[native][failure]") {
    const TimeLimit limit(100);
    if (is_sanitized || ::geteuid() != 0) SKIP("only a user without other processes has exactly so many");
    const OrdinaryUser user;
    if (!user.missing().empty()) SKIP(user.missing());
    const ScenarioFile waits(
        R"({"model": "asyncio", "tasks": [{"name": "a", "steps": [{"wait": {"kind": "http", "ms": 5}}]}]})");
    // gilplay and its engine.
    const Finished refused = user.run("ulimit -u 2", "scenario " + waits.path() + " --repeats 1");
    CAPTURE(refused.err);
    CHECK(refused.status == 2);
    CHECK(told_lines(refused) == 1);
    CHECK(refused.err.find("no server could be started on loopback") != std::string::npos);
}

TEST_CASE("failure: files as io without threads for them fail their variant, and the engine goes on",
          "[native][failure][long]") {
    const TimeLimit limit(100);
    if (is_sanitized) SKIP("sanitizers start threads of their own");
    const OrdinaryUser user;
    if (!user.missing().empty()) SKIP(user.missing());
    const ScenarioFile files(
        R"({"model": "asyncio", "tasks": [{"name": "a", "count": 32, "steps": [{"wait": {"kind": "file", "ms": 20}}]}]})");
    check_failed(user.run("ulimit -u 8", "scenario " + files.path() + " --repeats 1"), "no thread can be started");
    if (::geteuid() != 0) return;
    const Finished run =
        user.run("ulimit -u 8", "run io-bound --set io=file --set wait_ms=5 --set tasks=32 --repeats 1 --json "
                                "--variants sequential,asyncio");
    CAPTURE(run.err);
    CHECK(run.status == 1);
    CHECK(told_lines(run) == 1);
    const auto report = parse_json(run.out, "report");
    REQUIRE(report);
    CHECK(report.value()["variants"].size() == 2);
    CHECK(report.value()["variants"][0].contains("wall_ms"));
}

TEST_CASE("failure: a simulation on a terminal needs no thread", "[native][failure]") {
    const TimeLimit limit(100);
    if (is_sanitized) SKIP("sanitizers start threads of their own");
    const OrdinaryUser user;
    if (!user.missing().empty()) SKIP(user.missing());
    const std::vector<std::string> words = user.command("ulimit -u 1", "simulate cpu-bound");
    OnTerminal terminal(words.front(), {words.begin() + 1, words.end()});
    std::string said;
    CHECK(terminal.finish(said) == 0);
    CHECK(said.find("sequential") != std::string::npos);
}

TEST_CASE("failure: a window without the thread that watches its engine is status 1 and one line",
          "[native][failure]") {
    const TimeLimit limit(100);
    if (is_sanitized) SKIP("sanitizers start threads of their own");
    const OrdinaryUser user;
    if (!user.missing().empty()) SKIP(user.missing());
    const std::string drawn = "export SDL_VIDEODRIVER=offscreen HOME=" + user.folder() + "; ";
    if (user.run(drawn, "desktop --frames 2").status != 0) SKIP("no window can be drawn here");
    for (const int most : {2, 4}) {
        check_failed(user.run(drawn + "ulimit -u " + std::to_string(most), "desktop --frames 2"),
                     "no thread can be started");
    }
}

TEST_CASE("failure: without memory a command ends with one line", "[native][failure][long]") {
    const TimeLimit limit(200);
    if (is_sanitized) SKIP("sanitizers reserve more than any limit");
    const auto run = [](int kib, const std::string& words) {
        return run_program("/bin/bash", {"-c", "ulimit -v " + std::to_string(kib) + "; exec " + gilplay + " " + words});
    };
    std::string many = R"({"model": "asyncio", "tasks": [{"name": "a", "steps": [{"wait": {"kind": "sleep", "ms": 1}})";
    for (int i = 0; i < 400'000; ++i) many += R"(,{"wait": {"kind": "sleep", "ms": 1}})";
    const ScenarioFile large(many + "]}]}");
    // Reading it takes several hundred megabytes.
    check_failed(run(120'000, "scenario --simulate " + large.path()), "there is not enough memory");
    const ScenarioFile counts(R"({"model": "threads", "workers": 2, "tasks": [{"name": "a", "count": 10000, "steps": [)"
                              R"({"compute": {"ms": 500}}, {"wait": {"kind": "sleep", "ms": 1}}]}]})");
    const Finished finished = run(60'000, "scenario --simulate --json " + counts.path());
    CAPTURE(finished.err);
    CHECK(finished.status < 128);
}
