// The simulated answer to an experiment: what the page shows while a slider moves and `gilplay simulate` prints.
#pragma once

#include <cstdint>
#include <span>

#include "core/experiment.h"
#include "core/report.h"

namespace gil {

/// Simulates every variant once. Takes well under a millisecond for default knobs, so a UI may call it on every frame
/// in which a knob changed.
[[nodiscard]] Report simulate_experiment(const Experiment& experiment, const Knobs& knobs,
                                         std::span<const Variant> variants, const Machine& machine,
                                         std::uint64_t seed = 1);

/// The same for a hand-written scenario; the verdict says what happened instead of judging a claim.
[[nodiscard]] Report simulate_scenario(const Scenario& scenario, const Machine& machine, std::uint64_t seed = 1);

} // namespace gil
