// Measures several variants fairly: a shortened warm-up of each, then A B C A B C ..., so that a disturbance of the
// machine meets all of them.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/measure/host.h"
#include "core/measure/speeds.h"
#include "core/report/report.h"
#include "core/scenario/scenario.h"

namespace gil {

struct SessionProgress {
    std::string phase; ///< "warming up" or "running"
    std::string variant;
    int done = 0;
    int total = 0;
    Nanoseconds expected = 0; ///< what this run asks for, one after the other
};

/// What is told while a session lasts, between its runs.
struct SessionListener {
    std::function<void(const SessionProgress&)> progress;
    /// A variant as far as it is known: after each of its counted runs, where it is large after the last one only; and
    /// when it cannot be measured, or failed.
    std::function<void(const VariantReport&)> measured;
};

/// The same scenario, short: at most 60 ms of work, 2 ms of each wait and 1,000 turns of each increment per task.
[[nodiscard]] Scenario shortened(const Scenario& scenario);

/// Calls `done` once with a report per variant, in order; a variant that cannot run here, or that failed, says
/// why and the others go on; an Error when all that could run have failed. The order of runs within one round rotates,
/// so that no variant always follows the same other one.
void measure_session(Host& host, std::vector<Variant> variants, const Speeds& speeds, int repeats,
                     SessionListener listener, std::function<void(Result<std::vector<VariantReport>>)> done);

} // namespace gil
