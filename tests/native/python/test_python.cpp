// gilplay python: the python3 of this machine beside what is simulated and measured, and interpreters that are none.
#include <catch2/catch_test_macros.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "native/base/posix.h"
#include "native/python/program_run.h"
#include "native/python/python_runner.h"
#include "tests/native/schema.h"
#include "tests/native/support.h"

using namespace gil;
using namespace gil::native;
using namespace gil::native::test;
using namespace gil::test;

namespace {

/// A folder of made-up interpreters, gone with this object.
class FakePythons {
  public:
    FakePythons() { REQUIRE(::mkdtemp(folder_.data()) != nullptr); }
    ~FakePythons() { std::filesystem::remove_all(folder_); }
    FakePythons(const FakePythons&) = delete;
    FakePythons& operator=(const FakePythons&) = delete;

    /// A shell script of that name; not executable when `mode` says so.
    std::string make(const std::string& name, const std::string& text, mode_t mode = 0755) const {
        const std::string path = folder_ + "/" + name;
        std::ofstream(path) << text;
        ::chmod(path.c_str(), mode);
        return path;
    }
    [[nodiscard]] const std::string& folder() const { return folder_; }

  private:
    std::string folder_ = "/tmp/gilplay-fakes-XXXXXX";
};

/// Answers the question of `ask_python` as a Python does, and does `then` when it is given a script.
std::string pretends(const std::string& then) {
    return "#!/bin/sh\nif [ \"$1\" = -c ]; then\n"
           "echo '{\"version\": \"3.99.0\", \"implementation\": \"Fake\", \"gil\": null, \"executable\": \"'$0'\"}'\n"
           "exit\nfi\n" +
           then + "\n";
}

long line_count(const std::string& text) {
    return std::count(text.begin(), text.end(), '\n');
}

const std::vector<std::string> quick{"--set", "tasks=2", "--set", "workers=2", "--set", "work_ms=1", "--repeats", "1"};

Finished run_python(const std::string& interpreter, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"python", "cpu-bound", "--interpreter", interpreter};
    arguments.insert(arguments.end(), quick.begin(), quick.end());
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_gilplay(arguments);
}

/// Exit status 1, nothing on standard output, on standard error a line with `reason` and that nothing is left.
void check_no_result(const Finished& finished, const std::string& reason) {
    CAPTURE(finished.err);
    CHECK(finished.status == 1);
    CHECK(finished.out.empty());
    CHECK(line_count(finished.err) == 2);
    CHECK(finished.err.find(reason) != std::string::npos);
    CHECK(finished.err.find("no interpreter gave a result") != std::string::npos);
}

} // namespace

TEST_CASE("gilplay python prints the script, runs it, and puts three origins side by side", "[native][printed]") {
    const TimeLimit limit(300);
    const Finished printed = run_gilplay({"python", "cpu-bound", "--set", "tasks=7", "--print"});
    CHECK(printed.status == 0);
    CHECK(printed.err.empty());
    CHECK(printed.out.find("TASKS = 7\n") != std::string::npos);

    const auto python = some_python();
    if (!python) SKIP("no Python here");
    const Finished json = run_python(python->path, {"--json"});
    CAPTURE(json.err);
    REQUIRE(json.status == 0);
    CHECK(json.err.empty());
    const auto document = parse_json(json.out, "document");
    REQUIRE(document);
    const Json& value = document.value();
    CHECK(value["simulated"]["origin"] == "simulated");
    CHECK(value["measured"]["origin"] == "measured");
    REQUIRE(value["cpython"].size() == 1);
    CHECK(value["cpython"][0]["origin"] == "cpython");
    CHECK(value["cpython"][0]["interpreter"]["path"] == python->path);
    CHECK(value["cpython"][0]["variants"].size() == value["measured"]["variants"].size());
    CHECK(schema_faults(repository_json("docs/python.schema.json"), value).empty());
    const Json schema = repository_json("docs/report.schema.json");
    for (const Json& report : {value["simulated"], value["measured"], value["cpython"][0]}) {
        for (const std::string& fault : schema_faults(schema, report)) {
            INFO(fault);
            CHECK(false);
        }
    }

    // The same Python under two names is run once.
    const FakePythons links;
    const std::string link = links.folder() + "/python3";
    REQUIRE(::symlink(std::filesystem::canonical(python->path).c_str(), link.c_str()) == 0);
    const Finished text = run_python(
        link, {"--interpreter", std::filesystem::canonical(python->path).string(), "--variants", "sequential"});
    CAPTURE(text.out, text.err);
    CHECK(text.status == 0);
    CHECK(text.out.find("/ measured") != std::string::npos);
    CHECK(text.out.find("(2)") == std::string::npos);
}

