// The front end's end of the engine process: starts it, talks to it, ends it, starts it again.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "core/base/units.h"
#include "native/base/frame.h"
#include "native/base/posix.h"
#include "ui/state/engine_client.h"

namespace gil::native {

/// The file of gilplay-engine beside this program; this program itself where there is none, which can be its engine
/// too.
[[nodiscard]] std::string engine_program();

/// One engine process in a process group of its own. All calls from the thread that made the object, which must live as
/// long as it does: the kernel ends the engine when that thread ends, however it ends.
/// Makes this process the reaper of orphaned descendants, so that no zombie is left when a group is killed.
class EngineProcess : public ui::EngineClient {
  public:
    struct Options {
        std::string executable = engine_program(); ///< must understand --engine-fd
        int delay_port = 0;                        ///< of the delay server on loopback; 0: there is none
        bool restart_after_death = true;
    };

    /// Starts the engine (fork and exec; about a millisecond). A start that is refused shows as a "failed" event.
    explicit EngineProcess(Options options);
    /// Ends the engine and its workers and reaps them all; blocks for that, at most 2 s.
    ~EngineProcess() override;
    EngineProcess(const EngineProcess&) = delete;
    EngineProcess& operator=(const EngineProcess&) = delete;

    void send(const Json& message) override;
    [[nodiscard]] std::optional<Json> poll() override;
    void restart() override;
    /// The same for an engine that has no delay server: the waits that need one cannot be measured. Blocks until the
    /// old one is reaped, at most 2 s.
    void restart_without_delays();
    void start_again() override;
    [[nodiscard]] bool is_stopped() const override;

    /// Blocks until an event is there or `timeout` has passed.
    [[nodiscard]] std::optional<Json> wait(Nanoseconds timeout);

    /// Readable whenever poll() may have something to do. The same descriptor for the object's whole life, so another
    /// thread may wait on it.
    [[nodiscard]] int fd() const { return epoll_.get(); }

    /// The engine's process id and process group; -1 while there is none.
    [[nodiscard]] pid_t pid() const { return pid_; }

  private:
    void start();
    void end_group();
    void reap();
    void await_ends();
    void flush();
    void receive();
    void died(const std::string& garbage);
    void report_failure(const std::string& reason);
    void watch_socket(bool also_writable, int operation);

    Options options_;
    UniqueFd epoll_;
    UniqueFd socket_;
    pid_t pid_ = -1;
    FrameReader reader_;
    std::vector<std::uint8_t> unsent_;
    std::size_t sent_ = 0;
    std::deque<Json> events_;
    std::deque<Nanoseconds> deaths_;  ///< when the engine died on its own, newest last
    std::vector<pid_t> dying_groups_; ///< killed, not all reaped yet
};

} // namespace gil::native
