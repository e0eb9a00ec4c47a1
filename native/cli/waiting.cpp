#include "native/cli/waiting.h"

#include <sys/signalfd.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <utility>

#include "native/base/start_thread.h"

namespace gil::native {

SignalWatch::SignalWatch() {
    sigset_t ending;
    ::sigemptyset(&ending);
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
        // What was ignored from the start is to be ignored: `nohup gilplay ...`, a job in the background of a script.
        struct sigaction now {};
        const bool ignored = ::sigaction(number, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
        if (!ignored) ::sigaddset(&ending, number);
    }
    ::sigprocmask(SIG_BLOCK, &ending, &before_);
    fd_.reset(::signalfd(-1, &ending, SFD_CLOEXEC | SFD_NONBLOCK));
}

SignalWatch::~SignalWatch() {
    ::sigprocmask(SIG_SETMASK, &before_, nullptr);
}

int SignalWatch::taken() const {
    signalfd_siginfo info{};
    return ::read(fd_.get(), &info, sizeof info) == sizeof info ? static_cast<int>(info.ssi_signo) : 0;
}

ProgressLine::ProgressLine() : is_terminal_(::isatty(STDERR_FILENO) != 0) {}

ProgressLine::~ProgressLine() {
    show("");
}

void ProgressLine::show(const std::string& text) {
    if (!is_terminal_ || (text.empty() && !shown_)) return;
    std::fprintf(stderr, "\r\033[K%s", text.c_str());
    std::fflush(stderr);
    shown_ = !text.empty();
}

BusyLine::BusyLine(std::string what) {
    if (!line_.is_terminal()) return;
    const auto tick = [this, what = std::move(what)](const std::stop_token& stop) {
        std::mutex mutex;
        std::condition_variable_any never;
        std::unique_lock lock(mutex);
        for (int seconds = 1;; ++seconds) {
            never.wait_for(lock, stop, std::chrono::seconds(1), [] { return false; });
            if (stop.stop_requested()) return;
            line_.show(what + ", " + std::to_string(seconds) + " s");
        }
    };
    // Without a thread there is no line; the work itself goes on.
    (void)start_thread(ticker_, tick).ok();
}

} // namespace gil::native
