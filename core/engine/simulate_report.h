// The simulated answer to an experiment: what the page shows while a slider moves and `gilplay simulate` prints.
#pragma once

#include <cstdint>
#include <span>

#include "core/experiments/experiment.h"
#include "core/report/report.h"
#include "core/simulator/simulator.h"

namespace gil {

/// What a page or a window may take while a slider moves: a fraction of a second, and of its memory.
inline constexpr Budget interactive_budget{.max_events = 1'000'000, .max_bytes = 96 << 20};

/// Simulates every variant once. Takes well under a millisecond for default knobs, so a UI may call it on every frame
/// in which a knob changed. `budget` is for all variants together: each may use an equal share of what those before it
/// left. Where one was stopped nothing is judged.
[[nodiscard]] Report simulate_experiment(const Experiment& experiment, const Knobs& knobs,
                                         std::span<const Variant> variants, const Machine& machine,
                                         std::uint64_t seed = 1, const Budget& budget = {});

/// The same for a hand-written scenario; the verdict says what happened instead of judging a claim.
[[nodiscard]] Report simulate_scenario(const Scenario& scenario, const Machine& machine, std::uint64_t seed = 1,
                                       const Budget& budget = {});

} // namespace gil
