// executor.map over a process pool: a main thread that submits chunk after chunk and waits for the results.
#pragma once

#include <cstdint>
#include <deque>

#include "core/simulator/process_pool.h"

namespace gil::sim {

class MappedPool : public Program {
  public:
    MappedPool(const Scenario& scenario, const Machine& machine, std::uint64_t seed);
    Run run(const Budget& budget, SimulationStats* stats);

    void next(int thread) override;
    void reached(int thread, int number, std::int64_t amount) override;

  private:
    enum Mark : int { chunk_submitted, pool_work_done };

    void make_chunks();

    const Scenario& scenario_;
    const Machine& machine_;
    Simulation simulation_;
    Outcome outcome_;
    ProcessPool pool_;
    int main_ = none;
    std::deque<PoolItem> chunks_; ///< not yet submitted
    Nanoseconds end_ = 0;
};

} // namespace gil::sim
