#include "native/engine/child_process.h"

#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <deque>
#include <optional>
#include <utility>

#include "core/scenario/patience.h"
#include "native/base/frame.h"
#include "native/engine/shared_memory.h"
#include "native/engine/worker.h"

extern char** environ;

namespace gil::native {

namespace {

/// posix_spawn of this program as a worker with `socket` as its standard input; an errno value, 0: started.
int spawn_worker(const ProcessStarter& starter, int socket, pid_t& pid) {
    std::string command = "--process-worker";
    std::string port = std::to_string(starter.delay_port);
    std::string name = "gilplay";
    std::array<char*, 4> arguments{name.data(), command.data(), port.data(), nullptr};
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, socket, STDIN_FILENO);
    const int error = ::posix_spawn(&pid, starter.executable.c_str(), &actions, nullptr, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    return error;
}

ProcessEnd end_of(int status) {
    ProcessEnd end;
    end.exit_code = WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
    end.words = describe_exit(status);
    return end;
}

/// The state that the loop's callbacks keep alive; the ChildProcess is its handle.
class Link : public std::enable_shared_from_this<Link> {
  public:
    Link(const ProcessStarter& starter, StartMethod method, ChildListener listener)
        : starter_(starter), method_(method), listener_(std::move(listener)) {}

    void start(const ChildOptions& options) {
        auto pair = socket_pair(SOCK_STREAM);
        int error = pair ? 0 : EMFILE;
        if (pair) {
            auto& [ours, theirs] = pair.value();
            if (!set_nonblocking(ours.get()) || !send_blocks(ours.get(), options)) error = errno;
            socket_ = std::move(ours);
            if (error == 0) error = launch(theirs.get());
        }
        if (error != 0) return refuse(error);
        watch();
        if (options.patience > 0) wait_no_longer_than(options.patience);
    }

    void send(std::vector<std::uint8_t> message) {
        if (closing_ || !socket_.valid()) return;
        unsent_.push_back({frame_header(message.size()), std::move(message), 0});
        if (unsent_.size() > 1) return;
        flush();
        watch();
    }

    void close() {
        closing_ = true;
        if (unsent_.empty() && socket_.valid()) ::shutdown(socket_.get(), SHUT_WR);
    }

    /// The handle is gone: nobody listens any more, and nothing is left running.
    void abandon() {
        listener_ = {};
        if (ended_) return;
        if (pid_ > 0) {
            ::kill(pid_, SIGKILL);
            (void)wait_for_exit(pid_);
            pid_ = -1;
        }
        if (serial_) starter_.forkserver->end_worker(*serial_);
        close_socket();
        ended_ = true;
        starter_.forkserver.reset();
    }

  private:
    struct Outgoing {
        std::array<std::uint8_t, frame_header_bytes> header;
        std::vector<std::uint8_t> message;
        std::size_t sent = 0; ///< of header and message together
    };

    /// The first byte on the line says how many descriptors of shared memory come with it.
    static bool send_blocks(int socket, const ChildOptions& options) {
        std::vector<int> fds;
        for (const auto& block : options.blocks) {
            const auto* memory = dynamic_cast<const SharedMemory*>(block.get());
            fds.push_back(memory != nullptr ? memory->fd() : -1);
        }
        return send_descriptors(socket, fds);
    }

    /// An errno value; 0: started.
    int launch(int socket) {
        if (method_ == StartMethod::forkserver) {
            if (starter_.forkserver == nullptr || starter_.forkserver->gone()) return EPIPE;
            serial_ =
                starter_.forkserver->start_worker(socket, [weak = weak_from_this()](const Forkserver::Notice& notice) {
                    if (const auto self = weak.lock()) self->notice(notice);
                });
            return serial_ ? 0 : EPIPE;
        }
        if (method_ == StartMethod::spawn) return spawn_worker(starter_, socket, pid_);
        const pid_t parent = ::getpid();
        pid_ = ::fork();
        if (pid_ == 0) run_forked_worker(socket, parent, starter_.delay_port);
        return pid_ > 0 ? 0 : errno;
    }

    void wait_no_longer_than(Nanoseconds patience) {
        starter_.loop->call_after(patience, [weak = weak_from_this(), patience] {
            const auto self = weak.lock();
            if (!self || self->ended_) return;
            self->lost_ = lost_words(patience);
            if (self->pid_ > 0) ::kill(self->pid_, SIGKILL);
            if (self->serial_) {
                self->starter_.forkserver->end_worker(*self->serial_);
                self->status_ = SIGKILL;
            }
            self->finish_if_known();
        });
    }

    void refuse(int error) {
        pid_ = -1;
        ProcessEnd end;
        end.started = false;
        end.exit_code = 1;
        end.words = "could not be started: " + errno_text(error);
        starter_.loop->call_after(0, [self = shared_from_this(), end] { self->finish(end); });
    }

