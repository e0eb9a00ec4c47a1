// The threads behind asyncio.to_thread: they block in calls that have no asynchronous form, such as those on files.
#pragma once

#include <deque>
#include <functional>

#include "core/simulator/costs.h"
#include "core/simulator/simulation.h"

namespace gil::sim {

class HelperThreads : public Program {
  public:
    /// `done`: the call that was made for `caller` has returned.
    HelperThreads(Simulation& simulation, std::function<void(int caller)> done)
        : simulation_(simulation), done_(std::move(done)) {}

    void call(int caller, const Blocking& call);

    void next(int thread) override;
    void reached(int thread, int number, std::int64_t amount) override;

  private:
    struct Call {
        int caller = none;
        Blocking call;
    };
    [[nodiscard]] int most() const;

    Simulation& simulation_;
    std::function<void(int caller)> done_;
    std::deque<Call> calls_; ///< that nobody makes yet
    std::deque<int> idle_;
    int threads_ = 0;
};

} // namespace gil::sim
