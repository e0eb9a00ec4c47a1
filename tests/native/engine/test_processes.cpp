#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <memory>
#include <optional>

#include "core/base/text.h"
#include "core/measure/measure.h"
#include "core/measure/program.h"
#include "core/scenario/patience.h"
#include "native/base/posix.h"
#include "native/engine/native_host.h"
#include "tests/native/support.h"

using namespace gil;
using namespace gil::native;
using namespace gil::native::test;

namespace {

using MeasuredRun = Result<Run>;

void reap_strays() {
    while (::waitpid(-1, nullptr, WNOHANG) > 0) {
    }
}

struct Bench {
    // Orphans of an earlier test are ours to reap when another test made this process a subreaper.
    Bench() : host(NativeHost::Options{gilplay, 0}, nullptr) { reap_strays(); }

    /// Runs to the end; nothing when that took longer than `patience`.
    std::optional<MeasuredRun> run(const Scenario& scenario, Nanoseconds patience = 60 * second) {
        std::optional<MeasuredRun> result;
        start(scenario, result);
        (void)run_until(
            host.loop(), [&] { return result.has_value(); }, patience);
        return result;
    }
    void start(const Scenario& scenario, std::optional<MeasuredRun>& result) {
        measure_once(host, scenario, Speeds{}, [&](MeasuredRun answer) { result = std::move(answer); });
        CHECK_FALSE(result.has_value()); // never from inside the call
    }

    NativeHost host;
};

/// Our children but the forkservers, which live as long as their host.
std::vector<ProcessInfo> leftovers() {
    std::vector<ProcessInfo> left;
    for (const ProcessInfo& child : children_of(::getpid())) {
        if (child.state == 'Z') left.push_back(child);
        for (const ProcessInfo& worker : children_of(child.pid)) left.push_back(worker);
    }
    return left;
}

} // namespace

TEST_CASE("processes: each start method runs every job and gives the right outputs, in order", "[native]") {
    const TimeLimit limit(120);
    const StartMethod method = GENERATE(StartMethod::fork, StartMethod::forkserver, StartMethod::spawn);
    const int workers = GENERATE(1, 2, 3, 7, 16);
    CAPTURE(to_string(method), workers);
    Bench bench;
    const Scenario scenario = make_processes(method, workers, 2, 0.5, 0.5);
    const auto result = bench.run(scenario);
    REQUIRE(result.has_value());
    REQUIRE(result->ok());
    const Run& run = result->value();
    CHECK(run.trace.lanes.size() == static_cast<std::size_t>(workers));
    CHECK(find_fault(run.trace) == "");
    CHECK(outputs_are_right(scenario, Speeds{}, run.outputs));
    CHECK(leftovers().empty());
}

