#include "core/simulator/simulator.h"

#include "core/simulator/dealt_workers.h"
#include "core/simulator/event_loop.h"
#include "core/simulator/mapped_pool.h"
#include "core/simulator/thread_pool.h"

namespace gil {

Run simulate(const Scenario& scenario, const Machine& machine, std::uint64_t seed, SimulationStats* stats,
             const Budget& budget) {
    const bool loops = scenario.model == ExecutionModel::asyncio ||
                       (scenario.model == ExecutionModel::hybrid && scenario.hybrid == HybridKind::asyncio);
    if (loops) return sim::EventLoop(scenario, machine, seed).run(budget, stats);
    if (scenario.model == ExecutionModel::thread_pool)
        return sim::ThreadPool(scenario, machine, seed).run(budget, stats);
    if (scenario.model == ExecutionModel::process_pool)
        return sim::MappedPool(scenario, machine, seed).run(budget, stats);
    return sim::DealtWorkers(scenario, machine, seed).run(budget, stats);
}

} // namespace gil
