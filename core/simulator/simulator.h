// Deterministic discrete-event simulation of a scenario on a Machine, in virtual time.
// Same scenario, machine, seed and budget: same Run, bit for bit, on every platform (integers only, own generator).
#pragma once

#include <cstdint>

#include "core/machine/machine.h"
#include "core/scenario/scenario.h"
#include "core/trace/run.h"

namespace gil {

/// What a simulation may take. Counted and no clock asked, so that it is the same everywhere.
struct Budget {
    /// Then it stops, and what it came to until then is what its Run tells (Run::stop). Events of virtual time; one
    /// after which many threads are looked at counts for more, one more for every 16 of them.
    std::uint64_t max_events = 12'000'000;
    /// Of memory, about, at its peak. A trace that needs more is not recorded to its end; all figures stay exact
    /// (Trace::sums). Only where not even the threads and tasks fit is nothing simulated at all.
    std::uint64_t max_bytes = std::uint64_t{256} << 20;
    /// What an interval of the trace takes at the peak: in its lane, and while holds of the GIL are sorted.
    std::uint64_t bytes_per_interval = 3 * sizeof(Interval);
    /// No short cuts: for tests, which show that those change nothing.
    bool every_event = false;
};

struct SimulationStats {
    std::uint64_t events = 0;       ///< events taken from the queue
    std::uint64_t spent_events = 0; ///< what counts against Budget::max_events
    std::uint64_t kept_bytes = 0;   ///< of the trace
};

/// Never blocks, never fails; callable from any thread. `stats` may be null.
[[nodiscard]] Run simulate(const Scenario& scenario, const Machine& machine, std::uint64_t seed = 1,
                           SimulationStats* stats = nullptr, const Budget& budget = {});

} // namespace gil
