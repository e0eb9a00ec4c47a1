// The block of shared memory through which a pool of processes passes data.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/base/units.h"
#include "core/machine/machine.h"

namespace gil::sim {

/// A place for every item that is on its way: its arguments beside its results. Memory that nobody has used yet is
/// given by the operating system at the first touch; a process that has not seen it yet has it mapped then.
class SharedPlaces {
  public:
    enum class Half : std::uint8_t { arguments, results };

    /// The place that was given back last, or a new one.
    [[nodiscard]] int take();
    void give_back(int place);

    /// What it takes `process` (0 is the parent) to get at `bytes` of a place, beside copying them: nothing after its
    /// first time.
    [[nodiscard]] Nanoseconds reach(const Machine& machine, int process, int place, Half half, std::int64_t bytes);

  private:
    /// Who has used one half of a place.
    using Users = std::vector<bool>;

    std::vector<std::array<Users, 2>> places_;
    std::vector<int> free_;
};

} // namespace gil::sim
