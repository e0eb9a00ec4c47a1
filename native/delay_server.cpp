#include "native/delay_server.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <string>
#include <utility>

#include "core/names.h"
#include "native/event_loop.h"
#include "native/start_thread.h"

namespace gil::native {

namespace {

constexpr double max_delay_ms = 60'000;
constexpr std::size_t max_request_bytes = 8'192;

std::string answer_text(std::string_view status, std::string_view body) {
    return "HTTP/1.1 " + std::string(status) +
           "\r\nContent-Type: text/plain\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\nConnection: close\r\n\r\n" + std::string(body);
}

/// One accepted connection; its callbacks keep it alive.
class Connection : public std::enable_shared_from_this<Connection> {
  public:
    Connection(EventLoop& loop, UniqueFd fd) : loop_(loop), fd_(std::move(fd)) {}

    void listen() {
        loop_.watch(fd_.get(), POLLIN, [self = shared_from_this()](short) { self->receive(); });
    }

  private:
    static constexpr std::string_view ping = "PING ";

    void receive() {
        std::array<char, 2'048> piece;
        const ssize_t got = ::recv(fd_.get(), piece.data(), piece.size(), 0);
        if (got < 0 && (errno == EINTR || errno == EAGAIN)) return;
        if (got <= 0) return loop_.unwatch(fd_.get());
        request_.append(piece.data(), static_cast<std::size_t>(got));
        const bool whole = request_.find(is_ping() ? "\n" : "\r\n\r\n") != std::string::npos;
        if (!whole && request_.size() < max_request_bytes) return;
        loop_.unwatch(fd_.get());
        answer();
    }

    [[nodiscard]] bool is_ping() const { return request_.starts_with(ping); }

    void answer_ping() {
        const std::string ms = request_.substr(ping.size(), request_.find('\n') - ping.size());
        const auto delay = parse_delay(ms);
        if (!delay) return write(delay.error().line());
        loop_.call_after(delay.value(), [self = shared_from_this()] { self->write("!"); });
    }

    void answer() {
        if (is_ping()) return answer_ping();
        constexpr std::string_view wanted = "GET /delay?ms=";
        const std::string line = request_.substr(0, request_.find('\r'));
        if (!line.starts_with(wanted)) return write(answer_text("404 Not Found", "only GET /delay?ms=N\n"));
        const std::string ms = line.substr(wanted.size(), line.find(' ', wanted.size()) - wanted.size());
        const auto delay = parse_delay(ms);
        if (!delay) return write(answer_text("400 Bad Request", delay.error().line() + "\n"));
        loop_.call_after(delay.value(), [self = shared_from_this()] { self->write(answer_text("200 OK", "done\n")); });
    }

    /// An answer of this size always fits into a fresh socket's buffer.
    void write(const std::string& text) { (void)::send(fd_.get(), text.data(), text.size(), MSG_NOSIGNAL); }

    EventLoop& loop_;
    UniqueFd fd_;
    std::string request_;
};

} // namespace

Result<Nanoseconds> parse_delay(std::string_view ms) {
    const std::string accepted = "0 to 60000";
    const double value = number_of(ms);
    if (!std::isfinite(value)) return Error{"ms", "not a number", accepted};
    if (value < 0 || value > max_delay_ms) return Error{"ms", "out of range", accepted};
    return from_ms(value);
}

Result<std::unique_ptr<DelayServer>> DelayServer::open() {
    UniqueFd listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    UniqueFd stop(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const general = reinterpret_cast<sockaddr*>(&address);
    // A short backlog would drop connections, and a dropped one is tried again only after a second.
    if (!listener.valid() || !stop.valid() || ::bind(listener.get(), general, size) != 0 ||
        ::listen(listener.get(), 4'096) != 0 || ::getsockname(listener.get(), general, &size) != 0) {
        return system_error("", "no server on loopback", errno);
    }
    return std::unique_ptr<DelayServer>(new DelayServer(std::move(listener), std::move(stop), ntohs(address.sin_port)));
}

DelayServer::~DelayServer() {
    if (!thread_.joinable()) return;
    const std::uint64_t one = 1;
    (void)!::write(stop_.get(), &one, sizeof one);
    thread_.join();
}

Result<Nothing> DelayServer::start() {
    return start_thread(thread_, [this] { serve(); });
}

void DelayServer::serve() {
    EventLoop loop;
    loop.watch(stop_.get(), POLLIN, [&](short) { loop.stop(); });
    loop.watch(listener_.get(), POLLIN, [&](short) {
        for (;;) {
            UniqueFd fd(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
            if (!fd.valid()) return;
            std::make_shared<Connection>(loop, std::move(fd))->listen();
        }
    });
    loop.run();
}

} // namespace gil::native
