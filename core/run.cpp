#include "core/run.h"

namespace gil {

std::string_view to_string(Origin origin) {
    switch (origin) {
    case Origin::measured:
        return "measured";
    case Origin::cpython:
        return "cpython";
    case Origin::simulated:
        break;
    }
    return "simulated";
}

Observation survivors_of(const std::vector<TaskOutput>& outputs) {
    std::int64_t survivors = 0;
    for (const TaskOutput& output : outputs) survivors += output.error.empty() ? 1 : 0;
    return {"survivors", survivors, static_cast<std::int64_t>(outputs.size()), {}};
}

const Observation* find_observation(const Run& run, std::string_view name) {
    for (const Observation& observation : run.observations) {
        if (observation.name == name) return &observation;
    }
    return nullptr;
}

} // namespace gil
