// The browser's side of core/measure/host.h: clock, timers, pthreads and nested Workers. Everything that needs the
// browser itself is in the JS library files beside this one; they call back through the gil_on_* exports of main.cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/measure/host.h"

namespace gil::web {

class WebHost final : public Host {
  public:
    /// `clock_base`: milliseconds since 1970, the same for every Worker of one page. Small differences to it keep the
    /// clock exact to well below a microsecond in a double.
    WebHost(double clock_base, Capabilities capabilities);

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

    // Called by main.cpp's exports, from the Worker's event loop.

    void on_timer(int id);
    /// Threads or processes are ready; an empty `problem` means success.
    void on_prepared(int id, std::string problem);
    void on_process_outcome(int run, int index, std::span<const std::uint8_t> bytes);
    void on_process_failed(int run, int index, std::string problem);

  private:
    struct ProcessRun {
        std::vector<std::optional<ProcessOutcome>> outcomes; ///< one per job
        std::size_t missing = 0;
        std::function<void(Result<std::vector<ProcessOutcome>>)> then;
    };

    /// A callback slot for prepare_*; its number travels through JavaScript.
    int remember(std::function<void(Result<Nothing>)> then);
    void answer_later(std::function<void(Result<Nothing>)> then, Result<Nothing> result);

    double clock_base_;
    Capabilities capabilities_;
    std::map<int, std::function<void()>> timers_;
    std::map<int, std::function<void(Result<Nothing>)>> preparations_;
    std::map<int, ProcessRun> runs_;
    int next_id_ = 1;
};

} // namespace gil::web
