// The main thread of a program with a GIL while it starts the others: threading.Thread.start() comes back once the new
// thread runs, and its caller then needs the GIL for the next one (Lib/threading.py, _started.wait()).
#pragma once

#include <functional>

#include "core/simulator/simulation.h"

namespace gil::sim {

class ThreadStarter : public Program {
  public:
    /// `start` starts thread `number`, from 0, at `time`; as soon as it has the GIL it is to call started(). `place`
    /// has no lane: the main thread does nothing else.
    ThreadStarter(Simulation& simulation, const Place& place, int count,
                  std::function<void(int number, Nanoseconds time)> start);

    /// Of the main thread, which the owner sets going (Simulation::start).
    [[nodiscard]] int thread() const { return thread_; }
    void started();

    void next(int thread) override;
    void reached(int thread, int number, std::int64_t amount) override;

  private:
    Simulation& simulation_;
    int count_;
    std::function<void(int, Nanoseconds)> start_;
    int thread_;
    int next_ = 0;
    bool awaits_start_ = false;
};

} // namespace gil::sim
