// The forkserver: a small single-threaded process, forked before the engine has done anything, that forks the worker
// processes of StartMethod::forkserver (as CPython's multiprocessing.forkserver does).
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>

#include "core/result.h"
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

    /// Asks for a worker that talks over `socket` (still the caller's to close). False: the forkserver has ended.
    [[nodiscard]] bool start_worker(std::uint32_t serial, int socket);
    /// Ends all workers at once; each still gives its notice.
    void kill_workers();

    /// Becomes readable when there is a notice or the forkserver has ended.
    [[nodiscard]] int fd() const { return socket_.get(); }
    /// Never blocks. gone() tells "nothing yet" from "never again".
    [[nodiscard]] std::optional<Notice> next_notice();
    [[nodiscard]] bool gone() const { return gone_; }
    [[nodiscard]] pid_t pid() const { return pid_; }

  private:
    Forkserver(UniqueFd socket, pid_t pid) : socket_(std::move(socket)), pid_(pid) {}

    UniqueFd socket_;
    pid_t pid_ = -1;
    bool gone_ = false;
};

} // namespace gil::native