TEST_CASE("processes: a job and an outcome of thousands of tasks cross without a deadlock", "[native]") {
    const TimeLimit limit(120);
    const StartMethod method = GENERATE(StartMethod::fork, StartMethod::forkserver, StartMethod::spawn);
    CAPTURE(to_string(method));
    Bench bench;
    const Scenario scenario = make_processes(method, 2, 5'000, 0.0001, 0);
    const auto result = bench.run(scenario);
    REQUIRE(result.has_value());
    REQUIRE(result->ok());
    CHECK(outputs_are_right(scenario, Speeds{}, result->value().outputs));
    CHECK(leftovers().empty());
}

TEST_CASE("processes: a worker killed in its job is an Error that names the signal; the others end", "[native]") {
    const TimeLimit limit(120);
    const StartMethod method = GENERATE(StartMethod::fork, StartMethod::forkserver, StartMethod::spawn);
    CAPTURE(to_string(method));
    Bench bench;
    std::optional<MeasuredRun> result;
    bench.start(make_processes(method, 3, 1, 0, 50'000), result);

    const auto workers = [&] {
        if (method != StartMethod::forkserver) return children_of(::getpid());
        const auto servers = children_of(::getpid());
        return servers.empty() ? servers : children_of(servers.front().pid);
    };
    REQUIRE(run_until(bench.host.loop(), [&] { return workers().size() == 3; }));
    CHECK_FALSE(result.has_value());
    pid_t second_started = 0;
    for (const ProcessInfo& worker : workers()) second_started = std::max(second_started, worker.pid);
    REQUIRE(::kill(second_started, SIGKILL) == 0);
    REQUIRE(run_until(bench.host.loop(), [&] { return result.has_value(); }));
    REQUIRE_FALSE(result->ok());
    CHECK(result->error().line().starts_with("process "));
    CHECK(result->error().line().ends_with(": was ended by signal 9 (SIGKILL)"));
    CHECK(workers().empty());
    CHECK(leftovers().empty());

    // The host still works.
    const auto again = bench.run(make_processes(method, 1, 1, 0.1, 0));
    REQUIRE(again.has_value());
    CHECK(again->ok());
}

TEST_CASE("processes: a forkserver that was killed is started again for the next run", "[native]") {
    const TimeLimit limit(60);
    Bench bench;
    auto first = bench.run(make_processes(StartMethod::forkserver, 1, 1, 0.1, 0));
    REQUIRE(first.has_value());
    REQUIRE(first->ok());
    const auto servers = children_of(::getpid());
    REQUIRE(servers.size() == 1);

    std::optional<MeasuredRun> result;
    bench.start(make_processes(StartMethod::forkserver, 1, 1, 0, 50'000), result);
    REQUIRE(run_until(bench.host.loop(), [&] { return children_of(servers[0].pid).size() == 1; }));
    REQUIRE(::kill(servers[0].pid, SIGKILL) == 0);
    REQUIRE(run_until(bench.host.loop(), [&] { return result.has_value(); }));
    REQUIRE_FALSE(result->ok());
    CHECK(result->error().line() == "process 1: was ended by signal 9 (SIGKILL)");

    // Its worker was orphaned: init's to reap, or ours where this process is a subreaper.
    CHECK(eventually([] {
        reap_strays();
        return children_of(::getpid()).empty();
    }));
    const auto again = bench.run(make_processes(StartMethod::forkserver, 1, 1, 0.1, 0));
    REQUIRE(again.has_value());
    CHECK(again->ok());
}

TEST_CASE("processes: a program that cannot be started is an Error", "[native]") {
    const TimeLimit limit(30);
    NativeHost host(NativeHost::Options{"/nonexistent/gilplay", 0}, nullptr);
    std::optional<MeasuredRun> result;
    measure_once(host, make_processes(StartMethod::spawn, 2, 1, 0, 0), Speeds{},
                 [&](MeasuredRun answer) { result = std::move(answer); });
    REQUIRE(run_until(host.loop(), [&] { return result.has_value(); }));
    REQUIRE_FALSE(result->ok());
    CHECK(result->error().line() == "process 1: could not be started: No such file or directory");
}

TEST_CASE("processes: when the system refuses to fork, that is an Error and nothing is left", "[native]") {
    const TimeLimit limit(60);
    const StartMethod method = GENERATE(StartMethod::fork, StartMethod::forkserver);
    CAPTURE(to_string(method));
    // In a child with an ordinary user's limit: root has none.
    const pid_t helper = ::fork();
    REQUIRE(helper >= 0);
    if (helper == 0) {
        if (::getuid() == 0 && ::setuid(65'534) != 0) ::_exit(3);
        std::optional<MeasuredRun> result;
        {
            auto forkserver = std::move(Forkserver::start(0).value());
            const rlimit none{1, 1};
            ::prlimit(method == StartMethod::fork ? 0 : forkserver->pid(), RLIMIT_NPROC, &none, nullptr);
            NativeHost host(NativeHost::Options{gilplay, 0}, std::move(forkserver));
            measure_once(host, make_processes(method, 1, 1, 0, 0), Speeds{},
                         [&](MeasuredRun a) { result = std::move(a); });
            if (!run_until(host.loop(), [&] { return result.has_value(); })) ::_exit(4);
        }
        if (result->ok()) ::_exit(5);
        ::_exit(result->error().line() == "process 1: could not be started: Resource temporarily unavailable" ? 0 : 6);
    }
    const int status = wait_for_exit(helper);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("processes: workers and forkserver end with the engine, even when it is killed", "[native]") {
    const TimeLimit limit(60);
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    const StartMethod method = GENERATE(StartMethod::fork, StartMethod::forkserver, StartMethod::spawn);
    CAPTURE(to_string(method));
    const pid_t engine = ::fork();
    REQUIRE(engine >= 0);
    if (engine == 0) {
        ::setpgid(0, 0);
        NativeHost host(NativeHost::Options{gilplay, 0}, nullptr);
        measure_once(host, make_processes(method, 2, 1, 0, 50'000), Speeds{}, [](const MeasuredRun&) {});
        host.loop().run();
        ::_exit(0);
    }
    const std::size_t expected = method == StartMethod::forkserver ? 4 : 3;
    CHECK(eventually([&] { return members_of(engine).size() == expected; }));
    ::poll(nullptr, 0, 100);
    ::kill(engine, SIGKILL); // only the engine, not its group
    CHECK(eventually([&] {
        while (::waitpid(-engine, nullptr, WNOHANG) > 0) {
        }
        return members_of(engine).empty();
    }));
}

TEST_CASE("Processes.what is written to a shared block is seen where it is mapped again") {
    Bench bench;
    const auto block = bench.host.create_shared_block(1 << 20);
    REQUIRE(block);
    const auto again = block.value()->map_again();
    REQUIRE(again);
    CHECK(again->size() == block.value()->size());
    const std::array<std::uint8_t, 3> written{1, 2, 3};
    block.value()->write(70'000, written);
    std::array<std::uint8_t, 3> read{};
    again->read(70'000, read);
    CHECK(read == written);
}

TEST_CASE("Processes.reading what came in shared memory is no idle time") {
    Bench bench;
    Scenario scenario;
    scenario.model = ExecutionModel::process_pool;
    scenario.transport = Transport::shared_memory;
    scenario.workers = 1;
    scenario.tasks.assign(5, {"task", {}});
    for (Task& task : scenario.tasks) task.argument_bytes = 1 << 20;
    const auto answer = bench.run(scenario);
    REQUIRE((answer && *answer));
    std::size_t read = 0;
    for (const Interval& interval : answer->value().trace.lanes.back().intervals) {
        if (interval.state == State::serialising) ++read;
    }
    CHECK(read == scenario.tasks.size());
}

TEST_CASE("Processes.a child that is stopped from outside is ended when patience is over, and the reason is told") {
    Bench bench;
    const auto method = GENERATE(StartMethod::fork, StartMethod::forkserver, StartMethod::spawn);
    CAPTURE(to_string(method));
    ChildOptions options;
    options.method = method;
    options.patience = 300 * millisecond;
    std::optional<ProcessEnd> end;
    ChildListener listener;
    listener.on_end = [&end](const ProcessEnd& told) { end = told; };
    // It waits for its job, which never comes: as silent as one that was stopped.
    const auto child = bench.host.start_process(options, std::move(listener));
    CHECK(run_until(
        bench.host.loop(), [&] { return end.has_value(); }, 10 * second));
    REQUIRE(end);
    CHECK(end->words == lost_words(options.patience));
    CHECK(end->exit_code == -SIGKILL);
    CHECK(leftovers().empty());
}
