// A Host for tests: real clock, real threads, an event loop of its own; "processes" are threads that talk only in
// bytes.
#pragma once

#include <array>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "core/measure/host.h"
#include "core/measure/speeds.h"

namespace gil::test {

class TestHost : public Host {
  public:
    TestHost();

    [[nodiscard]] const Capabilities& capabilities() const override { return capabilities_; }
    [[nodiscard]] Nanoseconds now() const override;
    [[nodiscard]] std::optional<Nanoseconds> thread_cpu_time() const override { return std::nullopt; }
    void sleep_for(Nanoseconds duration) override;
    [[nodiscard]] Result<Nothing> wait_for(const Wait& wait, std::uint64_t operations) override;
    void call_after(Nanoseconds delay, std::function<void()> then) override;
    void wait_async(const Wait& wait, std::uint64_t operations, std::function<void(Result<Nothing>)> then) override;
    void prepare_threads(int count, std::function<void(Result<Nothing>)> then) override;
    void prepare_processes(StartMethod method, int count, int threads,
                           std::function<void(Result<Nothing>)> then) override;
    [[nodiscard]] std::unique_ptr<ChildProcess> start_process(const ChildOptions& options,
                                                              ChildListener listener) override;
    [[nodiscard]] Result<std::shared_ptr<SharedBlock>> create_shared_block(std::size_t bytes) override;
    [[nodiscard]] std::shared_ptr<SharedBlock> shared_block(std::size_t index) override;
    [[noreturn]] void write_astray() override;

    /// Runs the event loop until nothing is left to do or `limit` has passed; true when it ran dry.
    bool run_loop(Nanoseconds limit = 20 * second);

    Capabilities capabilities_;
    std::string http_error;    ///< not empty: every request fails with it
    std::string process_error; ///< not empty: no process can be started, and this says why
    /// Called with each message before it is sent, to spoil what another process hears; on the sender's thread.
    std::function<void(std::vector<std::uint8_t>&)> to_child, from_child;
    int dying_process = -1; ///< the process of that number ends with exit code 3 before it has done anything

  private:
    struct Timer {
        Nanoseconds due = 0;
        std::uint64_t order = 0;
        std::function<void()> then;
    };
    friend class TestChild;
    /// A callback from another thread; run_loop waits for those that were announced.
    void post(std::function<void()> then);
    bool take_posted();

    std::vector<Timer> timers_;
    std::uint64_t order_ = 0;
    std::mutex mutex_; ///< protects posted_
    std::condition_variable arrived_;
    std::deque<std::function<void()>> posted_;
    int open_lines_ = 0; ///< children that have not ended, and in a child its parent's line
    int started_ = 0;
    bool leaving_ = false; ///< in a child: its program has left
    std::vector<std::shared_ptr<SharedBlock>> blocks_;
};

/// Speeds at which one millisecond of work is `turns_per_ms` turns, so that tests do not depend on the machine.
[[nodiscard]] Speeds test_speeds(double turns_per_ms = 1e6);

inline constexpr std::array all_models = {
    ExecutionModel::sequential, ExecutionModel::threads,       ExecutionModel::thread_pool,
    ExecutionModel::processes,  ExecutionModel::process_pool,  ExecutionModel::asyncio,
    ExecutionModel::hybrid,     ExecutionModel::free_threaded, ExecutionModel::subinterpreters};

/// `count` equal tasks.
[[nodiscard]] Scenario test_scenario(ExecutionModel model, int workers, int count, std::vector<Step> steps);

} // namespace gil::test
