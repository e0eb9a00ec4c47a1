// The forkserver: a small single-threaded process, forked before the engine has done anything, that forks the worker
// processes of StartMethod::forkserver (as CPython's multiprocessing.forkserver does).
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>

#include "core/base/result.h"
#include "core/base/units.h"
#include "native/base/event_loop.h"
#include "native/base/posix.h"

namespace gil::native {

/// The engine's end. Engine's thread only. Ends the forkserver and its workers when destroyed, and reaps it: that
/// blocks for milliseconds, and for at most 2 s when it has been stopped from outside. Shared by all who started a
/// worker through it, so that each hears what became of it when the host has long taken another forkserver.
class Forkserver : public std::enable_shared_from_this<Forkserver> {
  public:
    /// What is told about the worker `serial`.
    struct Notice {
        enum class Kind : std::uint32_t {
            refused, ///< `value`: errno of fork
            ended,   ///< `value`: status as of waitpid
            lost,    ///< nobody knows: the forkserver did not answer, and was ended with all its workers
            alive,   ///< of no worker: the forkserver was asked whether it is; not told
        } kind = Kind::ended;
        std::uint32_t serial = 0;
        std::int32_t value = 0;
    };

    /// So long a forkserver with workers is waited for when it is asked whether it is alive, which takes it
    /// milliseconds. Then it has been stopped from outside, and is ended. It is asked every half of that, so not in
    /// short runs.
    static constexpr Nanoseconds usual_patience = 10 * second;

    /// Forks it. The calling process must have no other thread at this moment. Blocks for the fork only.
    [[nodiscard]] static Result<std::shared_ptr<Forkserver>> start(int delay_port,
                                                                   Nanoseconds patience = usual_patience);
    ~Forkserver();
    Forkserver(const Forkserver&) = delete;
    Forkserver& operator=(const Forkserver&) = delete;

    /// The loop from which notices are told; it must outlive this. Before the first worker.
    void attach(EventLoop& loop) { loop_ = &loop; }

    /// Asks for a worker that talks over `socket` (still the caller's to close). `told` gets one notice of its end,
    /// from the loop; when the forkserver ends it is one that says SIGKILL. Returns the worker's serial; nothing: the
    /// forkserver has ended.
    [[nodiscard]] std::optional<std::uint32_t> start_worker(int socket, std::function<void(const Notice&)> told);
    /// Ends that worker and blocks until it is reaped (a millisecond, at most 2 s); its notice is not told any more.
    void end_worker(std::uint32_t serial);

    /// Ends it and its workers now, as the destructor does; of that nobody is told.
    void end();

    /// Looks whether it still lives. Never blocks.
    [[nodiscard]] bool gone();
    [[nodiscard]] pid_t pid() const { return pid_; }
    [[nodiscard]] Nanoseconds patience() const { return patience_; }

  private:
    Forkserver(UniqueFd socket, pid_t pid, Nanoseconds patience)
        : socket_(std::move(socket)), pid_(pid), patience_(patience) {}
    [[nodiscard]] std::optional<Notice> read_notice();
    void take_notices();
    void tell(const Notice& notice);
    void watch();
    void look_later();
    void look();
    void give_up();

    UniqueFd socket_;
    pid_t pid_ = -1;
    Nanoseconds patience_ = 0;
    EventLoop* loop_ = nullptr;
    std::map<std::uint32_t, std::function<void(const Notice&)>> told_; ///< by serial, of the workers that live
    std::uint32_t next_serial_ = 0;
    Nanoseconds asked_at_ = 0; ///< whether it is alive; 0: it has been heard of since
    bool looking_ = false;     ///< a timer will look()
    bool gone_ = false;
    bool watching_ = false;
};

} // namespace gil::native
