// One execution of one scenario, whatever produced it.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/trace.h"

namespace gil {

/// Where the numbers come from. Every figure shown carries one.
enum class Origin : std::uint8_t { simulated, measured, cpython };
[[nodiscard]] std::string_view to_string(Origin origin);

/// What a task computed, so that a run that skipped work is found out. The simulator computes nothing: turns = 0.
struct TaskOutput {
    std::uint64_t turns = 0;    ///< kernel turns done
    std::uint64_t checksum = 0; ///< the kernels' results folded together
    bool operator==(const TaskOutput&) const = default;
};

struct Run {
    Origin origin = Origin::simulated;
    Trace trace;
    std::vector<TaskOutput> outputs; ///< one per task of the scenario
    bool operator==(const Run&) const = default;
};

} // namespace gil
