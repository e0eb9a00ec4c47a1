// Runs that end early: by Ctrl-C, which keeps what has been measured, and by an engine that somebody has stopped.
#include <catch2/catch_test_macros.hpp>

#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>

#include "native/base/posix.h"
#include "tests/native/schema.h"
#include "tests/native/support.h"
#include "tests/native/terminal.h"

using namespace gil;
using namespace gil::native;
using namespace gil::native::test;
using gil::test::schema_faults;

namespace {

/// The processes under `ancestor` that have this name.
std::vector<pid_t> named_under(pid_t ancestor, const std::string& name) {
    std::vector<pid_t> found;
    for (const ProcessInfo& child : children_of(ancestor)) {
        std::string said;
        std::ifstream file("/proc/" + std::to_string(child.pid) + "/comm");
        std::getline(file, said);
        if (said == name) found.push_back(child.pid);
        for (const pid_t more : named_under(child.pid, name)) found.push_back(more);
    }
    return found;
}

/// The first process of that name under this one, once there is one; -1: none came.
pid_t wait_for_one(const std::string& name) {
    pid_t found = -1;
    (void)eventually([&] {
        const auto named = named_under(::getpid(), name);
        if (!named.empty()) found = named.front();
        return found > 0;
    });
    return found;
}

class ShortLimits {
  public:
    explicit ShortLimits(const char* ms) { ::setenv("GILPLAY_LIMIT_MS", ms, 1); }
    ~ShortLimits() { ::unsetenv("GILPLAY_LIMIT_MS"); }
    ShortLimits(const ShortLimits&) = delete;
    ShortLimits& operator=(const ShortLimits&) = delete;
};

class ScratchFile {
  public:
    ScratchFile() {
        const int fd = ::mkstemp(path.data());
        REQUIRE(fd >= 0);
        ::close(fd);
    }
    ~ScratchFile() { ::unlink(path.c_str()); }
    ScratchFile(const ScratchFile&) = delete;
    ScratchFile& operator=(const ScratchFile&) = delete;

    [[nodiscard]] std::string text() const {
        std::ifstream file(path);
        return {std::istreambuf_iterator<char>(file), {}};
    }

    std::string path = "/tmp/gilplay-stopped-XXXXXX";
};

/// A run of many short repeats, whose standard output goes to `file`.
std::string long_run(const std::string& options, const std::string& file) {
    return "exec " + gilplay +
           " run io-bound --variants sequential,asyncio --set tasks=2 --set wait_ms=10 --repeats 100 " + options +
           " > " + file;
}

} // namespace

TEST_CASE("stopped: Ctrl-C prints what has been measured, says so, and ends with 130", "[native]") {
    const TimeLimit limit(120);
    const ScratchFile file;
    OnTerminal terminal("/bin/sh", {"-c", long_run("--json", file.path)});
    // Four counted runs of each after the warm-ups.
    CHECK(terminal.until("running sequential, 10 of 202").find("10 of 202") != std::string::npos);
    terminal.type("\x03");
    std::string said;
    CHECK(terminal.finish(said) == 128 + SIGINT);
    CHECK(said.find("interrupted; the report has what was measured by then") != std::string::npos);
    const auto json = parse_json(file.text(), "standard output");
    REQUIRE(json);
    for (const std::string& fault : schema_faults(repository_json("docs/report.schema.json"), json.value())) {
        INFO(fault);
        CHECK(false);
    }
    CHECK(json.value()["stopped"] == true);
    REQUIRE(json.value()["variants"].size() == 2);
    for (const Json& variant : json.value()["variants"]) {
        CHECK(variant["wall_ms"]["samples"] >= 4);
        CHECK(variant["wall_ms"]["samples"] < 100);
        CHECK(variant["outputs_ok"] == true);
    }
}

TEST_CASE("stopped: a table of a stopped run says that it cannot be judged", "[native]") {
    const TimeLimit limit(120);
    const ScratchFile file;
    OnTerminal terminal("/bin/sh", {"-c", "exec " + gilplay +
                                              " run io-bound --variants sequential,processes --set tasks=4 --set "
                                              "wait_ms=400 --set workers=1 --repeats 1 > " +
                                              file.path});
    CHECK(terminal.until("running processes").find("running processes") != std::string::npos);
    terminal.type("\x03");
    std::string said;
    CHECK(terminal.finish(said) == 128 + SIGINT);
    CAPTURE(file.text());
    CHECK(file.text().find("Cannot be judged: the run was stopped.") != std::string::npos);
    CHECK(file.text().find("By then 1 of 2 variants had been measured.") != std::string::npos);
    CHECK(file.text().find("the run was stopped before it was measured") != std::string::npos);
}

TEST_CASE("stopped: Ctrl-C before anything was measured prints nothing but that", "[native]") {
    const TimeLimit limit(120);
    const ScratchFile file;
    OnTerminal terminal("/bin/sh", {"-c", long_run("--json", file.path)});
    CHECK(terminal.until("calibrating").find("calibrating") != std::string::npos);
    terminal.type("\x03");
    std::string said;
    CHECK(terminal.finish(said) == 128 + SIGINT);
    CHECK(said.find("gilplay: interrupted\r\n") != std::string::npos);
    CHECK(file.text().empty());
}

TEST_CASE("stopped: an engine that somebody stopped is told of, taken back, told of again and ended at last",
          "[native][long]") {
    const TimeLimit limit(120);
    const ShortLimits limits("2400");
    Finished finished;
    std::thread run([&finished] {
        finished = run_gilplay({"run", "io-bound", "--variants", "asyncio", "--set", "tasks=2", "--set", "wait_ms=2000",
                                "--repeats", "100"});
    });
    const pid_t engine = wait_for_one("gil-engine");
    if (engine > 0) {
        ::kill(engine, SIGSTOP);
        ::poll(nullptr, 0, 1'500);
        ::kill(engine, SIGCONT);
        ::poll(nullptr, 0, 1'000);
        ::kill(engine, SIGSTOP);
    }
    run.join();
    REQUIRE(engine > 0);
    CHECK(finished.status == 1);
    CAPTURE(finished.err);
    CHECK(finished.err.find("note: the engine has been stopped from outside for 0.8 s\nnote: the engine goes on\n") !=
          std::string::npos);
    CHECK(finished.err.ends_with("note: the engine has been stopped from outside for 0.8 s\n"
                                 "gilplay: the engine was stopped from outside and did not go on within 2.4 s\n"));
    CHECK(named_under(::getpid(), "gil-engine").empty());
}
