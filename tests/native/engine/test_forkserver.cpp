// A forkserver that is stopped or killed from outside: what becomes of its workers and of those who wait for them.
#include <catch2/catch_test_macros.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <memory>
#include <optional>
#include <string>

#include "core/measure/measure.h"
#include "native/base/posix.h"
#include "native/engine/native_host.h"
#include "tests/native/support.h"

using namespace gil;
using namespace gil::native;
using namespace gil::native::test;

// LeakSanitizer's, where it is linked in.
extern "C" void __lsan_disable() __attribute__((weak));
extern "C" void __lsan_enable() __attribute__((weak));

namespace {

constexpr const char* lost_with_it = "process 1: was ended with its forkserver, which did not answer within 0.6 s: it "
                                     "may have been stopped from outside";

/// Of the forkserver alone: runs themselves may take longer on a busy computer.
constexpr Nanoseconds short_limit = 600 * millisecond;

/// A host with a forkserver that has no more time than that to answer.
struct ImpatientBench {
    ImpatientBench() : host(NativeHost::Options{gilplay, 0}, std::move(Forkserver::start(0, short_limit).value())) {
        reap();
    }

    static void reap() {
        while (::waitpid(-1, nullptr, WNOHANG) > 0) {
        }
    }

    void start(const Scenario& scenario) {
        result.reset();
        measure_once(host, scenario, Speeds{}, [this](Result<Run> answer) { result = std::move(answer); });
    }
    bool ends() {
        return run_until(
            host.loop(), [this] { return result.has_value(); }, 10 * second);
    }
    bool works() {
        start(make_processes(StartMethod::forkserver, 2, 1, 0.1, 0));
        return ends() && result->ok();
    }
    /// The forkserver of a host that has run something.
    static pid_t forkserver() {
        const auto servers = children_of(::getpid());
        REQUIRE(servers.size() == 1);
        return servers.front().pid;
    }
    /// It and its workers are gone and reaped.
    static bool nothing_left() {
        return eventually([] {
            reap();
            return children_of(::getpid()).empty();
        });
    }

    NativeHost host;
    std::optional<Result<Run>> result;
};

} // namespace

TEST_CASE("forkserver: stopped before a run, the run fails in words, and the next one has a new forkserver",
          "[native]") {
    const TimeLimit limit(60);
    {
        ImpatientBench bench;
        REQUIRE(bench.works());
        const pid_t stopped = ImpatientBench::forkserver();
        REQUIRE(::kill(stopped, SIGSTOP) == 0);
        bench.start(make_processes(StartMethod::forkserver, 3, 1, 0.1, 0));
        REQUIRE(bench.ends());
        REQUIRE_FALSE(bench.result->ok());
        CHECK(bench.result->error().line() == lost_with_it);
        CHECK(bench.works());
        CHECK(ImpatientBench::forkserver() != stopped);
    }
    CHECK(ImpatientBench::nothing_left());
}

TEST_CASE("forkserver: stopped in a run, the run fails in words although its workers have ended", "[native]") {
    const TimeLimit limit(60);
    {
        ImpatientBench bench;
        REQUIRE(bench.works());
        const pid_t stopped = ImpatientBench::forkserver();
        bench.start(make_processes(StartMethod::forkserver, 2, 1, 0, 150));
        REQUIRE(run_until(bench.host.loop(), [&] { return children_of(stopped).size() == 2; }));
        REQUIRE(::kill(stopped, SIGSTOP) == 0);
        REQUIRE(bench.ends());
        REQUIRE_FALSE(bench.result->ok());
        CHECK(bench.result->error().line() == lost_with_it);
        CHECK(bench.works());
    }
    CHECK(ImpatientBench::nothing_left());
}

TEST_CASE("forkserver: one that is slow to answer and then goes on is forgiven", "[native]") {
    const TimeLimit limit(60);
    ImpatientBench bench;
    REQUIRE(bench.works());
    const pid_t stopped = ImpatientBench::forkserver();
    REQUIRE(::kill(stopped, SIGSTOP) == 0);
    bench.start(make_processes(StartMethod::forkserver, 2, 1, 0.1, 0));
    (void)run_until(
        bench.host.loop(), [] { return false; }, 150 * millisecond);
    REQUIRE(::kill(stopped, SIGCONT) == 0);
    REQUIRE(bench.ends());
    CHECK(bench.result->ok());
    CHECK(ImpatientBench::forkserver() == stopped);
}

TEST_CASE("forkserver: a worker's own limit holds while its forkserver is stopped", "[native]") {
    const TimeLimit limit(60);
    ImpatientBench bench;
    REQUIRE(bench.works());
    REQUIRE(::kill(ImpatientBench::forkserver(), SIGSTOP) == 0);
    ChildOptions options;
    options.method = StartMethod::forkserver;
    options.patience = 50 * millisecond;
    std::optional<ProcessEnd> end;
    ChildListener listener;
    listener.on_end = [&end](const ProcessEnd& told) { end = told; };
    const auto child = bench.host.start_process(options, std::move(listener));
    REQUIRE(run_until(
        bench.host.loop(), [&] { return end.has_value(); }, 10 * second));
    CHECK(end->words == "did not end within 0.05 s: it may have been stopped or ended from outside");
    CHECK(end->lost);
    CHECK_FALSE(end->clean());
}

TEST_CASE("forkserver: a host with a stopped one goes away soon, and leaves nothing", "[native]") {
    const TimeLimit limit(60);
    const Nanoseconds begin = monotonic_now();
    {
        ImpatientBench bench;
        REQUIRE(bench.works());
        REQUIRE(::kill(ImpatientBench::forkserver(), SIGSTOP) == 0);
        // A run whose host goes away is never finished: what it holds is its process' to the end, and an engine ends
        // then.
        if (__lsan_disable != nullptr) __lsan_disable();
        bench.start(make_processes(StartMethod::forkserver, 4, 1, 0, 50'000));
        (void)run_until(
            bench.host.loop(), [] { return false; }, 50 * millisecond);
        if (__lsan_enable != nullptr) __lsan_enable();
    }
    CHECK(monotonic_now() - begin < 10 * second);
    CHECK(ImpatientBench::nothing_left());
}

TEST_CASE("forkserver: a child that starts another when it hears of its forkserver's end spoils no other", "[native]") {
    const TimeLimit limit(60);
    ImpatientBench::reap();
    NativeHost host(NativeHost::Options{gilplay, 0}, nullptr);
    ChildOptions options;
    options.method = StartMethod::forkserver;
    std::array<int, 3> ends{};
    std::unique_ptr<ChildProcess> another;
    const auto listener = [&](std::size_t index) {
        ChildListener heard;
        heard.on_end = [&, index](const ProcessEnd& end) {
            ++ends[index];
            CHECK(end.exit_code == -SIGKILL);
            // The host replaces the forkserver here, while it is still telling of its end.
            if (!another) another = host.start_process(options, {});
        };
        return heard;
    };
    std::array<std::unique_ptr<ChildProcess>, 3> children;
    for (std::size_t i = 0; i < children.size(); ++i) children[i] = host.start_process(options, listener(i));
    const pid_t forkserver = ImpatientBench::forkserver();
    REQUIRE(run_until(host.loop(), [&] { return children_of(forkserver).size() == 3; }));
    REQUIRE(::kill(forkserver, SIGKILL) == 0);
    CHECK(run_until(
        host.loop(),
        [&] {
            return ends == std::array{1, 1, 1};
        },
        5 * second));
    for (const int count : ends) CHECK(count == 1);
    for (auto& child : children) child.reset();
    CHECK(another);
}
