// The engine's event loop: timers and file descriptors, one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <vector>

#include "core/base/units.h"

namespace gil::native {

/// CLOCK_MONOTONIC in nanoseconds: the same for all processes of this computer. Any thread.
[[nodiscard]] Nanoseconds monotonic_now();

/// Everything on the thread that runs the loop. Callbacks may add and remove timers and watches, also their own.
class EventLoop {
  public:
    /// Runs `then` after at least `delay` from a later round of the loop, never from inside this call.
    /// Equal due times run in the order they were asked for.
    void call_after(Nanoseconds delay, std::function<void()> then);

    /// Calls `ready(revents)` whenever poll reports `events` (or an error or hang-up) on `fd`; replaces an earlier
    /// watch of the same descriptor. The loop does not own `fd`: unwatch it before it is closed.
    void watch(int fd, short events, std::function<void(short)> ready);
    void unwatch(int fd);

    /// True when nothing but `fd` can bring a callback.
    [[nodiscard]] bool waits_only_for(int fd) const {
        return timers_.empty() && watches_.size() == 1 && watches_.contains(fd);
    }

    /// Rounds until stop() is called or nothing is left to wait for.
    void run();
    void stop() { stopped_ = true; }
    /// Forgets all timers and watches while it can still be called by what they held.
    void clear();

    /// One round: waits for the first timer or descriptor, at most `max_wait` (forever when empty), and runs what is
    /// due. Returns at once when there is nothing to wait for.
    void step(std::optional<Nanoseconds> max_wait = std::nullopt);

  private:
    struct Timer {
        Nanoseconds due = 0;
        std::uint64_t order = 0;
        std::function<void()> then;
    };
    struct Later {
        bool operator()(const Timer& a, const Timer& b) const {
            return a.due != b.due ? a.due > b.due : a.order > b.order;
        }
    };
    struct Watch {
        short events = 0;
        std::uint64_t order = 0; ///< tells a watch from a later one of the same descriptor
        std::shared_ptr<std::function<void(short)>> ready;
    };

    void run_due_timers();

    std::priority_queue<Timer, std::vector<Timer>, Later> timers_;
    std::map<int, Watch> watches_;
    std::uint64_t next_order_ = 0;
    bool stopped_ = false;
};

} // namespace gil::native
