// Runs one scenario once, for real, whatever its model.
#pragma once

#include <functional>
#include <string>

#include "core/base/result.h"
#include "core/measure/host.h"
#include "core/measure/speeds.h"
#include "core/scenario/scenario.h"
#include "core/trace/run.h"

namespace gil {

/// Empty when `scenario` can be measured on `host`; otherwise a sentence that says why not.
[[nodiscard]] std::string why_not_measurable(const Scenario& scenario, const Capabilities& capabilities);

/// Calls `done` once, from the event loop or from inside this call; `host` must outlive that. A run of threads blocks
/// the calling thread while it lasts. The trace that comes back is gap-free (find_fault with `clock_tolerance`).
void measure_once(Host& host, const Scenario& scenario, const Speeds& speeds, std::function<void(Result<Run>)> done);

/// By how much clocks of two workers may disagree: browsers round to 5 µs when isolated, to 100 µs when not.
inline constexpr Nanoseconds clock_tolerance = 200 * microsecond;

} // namespace gil
