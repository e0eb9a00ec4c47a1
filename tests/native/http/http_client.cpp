#include "tests/native/http/http_client.h"

#include <catch2/catch_test_macros.hpp>

#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>

#include "native/base/event_loop.h"

namespace gil::native::test {

namespace {

/// Blocking, but never longer than a few seconds in one call.
UniqueFd connected(int port) {
    UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const timeval patience{5, 0};
    ::setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return {};
    return fd;
}

bool send_all(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t sent = ::send(fd, text.data(), text.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

} // namespace

HttpClient::HttpClient(int port) : fd_(connected(port)) {
    REQUIRE(fd_.valid());
}

bool HttpClient::send(std::string_view text) {
    return send_all(fd_.get(), text);
}

bool HttpClient::read_more(Nanoseconds deadline) {
    pollfd polled{fd_.get(), POLLIN, 0};
    const Nanoseconds left = std::max<Nanoseconds>(deadline - monotonic_now(), 0);
    if (::poll(&polled, 1, static_cast<int>(left / millisecond + 1)) <= 0) return false;
    std::array<char, 65'536> piece;
    const ssize_t got = ::recv(fd_.get(), piece.data(), piece.size(), 0);
    if (got <= 0) return false;
    received_.append(piece.data(), static_cast<std::size_t>(got));
    return true;
}

HttpClient::Answer HttpClient::receive(bool head, Nanoseconds patience) {
    constexpr std::string_view end = "\r\n\r\n";
    const Nanoseconds deadline = monotonic_now() + patience;
    while (received_.find(end) == std::string::npos) {
        if (!read_more(deadline)) return {};
    }
    Answer answer;
    answer.head = received_.substr(0, received_.find(end) + 2);
    received_.erase(0, answer.head.size() + 2);
    answer.status = std::atoi(answer.head.substr(std::min(answer.head.find(' '), answer.head.size() - 1)).c_str());
    if (head || answer.status == 304) return answer;
    const auto length = static_cast<std::size_t>(std::atoll(answer.field("Content-Length").c_str()));
    while (received_.size() < length) {
        if (!read_more(deadline)) break;
    }
    answer.body = received_.substr(0, length);
    received_.erase(0, length);
    return answer;
}

std::string HttpClient::Answer::field(std::string_view name) const {
    const std::string line = "\r\n" + std::string(name) + ": ";
    const std::size_t begin = head.find(line);
    if (begin == std::string::npos) return "";
    return head.substr(begin + line.size(), head.find("\r\n", begin + 2) - begin - line.size());
}

bool HttpClient::is_ended(Nanoseconds patience) {
    const Nanoseconds deadline = monotonic_now() + patience;
    while (read_more(deadline)) received_.clear();
    return monotonic_now() < deadline;
}

HttpClient::Answer ask(int port, std::string_view request) {
    HttpClient client(port);
    client.send(request);
    return client.receive(request.starts_with("HEAD "));
}

HttpClient::Answer get(int port, const std::string& path, const std::string& lines) {
    return ask(port, "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + lines + "\r\n");
}

std::size_t send_without_end(int port, std::string_view begin, std::string_view more, std::size_t most) {
    const UniqueFd fd = connected(port);
    REQUIRE(fd.valid());
    std::size_t sent = 0;
    for (std::string_view next = begin; sent < most && send_all(fd.get(), next); next = more) sent += next.size();
    return sent;
}

SlowClients::SlowClients(int port, std::size_t count, std::string_view begin) {
    raise_descriptor_limit();
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    count = std::min(count, static_cast<std::size_t>(limit.rlim_cur) - 100);
    while (clients_.size() < count) {
        clients_.push_back(connected(port));
        REQUIRE(clients_.back().valid());
        (void)send_all(clients_.back().get(), begin);
    }
}

void SlowClients::drip() {
    for (UniqueFd& client : clients_) {
        if (client.valid() && ::send(client.get(), "x", 1, MSG_NOSIGNAL | MSG_DONTWAIT) < 0) client.reset();
    }
}

} // namespace gil::native::test
