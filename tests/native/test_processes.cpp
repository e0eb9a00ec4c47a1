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

#include "native/native_host.h"
#include "native/posix.h"
#include "tests/native/support.h"

using namespace gil;
using namespace gil::native;
using namespace gil::native::test;

namespace {

using Outcomes = Result<std::vector<ProcessOutcome>>;

void reap_strays() {
    while (::waitpid(-1, nullptr, WNOHANG) > 0) {
    }
}

struct Bench {
    // Orphans of an earlier test are ours to reap when another test made this process a subreaper.
    Bench() : host(NativeHost::Options{gilplay, 0}, nullptr) { reap_strays(); }

    /// Runs to the end; nothing when that took longer than `patience`.
    std::optional<Outcomes> run(StartMethod method, std::vector<ProcessJob> jobs, Nanoseconds patience = 60 * second) {
        std::optional<Outcomes> result;
        host.run_processes(method, std::move(jobs), [&](Outcomes outcomes) { result = std::move(outcomes); });
        CHECK_FALSE(result.has_value()); // never from inside the call
        (void)run_until(
            host.loop(), [&] { return result.has_value(); }, patience);
        return result;
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
    std::vector<ProcessJob> jobs;
    for (int i = 0; i < workers; ++i) jobs.push_back(make_job(i, 2, 0.5, 0.5));
    const auto result = bench.run(method, jobs);
    REQUIRE(result.has_value());
    REQUIRE(result->ok());
    REQUIRE(result->value().size() == static_cast<std::size_t>(workers));
    const std::uint64_t turns = turns_for(Compute{Kernel::sum_of_squares, from_ms(0.5)}, KernelSpeeds{});
    for (const ProcessOutcome& outcome : result->value()) {
        REQUIRE(outcome.outputs.size() == 2);
        CHECK(outcome.outputs[0].turns == turns);
        CHECK(outcome.outputs[0] == outcome.outputs[1]);
        CHECK_FALSE(outcome.lane.intervals.empty());
    }
    CHECK(leftovers().empty());
}

TEST_CASE("processes: a job and an outcome of thousands of tasks cross without a deadlock", "[native]") {
    const TimeLimit limit(120);
    const StartMethod method = GENERATE(StartMethod::fork, StartMethod::forkserver, StartMethod::spawn);
    CAPTURE(to_string(method));
    Bench bench;
    std::vector<ProcessJob> jobs;
    for (int i = 0; i < 3; ++i) jobs.push_back(make_job(i, 8'000, 0.0001, 0));
    REQUIRE(encode(jobs[0]).size() > 400'000); // several times what a socket holds
    const auto result = bench.run(method, jobs);
    REQUIRE(result.has_value());
    REQUIRE(result->ok());
    for (const ProcessOutcome& outcome : result->value()) CHECK(outcome.outputs.size() == 8'000);
    CHECK(leftovers().empty());
}

TEST_CASE("processes: a worker killed in its job is an Error that names the signal; the others end", "[native]") {
    const TimeLimit limit(120);
    const StartMethod method = GENERATE(StartMethod::fork, StartMethod::forkserver, StartMethod::spawn);
    CAPTURE(to_string(method));
    Bench bench;
    std::optional<Outcomes> result;
    std::vector<ProcessJob> jobs;
    for (int i = 0; i < 3; ++i) jobs.push_back(make_job(i, 1, 0, 50'000));
    bench.host.run_processes(method, jobs, [&](Outcomes outcomes) { result = std::move(outcomes); });

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
    CHECK(result->error().line().ends_with(" was ended by signal 9 (SIGKILL)"));
    CHECK(workers().empty());
    CHECK(leftovers().empty());

    // The host still works.
    const auto again = bench.run(method, {make_job(0, 1, 0.1, 0)});
    REQUIRE(again.has_value());
    CHECK(again->ok());
}

TEST_CASE("processes: a forkserver that was killed is started again for the next run", "[native]") {
    const TimeLimit limit(60);
    Bench bench;
    auto first = bench.run(StartMethod::forkserver, {make_job(0, 1, 0.1, 0)});
    REQUIRE(first.has_value());
    REQUIRE(first->ok());
    const auto servers = children_of(::getpid());
    REQUIRE(servers.size() == 1);

    std::optional<Outcomes> result;
    bench.host.run_processes(StartMethod::forkserver, {make_job(0, 1, 0, 50'000)},
                             [&](Outcomes outcomes) { result = std::move(outcomes); });
    bench.host.loop().step(50 * millisecond);
    REQUIRE(::kill(servers[0].pid, SIGKILL) == 0);
    REQUIRE(run_until(bench.host.loop(), [&] { return result.has_value(); }));
    REQUIRE_FALSE(result->ok());
    CHECK(result->error().line() == "the forkserver was ended by signal 9 (SIGKILL)");

    // Its worker was orphaned: init's to reap, or ours where this process is a subreaper.
    CHECK(eventually([] {
        reap_strays();
        return children_of(::getpid()).empty();
    }));
    const auto again = bench.run(StartMethod::forkserver, {make_job(0, 1, 0.1, 0)});
    REQUIRE(again.has_value());
    CHECK(again->ok());
}

TEST_CASE("processes: a program that cannot be started is an Error", "[native]") {
    const TimeLimit limit(30);
    NativeHost host(NativeHost::Options{"/nonexistent/gilplay", 0}, nullptr);
    std::optional<Outcomes> result;
    host.run_processes(StartMethod::spawn, {make_job(0, 1, 0, 0), make_job(1, 1, 0, 0)},
                       [&](Outcomes outcomes) { result = std::move(outcomes); });
    REQUIRE(run_until(host.loop(), [&] { return result.has_value(); }));
    REQUIRE_FALSE(result->ok());
    CHECK(result->error().line() == "process 1 could not be started: No such file or directory");
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
        std::optional<Outcomes> result;
        {
            auto forkserver = std::move(Forkserver::start(0).value());
            const rlimit none{1, 1};
            ::prlimit(method == StartMethod::fork ? 0 : forkserver->pid(), RLIMIT_NPROC, &none, nullptr);
            NativeHost host(NativeHost::Options{gilplay, 0}, std::move(forkserver));
            host.run_processes(method, {make_job(0, 1, 0, 0)}, [&](Outcomes o) { result = std::move(o); });
            if (!run_until(host.loop(), [&] { return result.has_value(); })) ::_exit(4);
        }
        if (result->ok()) ::_exit(5);
        ::_exit(result->error().line() == "process 1 could not be started: Resource temporarily unavailable" ? 0 : 6);
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
        host.run_processes(method, {make_job(0, 1, 0, 50'000), make_job(1, 1, 0, 50'000)}, [](const Outcomes&) {});
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
