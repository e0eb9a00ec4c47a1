// The server behind WaitKind::http and WaitKind::socket: answers "GET /delay?ms=N" after N milliseconds, and "PING N"
// with one byte. Loopback only, in the front end. A client that does not send a whole request within ten seconds is
// left; when descriptors run out, new ones wait until one is free, or has been silent for a second.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <thread>

#include "core/base/result.h"
#include "core/base/units.h"
#include "native/base/posix.h"

namespace gil::native {

/// "250" or "0.5", 0 to 60000 milliseconds, as the time to wait.
[[nodiscard]] Result<Nanoseconds> parse_delay(std::string_view ms);

/// Made before the engine process starts (which is told the port), started after it: fork wants a single thread.
class DelayServer {
  public:
    /// Listens on a free port of 127.0.0.1; answers nothing before start().
    [[nodiscard]] static Result<std::unique_ptr<DelayServer>> open();
    /// Ends the thread; requests under way are cut off.
    ~DelayServer();
    DelayServer(const DelayServer&) = delete;
    DelayServer& operator=(const DelayServer&) = delete;

    [[nodiscard]] int port() const { return port_; }
    /// Starts the one thread that serves all connections. An Error when there is no thread to be had: the server is
    /// then of no use, as it lets clients connect and never answers them.
    [[nodiscard]] Result<Nothing> start();

  private:
    DelayServer(UniqueFd listener, UniqueFd stop, int port)
        : listener_(std::move(listener)), stop_(std::move(stop)), port_(port) {}
    void serve();

    UniqueFd listener_;
    UniqueFd stop_; ///< an eventfd: written to when the thread is to end
    int port_ = 0;
    std::thread thread_;
};

} // namespace gil::native
