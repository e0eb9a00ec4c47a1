// What a command does while it waits for another process: takes the signals that would end it, and shows that it lives.
#pragma once

#include <csignal>
#include <string>
#include <thread>

#include "native/base/posix.h"

namespace gil::native {

/// Turns SIGINT, SIGTERM and SIGHUP, where they are not ignored, into something to poll, as long as it lives. One at a
/// time; main thread.
class SignalWatch {
  public:
    SignalWatch();
    ~SignalWatch();
    SignalWatch(const SignalWatch&) = delete;
    SignalWatch& operator=(const SignalWatch&) = delete;

    [[nodiscard]] int fd() const { return fd_.get(); }
    /// The signal that has come; 0: none.
    [[nodiscard]] int taken() const;

  private:
    sigset_t before_{};
    UniqueFd fd_;
};

/// One line on standard error that is written over and over, only on a terminal; gone with this object.
class ProgressLine {
  public:
    ProgressLine();
    ~ProgressLine();
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    void show(const std::string& text);
    [[nodiscard]] bool is_terminal() const { return is_terminal_; }

  private:
    bool is_terminal_;
    bool shown_ = false;
};

/// A ProgressLine for work that keeps the calling thread: "simulating, 12 s", after a second, until this object
/// is gone. On a terminal it has a thread of its own, and shows
/// nothing where there is none to be had.
class BusyLine {
  public:
    explicit BusyLine(std::string what);

  private:
    ProgressLine line_;
    std::jthread ticker_; ///< stopped and joined before the line goes
};

} // namespace gil::native
