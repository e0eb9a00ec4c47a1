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

const Observation* find_observation(const Run& run, std::string_view name) {
    for (const Observation& observation : run.observations) {
        if (observation.name == name) return &observation;
    }
    return nullptr;
}

} // namespace gil
