// Simulates asyncio: one thread, one event loop, every task a coroutine with a lane of its own.
#pragma once

#include <cstdint>

#include "core/machine.h"
#include "core/run.h"
#include "core/scenario.h"
#include "core/simulator.h"

namespace gil::sim {

[[nodiscard]] Run simulate_asyncio(const Scenario& scenario, const Machine& machine, std::uint64_t seed,
                                   SimulationStats* stats);

} // namespace gil::sim
