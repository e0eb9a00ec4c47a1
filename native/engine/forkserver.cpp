#include "native/engine/forkserver.h"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <map>
#include <utility>

#include "native/engine/worker.h"

namespace gil::native {

namespace {

/// How long a caller of this is kept at most by a forkserver that has been stopped.
constexpr Nanoseconds longest_block = 2 * second;

/// One datagram from the engine; start_worker carries the worker's socket beside it.
struct Request {
    enum class Kind : std::uint32_t { start_worker, end_worker, are_you_alive } kind = Kind::start_worker;
    std::uint32_t serial = 0;
};

bool send_request(int socket, Request request, int passed) {
    iovec data{&request, sizeof request};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
    msghdr message{};
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    if (passed >= 0) {
        message.msg_control = control.data();
        message.msg_controllen = control.size();
        cmsghdr* header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int));
        std::memcpy(CMSG_DATA(header), &passed, sizeof passed);
    }
    ssize_t sent = 0;
    do {
        // A queue of thousands that is full will not be emptied either.
        sent = ::sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    } while (sent < 0 && errno == EINTR);
    return sent == static_cast<ssize_t>(sizeof request);
}

/// False at the end of the file: the engine has gone.
bool receive_request(int socket, Request& request, UniqueFd& passed) {
    iovec data{&request, sizeof request};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
    msghdr message{};
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    ssize_t got = 0;
    do {
        got = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    } while (got < 0 && errno == EINTR);
    if (const cmsghdr* header = CMSG_FIRSTHDR(&message); got > 0 && header && header->cmsg_type == SCM_RIGHTS) {
        int fd = -1;
        std::memcpy(&fd, CMSG_DATA(header), sizeof fd);
        passed.reset(fd);
    }
    return got == static_cast<ssize_t>(sizeof request);
}

/// The forkserver's own life: forks on request, reports every end.
class Server {
  public:
    Server(int socket, int delay_port) : socket_(socket), delay_port_(delay_port) {}

    /// noexcept: an exception must not leave it for the stack of whoever forked us.
    [[noreturn]] void run() noexcept {
        sigset_t child_ended;
        ::sigemptyset(&child_ended);
        ::sigaddset(&child_ended, SIGCHLD);
        ::sigprocmask(SIG_BLOCK, &child_ended, nullptr);
        const UniqueFd ended(::signalfd(-1, &child_ended, SFD_CLOEXEC | SFD_NONBLOCK));
        for (;;) {
            std::array<pollfd, 2> polled{{{socket_, POLLIN, 0}, {ended.get(), POLLIN, 0}}};
            if (::poll(polled.data(), polled.size(), -1) < 0 && errno != EINTR) leave(1);
            if (polled[1].revents != 0) {
                signalfd_siginfo ignored{};
                while (::read(ended.get(), &ignored, sizeof ignored) > 0) {
                }
                reap();
            }
            if (polled[0].revents != 0) obey();
        }
    }

  private:
    void obey() {
        Request request;
        UniqueFd passed;
        if (!receive_request(socket_, request, passed)) leave(0);
        if (request.kind == Request::Kind::are_you_alive) return tell({Forkserver::Notice::Kind::alive, 0, 0});
        if (request.kind == Request::Kind::end_worker) {
            for (const auto& [pid, serial] : workers_) {
                if (serial == request.serial) ::kill(pid, SIGKILL);
            }
            return;
        }
        const pid_t self = ::getpid();
        const pid_t pid = ::fork();
        if (pid == 0) run_forked_worker(passed.get(), self, delay_port_);
        if (pid > 0) {
            workers_[pid] = request.serial;
        } else {
            tell({Forkserver::Notice::Kind::refused, request.serial, errno});
        }
    }

    void reap() {
        int status = 0;
        for (pid_t pid = 0; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;) {
            const auto found = workers_.find(pid);
            if (found == workers_.end()) continue;
            tell({Forkserver::Notice::Kind::ended, found->second, status});
            workers_.erase(found);
        }
    }

    void tell(Forkserver::Notice notice) {
        ssize_t sent = 0;
        do {
            sent = ::send(socket_, &notice, sizeof notice, MSG_NOSIGNAL);
        } while (sent < 0 && errno == EINTR);
        if (sent < 0) leave(0);
    }

    /// Leaves no worker and no zombie behind.
    [[noreturn]] void leave(int code) {
        for (const auto& [pid, serial] : workers_) ::kill(pid, SIGKILL);
        for (const auto& [pid, serial] : workers_) (void)wait_for_exit(pid);
        ::_exit(code);
    }

    int socket_;
    int delay_port_;
    std::map<pid_t, std::uint32_t> workers_;
};

} // namespace

