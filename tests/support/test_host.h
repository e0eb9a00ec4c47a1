// A Host for tests: real clock, real threads, an event loop of its own; "processes" are threads that talk only in
// bytes.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/measure/host.h"

namespace gil::test {

class TestHost : public Host {
  public:
    TestHost();

    [[nodiscard]] const Capabilities& capabilities() const override { return capabilities_; }
    [[nodiscard]] Nanoseconds now() const override;
    [[nodiscard]] std::optional<Nanoseconds> thread_cpu_time() const override { return std::nullopt; }
    void sleep_for(Nanoseconds duration) override;
    [[nodiscard]] Result<Nothing> http_wait(Nanoseconds duration) override;
    void call_after(Nanoseconds delay, std::function<void()> then) override;
    void http_wait_async(Nanoseconds duration, std::function<void(Result<Nothing>)> then) override;
    void prepare_threads(int count, std::function<void(Result<Nothing>)> then) override;
    void prepare_processes(StartMethod method, int count, std::function<void(Result<Nothing>)> then) override;
    void run_processes(StartMethod method, std::vector<ProcessJob> jobs,
                       std::function<void(Result<std::vector<ProcessOutcome>>)> then) override;

    /// Runs the event loop until nothing is left to do or `limit` has passed; true when it ran dry.
    bool run_loop(Nanoseconds limit = 20 * second);

    Capabilities capabilities_;
    std::string http_error;    ///< not empty: every request fails with it
    std::string process_error; ///< not empty: run_processes fails with it

  private:
    struct Timer {
        Nanoseconds due = 0;
        std::uint64_t order = 0;
        std::function<void()> then;
    };
    std::vector<Timer> timers_;
    std::uint64_t order_ = 0;
};

/// Speeds at which one millisecond of work is `turns_per_ms` turns, so that tests do not depend on the machine.
[[nodiscard]] KernelSpeeds test_speeds(double turns_per_ms = 1e6);

/// `count` equal tasks.
[[nodiscard]] Scenario test_scenario(ExecutionModel model, int workers, int count, std::vector<Step> steps);

} // namespace gil::test
