// A client that sends what no browser would, and many that send next to nothing. All of it blocks, up to a time.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/units.h"
#include "native/base/posix.h"

namespace gil::native::test {

/// One connection to 127.0.0.1.
class HttpClient {
  public:
    /// Fails the running test when nobody takes the connection.
    explicit HttpClient(int port);

    /// False when the server takes no more.
    bool send(std::string_view text);

    struct Answer {
        int status = 0; ///< 0: there was none
        std::string head;
        std::string body;

        /// The value of a header field; empty: there is none.
        [[nodiscard]] std::string field(std::string_view name) const;
    };
    /// The next answer, with the body that its Content-Length tells; `head`: without one.
    [[nodiscard]] Answer receive(bool head = false, Nanoseconds patience = 20 * second);

    /// Whether the server ends the connection in time; what it sends until then is thrown away.
    [[nodiscard]] bool is_ended(Nanoseconds patience);

    [[nodiscard]] int fd() const { return fd_.get(); }

  private:
    bool read_more(Nanoseconds deadline);

    UniqueFd fd_;
    std::string received_;
};

/// One request on a connection of its own.
[[nodiscard]] HttpClient::Answer ask(int port, std::string_view request);
/// The same for "GET PATH" with some more header lines.
[[nodiscard]] HttpClient::Answer get(int port, const std::string& path, const std::string& lines = "");

/// Sends `begin` and then `more` over and over, until the server ends the connection or `most` bytes are sent.
/// The number of bytes sent.
[[nodiscard]] std::size_t send_without_end(int port, std::string_view begin, std::string_view more, std::size_t most);

/// Clients that connect at once, each with the beginning of a request.
class SlowClients {
  public:
    /// As many of `count` as this process may have descriptors for.
    SlowClients(int port, std::size_t count, std::string_view begin);
    /// One more byte by each of them that is still connected.
    void drip();
    [[nodiscard]] std::size_t count() const { return clients_.size(); }

  private:
    std::vector<UniqueFd> clients_;
};

} // namespace gil::native::test
