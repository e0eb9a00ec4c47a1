// Measures this computer as a Machine, through the same runners that measure the experiments.
#pragma once

#include <functional>

#include "core/base/result.h"
#include "core/machine/machine.h"
#include "core/measure/host.h"
#include "core/measure/speeds.h"

namespace gil {

struct Calibration {
    Speeds speeds;    ///< of sum_of_squares; what else a run needs is added when it comes
    Machine machine;  ///< costs that have not been measured, or cannot be measured here, are typical
    CostGroups tried; ///< measured, or found not to be measurable here
};

/// Adds to `known`, which may be new, those of the costs in `wanted` that have not been tried, and all that they rest
/// on. All of them take about two seconds natively, three in a browser; what cpu-bound needs takes less than half of
/// that. Calls `done` once, from the event loop or from inside this call: an Error when a probe's runs failed twice.
/// `between` is called between its many short runs.
void calibrate(Host& host, Calibration known, CostGroups wanted, std::function<void()> between,
               std::function<void(Result<Calibration>)> done);

/// Where a calibration found fewer free cores than there are: looks again, for a fifth of a second, and calls `done`
/// with true when more of them are free now. Everything else was measured beside another program then, too.
void look_for_cores(Host& host, const Calibration& known, std::function<void(bool)> done);

} // namespace gil