    void watch() {
        if (!socket_.valid()) return;
        const short wanted = unsent_.empty() ? POLLIN : POLLIN | POLLOUT;
        if (wanted == watched_) return;
        watched_ = wanted;
        starter_.loop->watch(socket_.get(), wanted,
                             [self = shared_from_this()](short ready) { self->transfer(ready); });
    }

    void transfer(short ready) {
        if ((ready & POLLOUT) != 0) flush();
        if ((ready & (POLLIN | POLLHUP | POLLERR)) != 0 && !receive()) return;
        watch();
    }

    /// Header and message in one call; a child that has gone is noticed by receive().
    void flush() {
        while (!unsent_.empty() && socket_.valid()) {
            Outgoing& out = unsent_.front();
            const std::size_t in_header = std::min(out.sent, out.header.size());
            const std::size_t in_message = out.sent - in_header;
            std::array<iovec, 2> parts{{{out.header.data() + in_header, out.header.size() - in_header},
                                        {out.message.data() + in_message, out.message.size() - in_message}}};
            msghdr message{};
            message.msg_iov = parts.data();
            message.msg_iovlen = parts.size();
            const ssize_t done = ::sendmsg(socket_.get(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
            if (done < 0 && errno == EINTR) continue;
            if (done < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
            if (done < 0) {
                unsent_.clear();
                return;
            }
            out.sent += static_cast<std::size_t>(done);
            if (out.sent == out.header.size() + out.message.size()) unsent_.pop_front();
        }
        if (closing_ && socket_.valid()) ::shutdown(socket_.get(), SHUT_WR);
    }

    /// False once the line has ended.
    bool receive() {
        const FrameReader::Status status = reader_.read_from(socket_.get());
        while (auto message = reader_.next()) {
            if (listener_.on_message) listener_.on_message(std::move(*message));
            if (!socket_.valid()) return false; // the listener has let go of us
        }
        if (status == FrameReader::Status::more) return true;
        if (status == FrameReader::Status::garbage) garbage_ = true;
        lost();
        return false;
    }

    /// The end of the stream: a child closes it only by ending, so this wait is short.
    void lost() {
        if (garbage_ && pid_ > 0) ::kill(pid_, SIGKILL);
        if (garbage_ && serial_) {
            starter_.forkserver->end_worker(*serial_);
            status_ = SIGKILL;
        }
        close_socket();
        if (pid_ > 0) status_ = wait_for_exit(std::exchange(pid_, -1));
        finish_if_known();
    }

    void notice(const Forkserver::Notice& notice) {
        if (notice.kind == Forkserver::Notice::Kind::refused) {
            close_socket();
            return refuse(notice.value);
        }
        if (notice.kind == Forkserver::Notice::Kind::lost) {
            close_socket();
            lost_ = "was ended with its forkserver, which " + silent_words(starter_.forkserver->patience());
        }
        status_ = notice.value;
        finish_if_known();
    }

    void finish_if_known() {
        if (!status_ || socket_.valid() || ended_) return;
        ProcessEnd end = end_of(*status_);
        if (garbage_) end.words = "answered with garbage";
        if (!lost_.empty()) {
            end.words = lost_;
            end.lost = true;
        }
        finish(end);
    }

    void finish(const ProcessEnd& end) {
        if (ended_) return;
        ended_ = true;
        serial_.reset();
        starter_.forkserver.reset();
        const auto on_end = std::exchange(listener_.on_end, nullptr);
        listener_ = {};
        if (on_end) on_end(end);
    }

    void close_socket() {
        if (!socket_.valid()) return;
        starter_.loop->unwatch(socket_.get());
        socket_.reset();
    }

    ProcessStarter starter_;
    StartMethod method_;
    ChildListener listener_;
    UniqueFd socket_;
    pid_t pid_ = -1;                      ///< only of our own children
    std::optional<std::uint32_t> serial_; ///< of the forkserver's
    std::deque<Outgoing> unsent_;
    FrameReader reader_;
    std::optional<int> status_; ///< as of waitpid, once it is reaped
    std::string lost_;          ///< why it was ended, when that was for its silence
    short watched_ = 0;
    bool closing_ = false;
    bool garbage_ = false;
    bool ended_ = false;
};

class Child : public ChildProcess {
  public:
    explicit Child(std::shared_ptr<Link> link) : link_(std::move(link)) {}
    ~Child() override { link_->abandon(); }
    void send(std::vector<std::uint8_t> message) override { link_->send(std::move(message)); }
    void close() override { link_->close(); }

  private:
    std::shared_ptr<Link> link_;
};

} // namespace

std::unique_ptr<ChildProcess> start_child_process(const ProcessStarter& starter, const ChildOptions& options,
                                                  ChildListener listener) {
    auto link = std::make_shared<Link>(starter, options.method, std::move(listener));
    link->start(options);
    return std::make_unique<Child>(std::move(link));
}

} // namespace gil::native
