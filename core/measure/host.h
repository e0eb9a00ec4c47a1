// What the measured side asks of the platform. native/ and web/ each implement it once.
//
// The engine is one event-driven thread: nothing here may be called from another thread unless it says so. Natively
// `call_after` runs from the engine's poll loop, in a browser from the Worker's event loop.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/units.h"
#include "core/scenario/capabilities.h"
#include "core/scenario/scenario.h"

namespace gil {

/// Memory that several processes see: multiprocessing's Value, Array and shared_memory. In a browser it is a
/// SharedArrayBuffer outside of the module's own memory, so everything goes through calls. Any thread.
class SharedBlock {
  public:
    virtual ~SharedBlock() = default;
    [[nodiscard]] virtual std::size_t size() const = 0;

    /// The 64-bit word `index`, read or written as one (relaxed): a race loses updates, never halves of them.
    [[nodiscard]] virtual std::int64_t load(std::size_t index) const = 0;
    virtual void store(std::size_t index, std::int64_t value) = 0;

    /// Copies bytes out of the block or into it; asserts that they fit. The caller orders these against others.
    virtual void read(std::size_t offset, std::span<std::uint8_t> to) const = 0;
    virtual void write(std::size_t offset, std::span<const std::uint8_t> from) = 0;

    /// The same block mapped once more, as another process sees it; nullptr where nobody maps anything (a browser).
    [[nodiscard]] virtual std::shared_ptr<SharedBlock> map_again() const { return nullptr; }

    /// The block's own lock, shared by all processes that see it (Value.get_lock()). `lock` blocks the calling thread,
    /// which must not be a page's main thread. Not recursive.
    virtual void lock() = 0;
    [[nodiscard]] virtual bool try_lock() = 0;
    virtual void unlock() = 0;
};

/// How a child process ended.
struct ProcessEnd {
    bool started = true; ///< false: it could not be started at all
    /// As multiprocessing shows it: negative: the signal that ended it. A Worker in a browser has none.
    std::optional<int> exit_code = 0;
    std::string words; ///< "was ended by signal 6 (SIGABRT)"; in a browser what the Worker's error said
    bool lost = false; ///< it did not answer and was ended for that: how long its run took means nothing
    [[nodiscard]] bool clean() const { return started && !lost && (exit_code ? exit_code == 0 : words.empty()); }
};

/// A child interpreter: a process (natively) or a Worker with a wasm instance of its own. It runs a ChildProgram
/// (child_program.h) and talks with its parent in messages only. Destroying it ends it at once.
class ChildProcess {
  public:
    virtual ~ChildProcess() = default;
    /// Queues one message; never blocks. Messages arrive whole and in order. Nothing happens after the end.
    virtual void send(std::vector<std::uint8_t> message) = 0;
    /// No more messages will follow: the child ends when it has done what it was sent.
    virtual void close() = 0;
};

/// What a parent hears of a child; on the engine's thread, from the event loop. `on_end` comes exactly once and last.
/// Neither may destroy the ChildProcess that calls it.
struct ChildListener {
    std::function<void(std::vector<std::uint8_t>)> on_message;
    std::function<void(const ProcessEnd&)> on_end;
};

struct ChildOptions {
    StartMethod method = StartMethod::forkserver;
    int threads = 0; ///< threads that the child will start at once besides its own; a browser loads their Workers
    Nanoseconds patience = 0; ///< not 0: a child that has not ended after so long is ended, and on_end says lost_words
    std::vector<std::shared_ptr<SharedBlock>> blocks; ///< what the child's Host::shared_block(i) gives it
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

    /// A real wait of any kind but sleep; blocks the calling thread until the answer is in. A file or a database does
    /// `operations` operations instead of taking a given time. Any thread. Only where capabilities().no_wait[kind] is
    /// empty. An Error: the other end failed, or what came back was not what was sent.
    [[nodiscard]] virtual Result<Nothing> wait_for(const Wait& wait, std::uint64_t operations) = 0;

    /// Runs `then` on the engine's thread after at least `delay`, from the event loop, never from inside this call.
    virtual void call_after(Nanoseconds delay, std::function<void()> then) = 0;

    /// The same as wait_for without blocking: non-blocking sockets; files and databases, which have no such thing,
    /// block a helper thread of the host (as asyncio.to_thread does). `then` runs on the engine's thread.
    virtual void wait_async(const Wait& wait, std::uint64_t operations, std::function<void(Result<Nothing>)> then) = 0;

    /// Calls `then` once `count` threads can be started at once without returning to the event loop (a browser loads
    /// their Workers first). Natively at once.
    virtual void prepare_threads(int count, std::function<void(Result<Nothing>)> then) = 0;

    /// Calls `then` once whatever the start method keeps ready for `count` processes is ready (the forkserver, the
    /// kept Workers), so that it is not part of a measurement. `threads` as in ChildOptions.
    virtual void prepare_processes(StartMethod method, int count, int threads,
                                   std::function<void(Result<Nothing>)> then) = 0;

    /// Starts one child. A start that is refused is told by on_end, from the event loop.
    [[nodiscard]] virtual std::unique_ptr<ChildProcess> start_process(const ChildOptions& options,
                                                                      ChildListener listener) = 0;

    /// A block of zeros. An Error where capabilities().no_shared_blocks says why, or when memory is short.
    [[nodiscard]] virtual Result<std::shared_ptr<SharedBlock>> create_shared_block(std::size_t bytes) = 0;

    /// In a child: the block that its parent passed as ChildOptions::blocks[index]; nullptr when there is none.
    [[nodiscard]] virtual std::shared_ptr<SharedBlock> shared_block(std::size_t index) = 0;

    /// In a child, for Fail: writes to an address that belongs to nobody (natively a segmentation fault; in wasm a
    /// trap). Any thread.
    [[noreturn]] virtual void write_astray() = 0;
};

} // namespace gil
