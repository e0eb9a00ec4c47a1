#include "native/desktop/engine_watcher.h"

#include <SDL.h>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>

#include "native/base/start_thread.h"

namespace gil::native {

namespace {

void signal_event(const UniqueFd& event) {
    const std::uint64_t one = 1;
    (void)!::write(event.get(), &one, sizeof one);
}

/// Blocks until `fd` is readable; false: `stop` was first.
bool wait_for(int fd, int stop) {
    std::array<pollfd, 2> polled{{{fd, POLLIN, 0}, {stop, POLLIN, 0}}};
    while (::poll(polled.data(), polled.size(), -1) < 0) {
    }
    return polled[1].revents == 0;
}

} // namespace

EngineWatcher::EngineWatcher()
    : event_type_(SDL_RegisterEvents(1)), rearm_(::eventfd(0, EFD_CLOEXEC)), stop_(::eventfd(0, EFD_CLOEXEC)) {}

EngineWatcher::~EngineWatcher() {
    if (!thread_.joinable()) return;
    signal_event(stop_);
    thread_.join();
}

Result<Nothing> EngineWatcher::start(int fd) {
    return start_thread(thread_, [this, fd] { watch(fd); });
}

void EngineWatcher::rearm() {
    signal_event(rearm_);
}

void EngineWatcher::watch(int fd) const {
    while (wait_for(fd, stop_.get())) {
        SDL_Event event{};
        event.type = event_type_;
        SDL_PushEvent(&event);
        if (!wait_for(rearm_.get(), stop_.get())) return;
        std::uint64_t ignored = 0;
        (void)!::read(rearm_.get(), &ignored, sizeof ignored);
    }
}

} // namespace gil::native