TEST_CASE("gilplay python tells in one line which Pythons on PATH are none", "[native][printed]") {
    const TimeLimit limit(120);
    const auto python = some_python();
    if (!python) SKIP("no Python here");
    const FakePythons fakes;
    for (const char* name : {"python3.9", "python3.10"})
        fakes.make(name, "#!/bin/sh\necho no such version >&2\nexit 127\n");
    fakes.make("python3.14", "#!/bin/sh\nexec '" + python->path + "' \"$@\"\n");
    std::vector<std::string> arguments{
        "PATH=" + fakes.folder() + ":/bin", gilplay, "python", "cpu-bound", "--variants", "sequential"};
    arguments.insert(arguments.end(), quick.begin(), quick.end());
    const Finished finished = run_program("/usr/bin/env", arguments);
    CAPTURE(finished.err);
    CHECK(finished.status == 0);
    CHECK(line_count(finished.err) == 1);
    CHECK(finished.err.starts_with("note: 2 of "));
    CHECK(finished.err.find("/python3.9: ended with exit code 127: no such version") != std::string::npos);
}

TEST_CASE("gilplay python refuses what is no interpreter before anything runs", "[native]") {
    const TimeLimit limit(120);
    const FakePythons fakes;
    const std::string text = fakes.make("text", "hello", 0644);
    for (const std::string& wrong : {std::string("/nonexistent/python3"), std::string("/"), std::string(""), text,
                                     std::string("no-such-python"), fakes.folder(), text + "/more"}) {
        const Finished finished = run_python(wrong);
        CAPTURE(wrong, finished.err);
        CHECK(finished.status == 2);
        CHECK(finished.out.empty());
        CHECK(line_count(finished.err) == 1);
    }
    for (const char* seconds : {"0", "-1", "x", "1e9", "86401"}) {
        CHECK(run_gilplay({"python", "cpu-bound", "--time-limit", seconds}).status == 2);
    }
    CHECK(run_gilplay({"python"}).status == 2);
    CHECK(run_gilplay({"python", "nonsense"}).status == 2);
    CHECK(run_gilplay({"python", "cpu-bound", "--print", "--json"}).status == 2);
    CHECK(run_gilplay({"python", "cpu-bound", "--repeats", "0"}).status == 2);
}

TEST_CASE("gilplay python says in one line what is wrong with an interpreter", "[native]") {
    const TimeLimit limit(300);
    const FakePythons fakes;
    check_no_result(run_python("/bin/true"), "does not answer as a Python does");
    check_no_result(run_python("/bin/false"), "ended with exit code 1");
    check_no_result(run_python(fakes.make("empty", "")), "cannot be started");
    check_no_result(run_python(fakes.make("lost", "#!/nonexistent/sh\n")), "cannot be started");
    check_no_result(run_python(fakes.make("rubbish", "#!/bin/sh\nprintf '\\377\\n\\n[1,'\n")), "does not answer");
    check_no_result(run_python(fakes.make("loud", "#!/bin/sh\nwhile :; do printf %01000d 0; done\n")),
                    "more than 1 MiB");
    check_no_result(run_python(fakes.make("hangs", "#!/bin/sh\nsleep 1000\n"), {"--time-limit", "1"}),
                    "did not finish within 1 s");
    const std::string old = "#!/bin/sh\necho '{\"version\": \"3.8.1\", \"implementation\": \"CPython\", "
                            "\"executable\": \"/x\"}'\n";
    check_no_result(run_python(fakes.make("old", old)), "need 3.9 or newer");
}

