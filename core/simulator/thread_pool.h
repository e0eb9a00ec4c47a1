// ThreadPoolExecutor: a main thread that submits under the same GIL, threads that are started when a task is submitted
// and nobody is idle, one queue (concurrent/futures/thread.py).
#pragma once

#include <deque>
#include <vector>

#include "core/simulator/outcome.h"
#include "core/simulator/simulation.h"
#include "core/simulator/steps.h"

namespace gil::sim {

class ThreadPool : public Program {
  public:
    ThreadPool(const Scenario& scenario, const Machine& machine, std::uint64_t seed);
    Run run(const Budget& budget, SimulationStats* stats);

    void next(int thread) override;
    void reached(int thread, int number, std::int64_t amount) override;

  private:
    enum Mark : int { task_submitted, thread_started, wants_task, wants_results };

    [[nodiscard]] int workers() const { return simulation_.thread_count() - 1; }
    int add_thread(const std::string& name);
    void submitted();
    void work(int thread);
    void end_task(int thread);
    /// A worker without a task, or the main thread without anything to do, lets go of the GIL and comes to `mark`.
    void go_idle(int thread, int mark);
    void crash(Failure failure);

    const Scenario& scenario_;
    const Machine& machine_;
    Simulation simulation_;
    Outcome outcome_;
    Steps steps_;
    int main_ = none;
    std::vector<Position> positions_; ///< by thread
    std::deque<int> queue_;           ///< submitted tasks
    std::deque<int> sleepers_;        ///< workers that are blocked until there is one
    int idle_ = 0;                    ///< workers that wait for a task and have not been promised one
    int next_task_ = 0;
    int exit_code_ = 0;
    Nanoseconds end_ = 0;
};

} // namespace gil::sim
