// Deterministic discrete-event simulation of a scenario on a Machine, in virtual time.
// Same scenario, machine and seed: same Run, bit for bit, on every platform (integers only, own generator).
#pragma once

#include <cstdint>

#include "core/machine.h"
#include "core/run.h"
#include "core/scenario.h"

namespace gil {

struct SimulationStats {
    std::uint64_t events = 0; ///< events taken from the queue
};

/// Never blocks, never fails; callable from any thread. `stats` may be null.
[[nodiscard]] Run simulate(const Scenario& scenario, const Machine& machine, std::uint64_t seed = 1,
                           SimulationStats* stats = nullptr);

} // namespace gil
