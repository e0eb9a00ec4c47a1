// What things cost in a scenario on a machine: pure functions.
#pragma once

#include <cstdint>

#include "core/base/units.h"
#include "core/machine/machine.h"
#include "core/scenario/scenario.h"

namespace gil::sim {

/// `work` enlarged by `ppm` millionths, without overflow for the longest step there may be.
[[nodiscard]] constexpr Nanoseconds enlarge(Nanoseconds work, std::int64_t ppm) {
    return work + work / 1'000'000 * ppm + work % 1'000'000 * ppm / 1'000'000;
}

/// The share of `work` that is `ppm` millionths of it.
[[nodiscard]] constexpr Nanoseconds share_of(Nanoseconds work, std::int64_t ppm) {
    return work / 1'000'000 * ppm + work % 1'000'000 * ppm / 1'000'000;
}

/// What `bytes` cost at `per_mib`.
[[nodiscard]] Nanoseconds for_bytes(Nanoseconds per_mib, std::int64_t bytes);

/// Python code, slower without a GIL.
[[nodiscard]] Nanoseconds interpreted(const Scenario& scenario, const Machine& machine, Nanoseconds work);

/// CPU work of the side that sends `bytes` to another process, and of the side that gets them; the message itself
/// (Machine::message) comes on top. In shared memory one side writes them and the other reads them; what getting at the
/// memory costs is SharedPlaces'.
[[nodiscard]] Nanoseconds pack(const Scenario& scenario, const Machine& machine, std::int64_t bytes);
[[nodiscard]] Nanoseconds unpack(const Scenario& scenario, const Machine& machine, std::int64_t bytes);

/// Memory of one process: what it has touched once, its allocator keeps.
class Memory {
  public:
    /// The time it takes until `bytes` are at hand, beside the work on them.
    [[nodiscard]] Nanoseconds need(const Machine& machine, std::int64_t bytes);

  private:
    std::int64_t touched_ = 0;
};

/// What a worker process has to do beside starting: it maps the block in which data is shared.
[[nodiscard]] Nanoseconds map_block(const Scenario& scenario, const Machine& machine);

/// CPU work of both sides when `bytes` go from one interpreter to another of the same process.
[[nodiscard]] Nanoseconds hand_over(const Machine& machine, std::int64_t bytes);

/// How a blocking call spends its time without the GIL: first as CPU work in the operating system or a library, then
/// off the core, and about how much later than asked for it returns.
struct Blocking {
    Nanoseconds cpu = 0;
    Nanoseconds away = 0;
    Nanoseconds slack = 0;
};
[[nodiscard]] Blocking blocking(const Machine& machine, const Wait& wait);

} // namespace gil::sim
