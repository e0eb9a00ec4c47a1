// core's Host on Linux: threads, fork / forkserver / spawn, loopback HTTP, one poll loop.
#pragma once

#include <memory>
#include <string>

#include "core/measure/host.h"
#include "native/base/event_loop.h"
#include "native/engine/forkserver.h"
#include "native/engine/helper_threads.h"
#include "native/engine/limits.h"

namespace gil::native {

/// Lives in the engine process and, without a forkserver, in every worker process.
class NativeHost : public Host {
  public:
    struct Options {
        std::string executable = "/proc/self/exe"; ///< what spawn starts; must understand --process-worker
        int delay_port = 0;                        ///< of the delay server on loopback; 0: there is none
        Limits limits{};
    };

    /// `forkserver` may be null: then it is forked when a run first asks for it.
    NativeHost(Options options, std::shared_ptr<Forkserver> forkserver);
    ~NativeHost() override;

    [[nodiscard]] EventLoop& loop() { return loop_; }

    [[nodiscard]] const Capabilities& capabilities() const override { return capabilities_; }
    [[nodiscard]] Nanoseconds now() const override { return monotonic_now(); }
    [[nodiscard]] std::optional<Nanoseconds> thread_cpu_time() const override;
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

    /// In a worker: what its parent passed.
    void give_blocks(std::vector<std::shared_ptr<SharedBlock>> blocks) { blocks_ = std::move(blocks); }

  private:
    Result<Nothing> ensure_forkserver();

    Options options_;
    Capabilities capabilities_;
    EventLoop loop_;
    HelperThreads helpers_;
    std::shared_ptr<Forkserver> forkserver_; ///< also of the children that it has started
    std::vector<std::shared_ptr<SharedBlock>> blocks_;
};

/// What this computer offers; its concurrency counts only the processors that this process may use.
[[nodiscard]] Capabilities native_capabilities(int delay_port);

} // namespace gil::native
