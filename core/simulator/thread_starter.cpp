#include "core/simulator/thread_starter.h"

#include <utility>

namespace gil::sim {

ThreadStarter::ThreadStarter(Simulation& simulation, const Place& place, int count,
                             std::function<void(int, Nanoseconds)> start)
    : simulation_(simulation), count_(count), start_(std::move(start)), thread_(simulation.add_thread(*this, place)) {}

void ThreadStarter::started() {
    awaits_start_ = false;
    // Half of what a thread costs passes before it runs, half until its starter knows.
    simulation_.call_after(thread_, simulation_.machine().thread_start / 2);
}

void ThreadStarter::next(int thread) {
    if (awaits_start_) return simulation_.then(thread, op::block());
    const Operation let_go = op::let_go(State::idle, ReleaseCause::none);
    if (next_ == count_) {
        // Back from the last start(), it goes on to join().
        ++next_;
        return simulation_.then(thread, {op::take_gil(), let_go, op::end()});
    }
    awaits_start_ = true;
    simulation_.then(thread, {op::take_gil(), op::mark(0, next_++), let_go});
}

void ThreadStarter::reached(int /*thread*/, int /*number*/, std::int64_t amount) {
    start_(static_cast<int>(amount), simulation_.now() + (simulation_.machine().thread_start + 1) / 2);
}

} // namespace gil::sim
