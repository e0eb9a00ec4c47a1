#include <catch2/catch_test_macros.hpp>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <map>
#include <string>
#include <thread>

#include "core/engine/protocol.h"
#include "native/base/posix.h"
#include "native/client/engine_process.h"
#include "tests/native/support.h"

using namespace gil;
using namespace gil::native;
using namespace gil::native::test;

namespace {

EngineProcess::Options with_gilplay() {
    return {gilplay, 0, true};
}

/// The next event of that type; an empty value when none came in time.
Json next_event(EngineProcess& engine, const std::string& type, Nanoseconds patience = 60 * second) {
    const Nanoseconds deadline = monotonic_now() + patience;
    while (monotonic_now() < deadline) {
        const auto event = engine.wait(deadline - monotonic_now());
        if (event && event->value("type", "") == type) return *event;
        if (!event) ::poll(nullptr, 0, 5);
    }
    return Json();
}

/// Two processes that sleep for a minute.
Json long_run(int id) {
    ScenarioRequest request;
    request.id = id;
    request.repeats = 1;
    request.scenario.model = ExecutionModel::processes;
    request.scenario.workers = 2;
    request.scenario.tasks.assign(2, Task{"sleep", {Wait{WaitKind::sleep, 50 * second}}});
    return to_json(Request(request));
}

/// The engine, its forkserver and two workers.
bool wait_for_workers(pid_t group) {
    return eventually([group] { return members_of(group).size() >= 4; }, 60 * second);
}

bool group_gone(pid_t group) {
    return eventually([group] {
        while (::waitpid(-group, nullptr, WNOHANG) > 0) {
        }
        return members_of(group).empty();
    });
}

} // namespace

TEST_CASE("engine process: says ready, runs a scenario, leaves nothing behind", "[native]") {
    const TimeLimit limit(120);
    pid_t group = -1;
    {
        EngineProcess engine(with_gilplay());
        group = engine.pid();
        CHECK(next_event(engine, "ready").is_object());
        ScenarioRequest request;
        request.id = 7;
        request.repeats = 1;
        request.scenario.model = ExecutionModel::processes;
        request.scenario.workers = 2;
        request.scenario.tasks.assign(4, Task{"work", {Compute{Kernel::sum_of_squares, millisecond}}});
        engine.send(to_json(Request(request)));
        const Json result = next_event(engine, "result");
        REQUIRE(result.is_object());
        CHECK(result.value("id", 0) == 7);
        CHECK(event_from_json(result).ok());
    }
    CHECK(members_of(group).empty());
}

TEST_CASE("engine process: killed in a run, it says how, and another one is ready", "[native]") {
    const TimeLimit limit(180);
    EngineProcess engine(with_gilplay());
    const pid_t first = engine.pid();
    REQUIRE(next_event(engine, "ready").is_object());
    engine.send(long_run(1));
    REQUIRE(wait_for_workers(first));
    ::kill(first, SIGKILL);
    const Json failed = next_event(engine, "failed");
    REQUIRE(failed.is_object());
    CHECK(failed.value("id", -1) == 0);
    CHECK(failed.value("reason", "") == "the engine was ended by signal 9 (SIGKILL)");
    CHECK(next_event(engine, "ready").is_object());
    CHECK(engine.pid() != first);
    CHECK(group_gone(first));
}

TEST_CASE("engine process: restart ends a run with all its processes and starts a new engine", "[native]") {
    const TimeLimit limit(180);
    EngineProcess engine(with_gilplay());
    const pid_t first = engine.pid();
    REQUIRE(next_event(engine, "ready").is_object());
    engine.send(long_run(1));
    REQUIRE(wait_for_workers(first));
    const int fd = engine.fd();
    engine.restart();
    CHECK(engine.fd() == fd);
    CHECK(next_event(engine, "ready").is_object());
    CHECK(group_gone(first));
}

TEST_CASE("engine process: after three deaths within 10 s it stays off until restart", "[native]") {
    const TimeLimit limit(60);
    EngineProcess engine({"/bin/false", 0, true});
    for (int death = 1; death <= 3; ++death) {
        const Json failed = next_event(engine, "failed");
        REQUIRE(failed.is_object());
        CAPTURE(failed.dump());
        CHECK(failed.value("reason", "").starts_with("the engine ended with exit code 1"));
        CHECK(failed.value("reason", "").ends_with("stays off until the next run") == (death == 3));
    }
    CHECK(engine.pid() == -1);
    CHECK_FALSE(engine.poll().has_value());
    engine.send(long_run(1)); // dropped silently
    engine.restart();
    CHECK(next_event(engine, "failed").is_object());
}

