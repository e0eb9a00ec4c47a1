#include "native/http/loopback_client.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "native/base/posix.h"

namespace gil::native {

namespace {

constexpr Nanoseconds answer_limit = 10 * second;
constexpr std::size_t max_answer_bytes = 64u << 10;

const char* name_of(WaitKind kind) {
    return kind == WaitKind::http ? "HTTP request" : "socket";
}

Error request_error(WaitKind kind, const std::string& what, int error) {
    return system_error(name_of(kind), what, error);
}

std::string request_text(WaitKind kind, Nanoseconds delay) {
    const char* format = kind == WaitKind::http
                             ? "GET /delay?ms=%.6g HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
                             : "PING %.6g\n";
    std::array<char, 160> text{};
    std::snprintf(text.data(), text.size(), format, to_ms(delay));
    return text.data();
}

Result<Nothing> judge_answer(WaitKind kind, const std::string& answer) {
    if (kind == WaitKind::http ? answer.starts_with("HTTP/1.1 200 ") : answer == "!") return Nothing{};
    const std::string line = answer.substr(0, answer.find('\r'));
    return Error{name_of(kind), line.empty() ? "the server closed without an answer" : "answered " + line, ""};
}

/// Begins to connect a non-blocking socket to 127.0.0.1.
Result<UniqueFd> begin_connect(WaitKind kind, int port) {
    UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!fd.valid()) return request_error(kind, "no socket", errno);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 && errno != EINPROGRESS) {
        return request_error(kind, "the delay server cannot be reached", errno);
    }
    return fd;
}

/// One request under way. Ready to be driven by poll, whoever polls.
class LoopbackRequest {
  public:
    LoopbackRequest(WaitKind kind, UniqueFd fd, Nanoseconds delay)
        : kind_(kind), fd_(std::move(fd)), unsent_(request_text(kind, delay)) {}

    [[nodiscard]] int fd() const { return fd_.get(); }
    [[nodiscard]] short wanted() const { return unsent_.empty() ? POLLIN : POLLOUT; }

    /// Does what can be done now. True when the request has ended, with `result` set.
    bool advance(Result<Nothing>& result) { return unsent_.empty() ? receive(result) : send_text(result); }

  private:
    bool send_text(Result<Nothing>& result) {
        const ssize_t sent = ::send(fd_.get(), unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
        if (sent >= 0) {
            unsent_.erase(0, static_cast<std::size_t>(sent));
            return false;
        }
        if (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK) return false;
        result = request_error(kind_, "the delay server cannot be reached", errno);
        return true;
    }

    bool receive(Result<Nothing>& result) {
        std::array<char, 4'096> piece;
        const ssize_t got = ::recv(fd_.get(), piece.data(), piece.size(), 0);
        if (got > 0 && answer_.size() < max_answer_bytes) {
            answer_.append(piece.data(), static_cast<std::size_t>(got));
            return false;
        }
        if (got < 0 && (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK)) return false;
        result = got < 0 ? Result<Nothing>(request_error(kind_, "broken off", errno)) : judge_answer(kind_, answer_);
        return true;
    }

    WaitKind kind_;
    UniqueFd fd_;
    std::string unsent_;
    std::string answer_;
};

Error timed_out(WaitKind kind) {
    return Error{name_of(kind),
                 "no answer within " + std::to_string(answer_limit / second) + " s of the time asked for", ""};
}

} // namespace

Result<Nothing> loopback_wait(WaitKind kind, int port, Nanoseconds delay) {
    auto fd = begin_connect(kind, port);
    if (!fd) return fd.error();
    LoopbackRequest request(kind, std::move(fd.value()), delay);
    const Nanoseconds deadline = monotonic_now() + delay + answer_limit;
    Result<Nothing> result = Nothing{};
    for (;;) {
        const Nanoseconds left = deadline - monotonic_now();
        if (left <= 0) return timed_out(kind);
        pollfd polled{request.fd(), request.wanted(), 0};
        const int ready = ::poll(&polled, 1, static_cast<int>(left / millisecond + 1));
        if (ready < 0 && errno != EINTR) return request_error(kind, "poll", errno);
        if (ready > 0 && request.advance(result)) return result;
    }
}

namespace {

struct AsyncRequest : std::enable_shared_from_this<AsyncRequest> {
    AsyncRequest(EventLoop& l, LoopbackRequest r, std::function<void(Result<Nothing>)> t)
        : loop(l), request(std::move(r)), then(std::move(t)) {}

    void listen() {
        loop.watch(request.fd(), request.wanted(), [self = shared_from_this()](short) { self->advance(); });
    }

    void advance() {
        Result<Nothing> result = Nothing{};
        const short before = request.wanted();
        if (request.advance(result)) {
            finish(std::move(result));
        } else if (request.wanted() != before) {
            listen();
        }
    }

    void finish(Result<Nothing> result) {
        if (!then) return;
        loop.unwatch(request.fd());
        std::exchange(then, nullptr)(std::move(result));
    }

    EventLoop& loop;
    LoopbackRequest request;
    std::function<void(Result<Nothing>)> then;
};

} // namespace

void loopback_wait_async(EventLoop& loop, WaitKind kind, int port, Nanoseconds delay,
                         std::function<void(Result<Nothing>)> then) {
    auto fd = begin_connect(kind, port);
    if (!fd) {
        loop.call_after(0, [then = std::move(then), error = fd.error()] { then(error); });
        return;
    }
    auto under_way =
        std::make_shared<AsyncRequest>(loop, LoopbackRequest(kind, std::move(fd.value()), delay), std::move(then));
    under_way->listen();
    // Held weakly: a request that has ended gives its socket back at once.
    loop.call_after(delay + answer_limit, [weak = std::weak_ptr(under_way), kind] {
        if (const auto late = weak.lock()) late->finish(timed_out(kind));
    });
}

} // namespace gil::native
