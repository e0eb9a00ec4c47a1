#include "native/cli/waiting.h"

#include <sys/signalfd.h>
#include <unistd.h>

#include <cstdio>

namespace gil::native {

SignalWatch::SignalWatch() {
    sigset_t ending;
    ::sigemptyset(&ending);
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) ::sigaddset(&ending, number);
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

} // namespace gil::native