TEST_CASE("engine process: garbage from the engine is one clear line", "[native]") {
    const TimeLimit limit(60);
    std::string path = "/tmp/gilplay-garbage-XXXXXX";
    const int fd = ::mkstemp(path.data());
    REQUIRE(fd >= 0);
    const std::string script = "#!/bin/sh\nprintf '\\377\\377\\377\\377' >&$2\nsleep 30\n";
    REQUIRE(::write(fd, script.data(), script.size()) == static_cast<ssize_t>(script.size()));
    ::fchmod(fd, 0700);
    ::close(fd);
    {
        EngineProcess engine({path, 0, false});
        const pid_t group = engine.pid();
        const Json failed = next_event(engine, "failed", 20 * second);
        REQUIRE(failed.is_object());
        CHECK(failed.value("reason", "") == "the engine sent garbage: a message above 64 MiB");
        CHECK(group_gone(group));
    }
    ::unlink(path.c_str());
}

TEST_CASE("engine process: garbage to the engine is answered by failed, and the engine goes on", "[native]") {
    const TimeLimit limit(60);
    EngineProcess engine(with_gilplay());
    REQUIRE(next_event(engine, "ready").is_object());
    engine.send(Json{{"type", "nonsense"}});
    CHECK(next_event(engine, "failed").is_object());
    engine.send(Json(42));
    CHECK(next_event(engine, "failed").is_object());
    CHECK(engine.pid() > 0);
}

TEST_CASE("engine process: a front end that is killed takes engine, forkserver and workers with it", "[native]") {
    const TimeLimit limit(180);
    // The orphans become ours, not those of an init that may be slow to reap.
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    int ends[2] = {-1, -1};
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    const pid_t front_end = ::fork();
    REQUIRE(front_end >= 0);
    if (front_end == 0) {
        EngineProcess engine(with_gilplay());
        if (!next_event(engine, "ready").is_object()) ::_exit(1);
        engine.send(long_run(1));
        const pid_t group = engine.pid();
        (void)!::write(ends[1], &group, sizeof group);
        for (;;) (void)engine.wait(second);
    }
    ::close(ends[1]);
    pid_t group = -1;
    REQUIRE(::read(ends[0], &group, sizeof group) == sizeof group);
    ::close(ends[0]);
    CHECK(wait_for_workers(group));
    ::kill(front_end, SIGKILL);
    (void)wait_for_exit(front_end);
    CHECK(group_gone(group));
}

namespace {

/// Processes of that name that descend from this one.
std::vector<pid_t> descendants_named(const std::string& name) {
    std::map<pid_t, pid_t> parents;
    for (const ProcessInfo& info : processes_where([](const ProcessInfo&) { return true; })) {
        parents[info.pid] = info.parent;
    }
    std::vector<pid_t> found;
    for (const auto& [pid, unused] : parents) {
        pid_t ancestor = pid;
        while (ancestor > 1 && ancestor != ::getpid()) ancestor = parents.contains(ancestor) ? parents[ancestor] : 0;
        std::string said;
        std::ifstream file("/proc/" + std::to_string(pid) + "/comm");
        std::getline(file, said);
        if (ancestor == ::getpid() && said == name) found.push_back(pid);
    }
    return found;
}

/// Waits for a process of that name that lives longer than any calibration's, and kills it.
bool kill_one_that_lasts(const std::string& name) {
    std::map<pid_t, Nanoseconds> seen;
    return eventually(
        [&] {
            for (const pid_t pid : descendants_named(name)) {
                const Nanoseconds first = seen.emplace(pid, monotonic_now()).first->second;
                if (monotonic_now() - first > 3 * second) return ::kill(pid, SIGKILL) == 0;
            }
            return false;
        },
        120 * second);
}

} // namespace

TEST_CASE("engine process: a worker that is killed costs its variant, not the run", "[native]") {
    const TimeLimit limit(240);
    Finished finished;
    std::thread run([&finished] {
        finished = run_gilplay({"run", "io-bound", "--json", "--repeats", "1", "--variants", "asyncio,processes",
                                "--set", "tasks=4", "--set", "workers=1", "--set", "wait_ms=1000"});
    });
    const bool killed = kill_one_that_lasts("gil-worker");
    run.join();
    REQUIRE(killed);
    CAPTURE(finished.err);
    REQUIRE(finished.status == 1);
    CHECK(finished.err.find("processes: it failed: ") != std::string::npos);
    const auto report = parse_json(finished.out, "report");
    REQUIRE(report);
    CHECK(report.value()["variants"][0]["wall_ms"]["median"] > 0);
    CHECK(report.value()["variants"][1]["unavailable"].get<std::string>().starts_with("it failed: "));
    CHECK(report.value()["verdict"]["holds"].is_null());
}
