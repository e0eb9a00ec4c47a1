#include "core/simulator.h"

#include "core/simulator/asyncio_simulation.h"
#include "core/simulator/threads_simulation.h"

namespace gil {

Run simulate(const Scenario& scenario, const Machine& machine, std::uint64_t seed, SimulationStats* stats) {
    if (scenario.model == ExecutionModel::asyncio) return sim::simulate_asyncio(scenario, machine, seed, stats);
    return sim::ThreadsSimulation(scenario, machine, seed).run(stats);
}

} // namespace gil
