#include "core/simulator/helper_threads.h"

#include <algorithm>

namespace gil::sim {

/// The loop's default executor has min(32, cores + 4) workers (concurrent/futures/thread.py).
int HelperThreads::most() const {
    return std::min(32, simulation_.machine().cores + 4);
}

void HelperThreads::call(int caller, const Blocking& call) {
    calls_.push_back({caller, call});
    if (!idle_.empty()) {
        simulation_.call(idle_.front());
        idle_.pop_front();
    } else if (threads_ < most()) {
        ++threads_;
        simulation_.start(simulation_.add_thread(*this, {}), simulation_.now() + simulation_.machine().thread_start);
    }
}

void HelperThreads::next(int thread) {
    if (calls_.empty()) {
        idle_.push_back(thread);
        return simulation_.then(thread, op::block());
    }
    const Call call = calls_.front();
    calls_.pop_front();
    simulation_.then(thread, {op::run(State::waiting_for_io, call.call.cpu), op::sleep(call.call.away, call.call.slack),
                              op::mark(call.caller)});
}

void HelperThreads::reached(int /*thread*/, int number, std::int64_t /*amount*/) {
    done_(number);
}

} // namespace gil::sim