Result<std::shared_ptr<Forkserver>> Forkserver::start(int delay_port, Nanoseconds patience) {
    auto pair = socket_pair(SOCK_SEQPACKET);
    if (!pair) return pair.error();
    auto& [ours, theirs] = pair.value();
    const pid_t parent = ::getpid();
    const pid_t pid = ::fork();
    if (pid < 0) return system_error("", "the forkserver could not be started", errno);
    if (pid == 0) {
        die_with_parent(parent);
        reset_signals();
        close_all_but(std::array{theirs.get()});
        ::prctl(PR_SET_NAME, "gil-forkserver");
        Server(theirs.get(), delay_port).run();
    }
    return std::shared_ptr<Forkserver>(new Forkserver(std::move(ours), pid, patience));
}

Forkserver::~Forkserver() {
    end();
}

void Forkserver::end() {
    told_.clear();
    watch();
    gone_ = true;
    socket_.reset();
    if (pid_ > 0) (void)wait_or_kill(std::exchange(pid_, -1), std::min(patience_, longest_block));
}

std::optional<std::uint32_t> Forkserver::start_worker(int socket, std::function<void(const Notice&)> told) {
    const std::uint32_t serial = next_serial_++;
    if (gone_ || !send_request(socket_.get(), {Request::Kind::start_worker, serial}, socket)) return std::nullopt;
    told_[serial] = std::move(told);
    watch();
    if (!looking_) look_later();
    return serial;
}

void Forkserver::end_worker(std::uint32_t serial) {
    if (told_.erase(serial) == 0 || gone_) return;
    if (!send_request(socket_.get(), {Request::Kind::end_worker, serial}, -1)) return;
    const Nanoseconds deadline = monotonic_now() + std::min(patience_, longest_block);
    while (!gone_) {
        const Nanoseconds left = deadline - monotonic_now();
        if (left <= 0) return give_up();
        pollfd polled{socket_.get(), POLLIN, 0};
        ::poll(&polled, 1, static_cast<int>(std::min<Nanoseconds>(left / millisecond + 1, 100)));
        while (const auto notice = read_notice()) {
            if (notice->kind == Notice::Kind::alive) continue;
            if (notice->serial == serial) return watch();
            // Another one's: told from the loop, as promised.
            loop_->call_after(0, [self = shared_from_this(), other = *notice] { self->tell(other); });
        }
    }
}

bool Forkserver::gone() {
    if (told_.empty()) {
        while (read_notice()) {
        }
    }
    return gone_;
}

std::optional<Forkserver::Notice> Forkserver::read_notice() {
    if (!socket_.valid()) return std::nullopt;
    Notice notice;
    ssize_t got = 0;
    do {
        got = ::recv(socket_.get(), &notice, sizeof notice, MSG_DONTWAIT);
    } while (got < 0 && errno == EINTR);
    if (got == static_cast<ssize_t>(sizeof notice)) {
        asked_at_ = 0;
        return notice;
    }
    if (!(got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))) gone_ = true;
    return std::nullopt;
}

/// What is told may end the last one that holds this.
void Forkserver::take_notices() {
    const auto self = shared_from_this();
    while (const auto notice = read_notice()) tell(*notice);
    // Its workers died with it.
    while (gone_ && !told_.empty()) tell({Notice::Kind::ended, told_.begin()->first, SIGKILL});
    watch();
}

void Forkserver::tell(const Notice& notice) {
    if (notice.kind == Notice::Kind::alive) return;
    const auto found = told_.find(notice.serial);
    if (found == told_.end()) return;
    const auto told = std::move(found->second);
    told_.erase(found);
    told(notice);
}

/// Only while there is something to be told, so that a loop with nothing else to do comes to its end.
void Forkserver::watch() {
    const bool wanted = !told_.empty() && !gone_;
    if (wanted == watching_) return;
    watching_ = wanted;
    if (wanted) {
        loop_->watch(socket_.get(), POLLIN, [this](short) { take_notices(); });
    } else {
        loop_->unwatch(socket_.get());
    }
}

void Forkserver::look_later() {
    looking_ = true;
    loop_->call_after(patience_ / 2, [weak = weak_from_this()] {
        if (const auto self = weak.lock()) self->look();
    });
}

/// As long as it has workers, asks now and then whether it is alive.
void Forkserver::look() {
    looking_ = false;
    take_notices(); // who comes late to its loop must not blame others
    if (told_.empty() || gone_) return;
    const Nanoseconds now = monotonic_now();
    if (asked_at_ > 0 && now - asked_at_ >= patience_) return give_up();
    if (asked_at_ == 0 && send_request(socket_.get(), {Request::Kind::are_you_alive, 0}, -1)) asked_at_ = now;
    look_later();
}

/// What has been stopped cannot be asked to end. Its workers end with it.
void Forkserver::give_up() {
    if (gone_) return;
    gone_ = true;
    watch();
    socket_.reset();
    (void)wait_or_kill(std::exchange(pid_, -1), 0);
    loop_->call_after(0, [self = shared_from_this()] {
        while (!self->told_.empty()) self->tell({Notice::Kind::lost, self->told_.begin()->first, SIGKILL});
    });
}

} // namespace gil::native
