// asyncio: one thread, one event loop, every task a coroutine with a lane of its own. In a hybrid the loop hands CPU
// work to a process pool (loop.run_in_executor).
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "core/simulator/costs.h"
#include "core/simulator/helper_threads.h"
#include "core/simulator/process_pool.h"

namespace gil::sim {

class EventLoop : public Program {
  public:
    EventLoop(const Scenario& scenario, const Machine& machine, std::uint64_t seed);
    Run run(const Budget& budget, SimulationStats* stats);

    void next(int thread) override;
    void reached(int thread, int number, std::int64_t amount) override;
    void alarm(int thread, std::uint32_t what) override;

  private:
    enum Mark : int { waits, calls_helper, offloads, acquires, pool_work_done };

    struct Coroutine {
        Position position;
        int lane = none;
        std::size_t first_job = 0; ///< steps that go to the pool: the first takes the task's argument along,
        std::size_t last_job = 0;  ///< the last brings its result
    };
    /// asyncio.Lock: first come, first served.
    struct Lock {
        int owner = none;
        std::deque<int> waiting;
    };

    Coroutine& coroutine(int index) { return coroutines_[static_cast<std::size_t>(index)]; }
    void idle(int index) { simulation_.lanes().enter(coroutine(index).lane, State::idle, simulation_.now()); }
    void add_coroutine(int task);
    void make_ready(int coroutine);
    /// The present coroutine lets the loop go on.
    void suspend(State state);
    void begin();
    void go_on();
    void wait(const Wait& wait);
    bool acquire(int lock);
    void release(int lock);
    void offload();
    void end_coroutine(const char* error);
    void crash(Failure failure);

    const Scenario& scenario_;
    const Machine& machine_;
    Simulation simulation_;
    Outcome outcome_;
    Steps steps_;
    int thread_ = none;
    HelperThreads helpers_;
    std::optional<ProcessPool> pool_;
    std::vector<Coroutine> coroutines_;
    std::array<Lock, limits::max_locks> locks_;
    std::deque<int> ready_;
    int present_ = none; ///< the coroutine whose turn it is
    Blocking call_;      ///< what it is about to wait for
    bool started_ = false;
    int exit_code_ = 0;
    std::optional<Nanoseconds> end_;
};

} // namespace gil::sim
