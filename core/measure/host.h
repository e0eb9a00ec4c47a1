// What the measured side asks of the platform. native/ and web/ each implement it once.
//
// The engine is one event-driven thread: nothing here may be called from another thread unless it says so. Natively
// `call_after` runs from the engine's poll loop, in a browser from the Worker's event loop.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/measure/process_job.h"
#include "core/result.h"
#include "core/scenario.h"
#include "core/units.h"

namespace gil {

/// What can be measured here. An empty reason means: available; otherwise it is a sentence for the reader.
struct Capabilities {
    std::string engine;           ///< "native, g++ 12.2, Linux x86-64" or "wasm with threads, Chrome 156"
    int hardware_concurrency = 1; ///< what the platform claims; may lie, so cores are calibrated
    std::string no_threads;       ///< all models with threads need shared memory
    std::string no_processes;
    std::string no_process_threads;     ///< threads inside a worker process (hybrid, a crash beside other threads)
    std::string no_shared_blocks;       ///< memory that several processes see (Value, Array, shared_memory)
    std::array<std::string, 5> no_wait; ///< by WaitKind, for example "a page has no files"
    std::array<std::string, 3> no_start_method; ///< by StartMethod, for example "a browser cannot fork"
    int max_threads = 64;
    int max_processes = 64;
};

class Host {
  public:
    virtual ~Host() = default;

    [[nodiscard]] virtual const Capabilities& capabilities() const = 0;

    /// Monotonic and comparable between all threads and processes of this engine. Any thread; never blocks.
    [[nodiscard]] virtual Nanoseconds now() const = 0;

    /// CPU time of the calling thread; absent in browsers. Any thread.
    [[nodiscard]] virtual std::optional<Nanoseconds> thread_cpu_time() const = 0;

    /// Blocks the calling thread for at least `duration`. Only where capabilities().no_threads is empty. Any thread.
    virtual void sleep_for(Nanoseconds duration) = 0;

    /// A real HTTP request to the engine's own server that answers after `duration`; blocks the calling thread until
    /// the answer is in. Any thread. Only where capabilities().no_wait[http] is empty.
    [[nodiscard]] virtual Result<Nothing> http_wait(Nanoseconds duration) = 0;

    /// Runs `then` on the engine's thread after at least `delay`, from the event loop, never from inside this call.
    virtual void call_after(Nanoseconds delay, std::function<void()> then) = 0;

    /// The same request on a non-blocking socket; `then` runs on the engine's thread.
    virtual void http_wait_async(Nanoseconds duration, std::function<void(Result<Nothing>)> then) = 0;

    /// Calls `then` once `count` threads can be started at once without returning to the event loop (a browser loads
    /// their Workers first). Natively at once.
    virtual void prepare_threads(int count, std::function<void(Result<Nothing>)> then) = 0;

    /// Calls `then` once whatever the start method keeps ready for `count` processes is ready (the forkserver, the
    /// kept Workers), so that it is not part of a measurement.
    virtual void prepare_processes(StartMethod method, int count, std::function<void(Result<Nothing>)> then) = 0;

    /// Starts one process per job, in order, each of which does run_process_job, and joins them all.
    /// Outcomes are in the order of the jobs. A child that dies, or a start that is refused, is an Error that says how
    /// (exit code, signal); the other children are ended and reaped before `then` runs.
    virtual void run_processes(StartMethod method, std::vector<ProcessJob> jobs,
                               std::function<void(Result<std::vector<ProcessOutcome>>)> then) = 0;
};

} // namespace gil
