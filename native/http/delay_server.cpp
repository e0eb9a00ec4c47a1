#include "native/http/delay_server.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <string>
#include <utility>

#include "core/base/text.h"
#include "native/base/event_loop.h"
#include "native/base/start_thread.h"
#include "native/http/client_waits.h"

namespace gil::native {

namespace {

constexpr double max_delay_ms = 60'000;
constexpr std::size_t max_request_bytes = 8'192;
/// For a whole request, from the connection or the answer before.
constexpr Nanoseconds request_patience = 10 * second;
/// While there is no room for more, how long a silent client is left alone, and how often room is looked for.
constexpr Nanoseconds least_patience = 1 * second;
constexpr Nanoseconds retry_after = 50 * millisecond;
/// Descriptors that the process needs besides.
constexpr std::size_t other_descriptors = 48;

std::string answer_text(std::string_view status, std::string_view body, bool last) {
    return "HTTP/1.1 " + std::string(status) +
           "\r\nContent-Type: text/plain\r\nContent-Length: " + std::to_string(body.size()) +
           (last ? "\r\nConnection: close\r\n\r\n" : "\r\n\r\n") + std::string(body);
}

std::size_t connection_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1'024;
    return std::max<std::size_t>(limit.rlim_cur, other_descriptors + 16) - other_descriptors;
}

/// What all connections share, and the loop that keeps them. One thread.
class Connections {
  public:
    explicit Connections(int listener) : listener_(listener), limit_(connection_limit()) {}

    void listen() {
        loop_.watch(listener_, POLLIN, [this](short) { accept_all(); });
    }

    EventLoop& loop() { return loop_; }
    ClientWaits::Ticket wait_for(ClientWaits::End end) {
        const auto ticket = waits_.begin(monotonic_now(), request_patience, std::move(end));
        look_later();
        return ticket;
    }
    void leave(ClientWaits::Ticket ticket) { waits_.leave(ticket); }
    void opened() { ++open_; }
    void closed() { --open_; }

  private:
    void accept_all();

    /// One timer is enough: all have the same patience. Without clients there is none.
    void look_later() {
        if (looking_ || !waits_.next_due()) return;
        looking_ = true;
        loop_.call_after(*waits_.next_due() - monotonic_now(), [this] {
            looking_ = false;
            waits_.end_overdue(monotonic_now());
            look_later();
        });
    }

    const int listener_;
    const std::size_t limit_;
    std::size_t open_ = 0;
    ClientWaits waits_;
    bool looking_ = false;
    EventLoop loop_; ///< goes first: connections that it still keeps tell that they close
};

/// One accepted connection; its callbacks keep it alive.
class Connection : public std::enable_shared_from_this<Connection> {
  public:
    Connection(Connections& all, UniqueFd fd) : all_(all), fd_(std::move(fd)) { all_.opened(); }
    ~Connection() { all_.closed(); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    void listen() {
        waited_for_ = all_.wait_for([this](ClientWaits::Why) { all_.loop().unwatch(fd_.get()); });
        all_.loop().watch(fd_.get(), POLLIN, [self = shared_from_this()](short) { self->receive(); });
    }

  private:
    static constexpr std::string_view ping = "PING ";

    void no_longer_listen() {
        all_.leave(waited_for_);
        all_.loop().unwatch(fd_.get());
    }

    void receive() {
        if (!read()) return no_longer_listen();
        if (!is_whole()) return;
        no_longer_listen();
        answer();
    }

    /// What has come; false at the end of the stream.
    bool read() {
        std::array<char, 2'048> piece;
        while (received_.size() < max_request_bytes) {
            const ssize_t got = ::recv(fd_.get(), piece.data(), piece.size(), 0);
            if (got < 0 && errno == EINTR) continue;
            if (got < 0 && errno == EAGAIN) return true;
            if (got <= 0) return false;
            received_.append(piece.data(), static_cast<std::size_t>(got));
        }
        return true;
    }

    [[nodiscard]] bool is_ping() const { return received_.starts_with(ping); }
    [[nodiscard]] std::string_view end_of_request() const { return is_ping() ? "\n" : "\r\n\r\n"; }
    /// A request, or more than one can be.
    [[nodiscard]] bool is_whole() const {
        return received_.find(end_of_request()) != std::string::npos || received_.size() >= max_request_bytes;
    }

    std::string take_request() {
        const std::string_view end = end_of_request();
        const std::size_t at = received_.find(end);
        std::string request = received_.substr(0, at);
        received_.erase(0, at == std::string::npos ? at : at + end.size());
        return request;
    }

    void answer() {
        const bool pinged = is_ping();
        const std::string request = take_request();
        if (pinged) return answer_ping(request.substr(ping.size()));
        constexpr std::string_view wanted = "GET /delay?ms=";
        const std::string line = request.substr(0, request.find('\r'));
        if (request.size() >= max_request_bytes) return respond("431 Request Header Fields Too Large", "too long\n");
        if (!line.starts_with(wanted)) return respond("404 Not Found", "only GET /delay?ms=N\n");
        const std::string ms = line.substr(wanted.size(), line.find(' ', wanted.size()) - wanted.size());
        const auto delay = parse_delay(ms);
        if (!delay) return respond("400 Bad Request", delay.error().line() + "\n");
        all_.loop().call_after(delay.value(), [self = shared_from_this()] { self->respond("200 OK", "done\n"); });
    }

    void answer_ping(const std::string& ms) {
        const auto delay = parse_delay(ms);
        if (!delay) return (void)write(delay.error().line());
        all_.loop().call_after(delay.value(), [self = shared_from_this()] {
            (void)self->read();
            if (self->write("!")) self->next();
        });
    }

    /// The last answer says so; the connection ends with it, unless the client has sent more meanwhile.
    void respond(std::string_view status, std::string_view body) {
        (void)read();
        if (write(answer_text(status, body, !is_whole()))) next();
    }

    /// Requests that came in one packet are answered one after another.
    void next() {
        if (is_whole()) all_.loop().call_after(0, [self = shared_from_this()] { self->answer(); });
    }

    /// False when the client does not take its answers: one always fits into a socket's buffer.
    bool write(const std::string& text) {
        return ::send(fd_.get(), text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
    }

    Connections& all_;
    UniqueFd fd_;
    ClientWaits::Ticket waited_for_;
    std::string received_;
};

void Connections::accept_all() {
    for (;;) {
        bool full = open_ >= limit_;
        if (!full) {
            UniqueFd fd(::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
            if (fd.valid()) {
                std::make_shared<Connection>(*this, std::move(fd))->listen();
                continue;
            }
            full = errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
            if (!full) return;
        }
        if (waits_.end_longest(monotonic_now() - least_patience)) continue;
        // Who wants to connect can always be seen, so looking at once would be looking all the time.
        loop_.unwatch(listener_);
        loop_.call_after(retry_after, [this] { listen(); });
        return;
    }
}

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
    Connections connections(listener_.get());
    EventLoop& loop = connections.loop();
    loop.watch(stop_.get(), POLLIN, [&loop](short) { loop.stop(); });
    connections.listen();
    loop.run();
}

} // namespace gil::native
