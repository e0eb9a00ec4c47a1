// The browser's side of core/measure/host.h: clock, timers, pthreads, nested Workers and memory that they share.
// Everything that needs the browser itself is in the JS library files beside this one; they call back through the
// gil_on_* exports of main.cpp.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
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
    /// `delay_url` answers "?ms=N" after N milliseconds; not used where capabilities.no_wait says that there is none.
    WebHost(double clock_base, std::string delay_url, Capabilities capabilities);

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

    /// In a worker process: what shared_block() gives from now on, by library_blocks.js' handles.
    void give_blocks(std::span<const int> handles);

    // Called by main.cpp's exports, from the Worker's event loop.

    void on_timer(int id);
    /// Threads or processes are ready; an empty `problem` means success.
    void on_prepared(int id, std::string problem);
    void on_child_message(int child, std::span<const std::uint8_t> message);
    /// `status` of an HTTP request; 0: no answer.
    void on_answer(int id, int status);
    /// Its last sign of life. Empty `words`: it left. `up`: it had been ready to work.
    void on_child_end(int child, bool up, std::string words);

  private:
    class Child;

    /// Why processes cannot be started like this; empty: they can.
    [[nodiscard]] std::string why_no_start(StartMethod method, int threads) const;
    /// A callback slot for what JavaScript will answer; its number travels there and back.
    int remember(std::function<void(Result<Nothing>)> then);
    void answer(int id, const Result<Nothing>& result);
    [[nodiscard]] std::string url_for(Nanoseconds delay);
    void answer_later(std::function<void(Result<Nothing>)> then, Result<Nothing> result);

    double clock_base_;
    std::string delay_url_;
    Capabilities capabilities_;
    std::map<int, std::function<void()>> timers_;
    std::map<int, std::function<void(Result<Nothing>)>> answers_; ///< that are still to come
    std::map<int, std::shared_ptr<ChildListener>> children_;      ///< that have not ended
    std::vector<std::shared_ptr<SharedBlock>> blocks_;            ///< in a worker process
    int next_id_ = 1;
    std::atomic<unsigned> requests_{0}; ///< only that each gets another number matters
};

} // namespace gil::web
