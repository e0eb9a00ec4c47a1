// Numbers derived from a trace; nothing is measured a second time.
#pragma once

#include <optional>
#include <span>

#include "core/trace/trace.h"

namespace gil {

struct Metrics {
    Nanoseconds wall = 0;
    Nanoseconds starting = 0; ///< until the last worker ran its first instruction
    Nanoseconds running = 0;  ///< sums over all lanes from here on
    Nanoseconds native = 0;   ///< in native code that had let go of the GIL
    Nanoseconds gil_wait = 0;
    Nanoseconds io_wait = 0;
    Nanoseconds lock_wait = 0;
    Nanoseconds serialising = 0;
    std::optional<Nanoseconds> cpu; ///< CPU time of all workers; absent where the platform does not tell
    std::int64_t gil_switches = 0;  ///< times the GIL passed to another thread, over all interpreters
    double gil_busy = 0;            ///< share of the wall time in which the (one) GIL was held, 0 to 1; 0 without a GIL
    std::uint64_t bytes_serialised = 0;
    std::uint64_t dropped_intervals = 0;
};

[[nodiscard]] Metrics derive_metrics(const Trace& trace);

/// Median, smallest and largest of repeated runs, milliseconds.
struct Spread {
    double median = 0;
    double min = 0;
    double max = 0;
    int samples = 0;
    /// (max - min) / median; 0 for fewer than two samples.
    [[nodiscard]] double relative() const { return samples < 2 || median <= 0 ? 0 : (max - min) / median; }
};

/// `values` need not be sorted; all zero when it is empty. With an even count the lower middle is taken, so that the
/// median is always a run that happened.
[[nodiscard]] Spread spread_of(std::span<const double> values);

} // namespace gil
