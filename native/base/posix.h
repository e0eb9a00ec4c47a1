// Small helpers over POSIX that the whole of native/ shares.
#pragma once

#include <sys/types.h>

#include <csignal>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/base/units.h"

namespace gil::native {

/// Owns one file descriptor and closes it. -1: none.
class UniqueFd {
  public:
    UniqueFd() = default;
    explicit UniqueFd(int fd) : fd_(fd) {}
    UniqueFd(UniqueFd&& other) noexcept : fd_(other.release()) {}
    UniqueFd& operator=(UniqueFd&& other) noexcept {
        if (this != &other) reset(other.release());
        return *this;
    }
    UniqueFd(const UniqueFd&) = delete;
    UniqueFd& operator=(const UniqueFd&) = delete;
    ~UniqueFd() { reset(); }

    [[nodiscard]] int get() const { return fd_; }
    [[nodiscard]] bool valid() const { return fd_ >= 0; }
    int release() { return std::exchange(fd_, -1); }
    void reset(int fd = -1);

  private:
    int fd_ = -1;
};

/// "Permission denied", for an errno value. Any thread.
[[nodiscard]] std::string errno_text(int error);

/// An Error whose `what` is "<what>: <errno text>".
[[nodiscard]] Error system_error(std::string where, const std::string& what, int error);

/// "was ended by signal 9 (SIGKILL)" or "ended with exit code 3" or what describe_failure says, for a status of
/// waitpid.
[[nodiscard]] std::string describe_exit(int status);

/// waitpid that survives EINTR; blocks until that child has ended. -1 when there is no such child.
[[nodiscard]] int wait_for_exit(pid_t pid);

/// The same for a child that has been asked to end: after `patience`, 0 at once, it is killed. Its status.
[[nodiscard]] int wait_or_kill(pid_t pid, Nanoseconds patience);

/// Writes everything and blocks until it has; false with errno set on an error. A closed peer of a socket gives EPIPE,
/// never a signal. A descriptor that is non-blocking is waited for.
[[nodiscard]] bool write_all(int fd, std::span<const std::uint8_t> bytes);

/// Reads exactly bytes.size() from a blocking descriptor; false on an error or an early end of file.
[[nodiscard]] bool read_all(int fd, std::span<std::uint8_t> bytes);

/// A connected pair of Unix stream sockets, both closed on exec. `type` is SOCK_STREAM or SOCK_SEQPACKET.
[[nodiscard]] Result<std::pair<UniqueFd, UniqueFd>> socket_pair(int type);

[[nodiscard]] bool set_nonblocking(int fd);

/// Sends one byte, the number of descriptors (at most 8), and the descriptors themselves beside it; -1 leaves a gap.
[[nodiscard]] bool send_descriptors(int socket, std::span<const int> fds);

/// Receives what send_descriptors sent, from a blocking socket; gaps are invalid. Nothing: the stream has ended.
[[nodiscard]] std::optional<std::vector<UniqueFd>> receive_descriptors(int socket);

/// Closes every descriptor from 3 on except those named. Only for a child right after fork: other threads are gone.
void close_all_but(std::span<const int> keep);

/// From now on memory that was given back stays in this process: payloads of megabytes come and go, and a fresh page
/// costs several times as much as the copy into it. Before any thread is started.
void keep_memory();

/// The kernel kills this process when its parent ends, however that happens. `parent` is who forked us: when it is
/// gone already, this process ends at once. Survives exec, is not inherited by fork.
void die_with_parent(pid_t parent);

/// The process at the other end of a Unix socket when the pair was made; -1 when the kernel does not tell.
[[nodiscard]] pid_t peer_pid(int socket);

/// Blocks all signals for the calling thread, and so for those that it starts, as long as this lives.
class BlockedSignals {
  public:
    BlockedSignals();
    ~BlockedSignals();
    BlockedSignals(const BlockedSignals&) = delete;
    BlockedSignals& operator=(const BlockedSignals&) = delete;

  private:
    sigset_t before_{};
};

/// In a fresh child: no signal blocked, all handlers back to their defaults.
void reset_signals();

/// Where standard input, output or error is closed, puts a descriptor there that refuses its use: a file opened later
/// would else take its number and get what is meant for it. Before anything is opened.
void fill_standard_descriptors();

/// Lifts the soft limit of open descriptors (asyncio opens a socket per request) to the hard one, at most 65,536.
void raise_descriptor_limit();

} // namespace gil::native