TEST_CASE("gilplay python says in one line each what is wrong with several answers", "[native][printed]") {
    const TimeLimit limit(300);
    const FakePythons fakes;
    const std::vector<std::pair<std::string, std::string>> cases{
        {"echo hello", "is not JSON"},
        {"true", "is empty"},
        {"echo '{\"python\": 3}'", "python"},
        {"echo some words >&2; echo Oops: no >&2; exit 3", "ended with exit code 3"},
        {"kill -9 $$", "SIGKILL"},
        {"exec head -c 100000000 /dev/zero", "more than 4 MiB"},
        {"sleep 1000", "did not finish within 2 s"},
    };
    std::vector<std::string> arguments{"python", "cpu-bound", "--time-limit", "2"};
    for (std::size_t i = 0; i < cases.size(); ++i) {
        arguments.insert(arguments.end(), {"--interpreter", fakes.make(std::to_string(i), pretends(cases[i].first))});
    }
    arguments.insert(arguments.end(), quick.begin(), quick.end());
    const Finished finished = run_gilplay(arguments);
    CAPTURE(finished.err);
    CHECK(finished.status == 1);
    CHECK(finished.out.empty());
    std::istringstream lines(finished.err);
    std::string line;
    for (std::size_t i = 0; i < cases.size(); ++i) {
        std::getline(lines, line);
        CAPTURE(i, line);
        CHECK(line.find(fakes.folder() + "/" + std::to_string(i)) != std::string::npos);
        CHECK(line.find(cases[i].second) != std::string::npos);
    }
    std::getline(lines, line);
    CHECK(line.find("no interpreter gave a result") != std::string::npos);
    CHECK_FALSE(std::getline(lines, line));
}

TEST_CASE("A program is ended with everything that it started", "[native]") {
    const TimeLimit limit(120);
    const std::string mark = "/tmp/gilplay-alive-" + std::to_string(::getpid());
    // Two children: one in the group, one in a session of its own.
    const std::string script = "sleep 998 & setsid sleep 999 & echo $$ > " + mark + "; sleep 997";
    const auto sleepers = [] {
        return processes_where([](const ProcessInfo& info) {
            std::ifstream file("/proc/" + std::to_string(info.pid) + "/cmdline");
            const std::string words{std::istreambuf_iterator<char>(file), {}};
            return info.state != 'Z' && words.find(std::string("sleep\0"
                                                               "99",
                                                               8)) != std::string::npos;
        });
    };
    const ProgramEnd end = run_program({"/bin/sh", "-c", script}, {500 * millisecond, 1'000, -1});
    CHECK(end.kind == ProgramEnd::Kind::too_slow);
    CHECK(std::filesystem::exists(mark));
    CHECK(sleepers().empty());
    const ProgramEnd left = run_program({"/bin/sh", "-c", "sleep 998 & setsid sleep 999 & sleep 0.2"}, {});
    CHECK(left.kind == ProgramEnd::Kind::ended);
    CHECK(sleepers().empty());
    std::filesystem::remove(mark);
}

TEST_CASE("gilplay python leaves nothing behind when it is interrupted or killed", "[native]") {
    const TimeLimit limit(120);
    const FakePythons fakes;
    const std::string mark = fakes.folder() + "/started";
    const std::string python = fakes.make("hangs", "#!/bin/sh\nsleep 996 & echo $! > " + mark + "\nsleep 1000\n");
    for (const int signal : {SIGINT, SIGKILL}) {
        std::filesystem::remove(mark);
        const pid_t child = start_gilplay({"python", "cpu-bound", "--interpreter", python, "--repeats", "1"});
        pid_t sleeper = -1;
        CHECK(eventually([&] {
            std::ifstream(mark) >> sleeper;
            return sleeper > 0;
        }));
        ::kill(child, signal);
        const int status = wait_for_exit(child);
        if (signal == SIGINT) CHECK(WEXITSTATUS(status) == 130);
        CHECK(eventually([&] { return ::kill(sleeper, 0) != 0; }));
    }
}
