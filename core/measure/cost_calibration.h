// What executors, messages, counters and interpreters cost on this computer, read from small runs.
#pragma once

#include <functional>
#include <vector>

#include "core/machine/cost_groups.h"
#include "core/machine/machine.h"
#include "core/measure/host.h"
#include "core/scenario/scenario.h"
#include "core/trace/run.h"

namespace gil {

/// A scenario that is run `repeats` times, and what its runs tell.
struct Probe {
    std::function<Scenario()> scenario; ///< asked when its turn comes: its size may depend on what is known by then
    int repeats = 1;
    std::function<void(const std::vector<Run>&)> use; ///< at least one run
};

/// A probe, and what it is part of.
struct CostProbe {
    CostGroup group = CostGroup::cores;
    Probe probe;
};

/// `workers` tasks of these steps, one for each worker.
[[nodiscard]] Scenario probe_scenario(ExecutionModel model, int workers, const std::vector<Step>& steps);

/// The shortest of several runs, which is the least disturbed one.
[[nodiscard]] const Run& shortest_run(const std::vector<Run>& runs);

/// The one in the middle, by length.
[[nodiscard]] const Run& median_run(const std::vector<Run>& runs);

/// The probes of what is not a thread or a process itself, to be run in this order after those: `machine`, which must
/// outlive them, has by then what they rest on (with_costs_below). Those that cannot be measured here keep their
/// values; what is found only when a probe has run is called typical again then. Making and reaching a shared block has
/// no probe (block_calibration.h).
[[nodiscard]] std::vector<CostProbe> cost_probes(Machine& machine, const Capabilities& here);

} // namespace gil
