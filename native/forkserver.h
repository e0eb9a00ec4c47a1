// The forkserver: a small single-threaded process, forked before the engine has done anything, that forks the worker
// processes of StartMethod::forkserver (as CPython's multiprocessing.forkserver does).
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>

#include "core/result.h"
#include "native/event_loop.h"
#include "native/posix.h"

namespace gil::native {

/// The engine's end. Engine's thread only. Ends the forkserver and its workers when destroyed, and reaps it.
class Forkserver {
  public:
    /// What the forkserver tells about the worker `serial`.
    struct Notice {
        enum class Kind : std::uint32_t { refused, ended } kind = Kind::ended;
        std::uint32_t serial = 0;
        std::int32_t value = 0; ///< refused: errno of fork; ended: status as of waitpid
    };

    /// Forks it. The calling process must have no other thread at this moment. Blocks for the fork only.
    [[nodiscard]] static Result<std::unique_ptr<Forkserver>> start(int delay_port);
    ~Forkserver();
    Forkserver(const Forkserver&) = delete;
    Forkserver& operator=(const Forkserver&) = delete;

    /// The loop from which notices are told; it must outlive this. Before the first worker.
    void attach(EventLoop& loop) { loop_ = &loop; }

    /// Asks for a worker that talks over `socket` (still the caller's to close). `told` gets one notice, from the loop;
    /// when the forkserver ends it is one that says SIGKILL. Returns the worker's serial; nothing: the forkserver has
    /// ended.
    [[nodiscard]] std::optional<std::uint32_t> start_worker(int socket, std::function<void(const Notice&)> told);
    /// Ends that worker and blocks until it is reaped (a millisecond, at most a second); its notice is not told any
    /// more.
    void end_worker(std::uint32_t serial);

    /// Looks whether it still lives. Never blocks.
    [[nodiscard]] bool gone();
    [[nodiscard]] pid_t pid() const { return pid_; }

  private:
    Forkserver(UniqueFd socket, pid_t pid) : socket_(std::move(socket)), pid_(pid) {}
    [[nodiscard]] std::optional<Notice> read_notice();
    void take_notices();
    void tell(const Notice& notice);
    void watch();

    UniqueFd socket_;
    pid_t pid_ = -1;
    EventLoop* loop_ = nullptr;
    std::map<std::uint32_t, std::function<void(const Notice&)>> told_; ///< by serial, of the workers that live
    std::uint32_t next_serial_ = 0;
    bool gone_ = false;
    bool watching_ = false;
};

} // namespace gil::native
