#include "core/run.h"

#include "core/names.h"

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

std::string observation_text(const Observation& observation) {
    const std::string begin = printable(observation.name, 200) + ": ";
    if (!observation.text.empty()) return begin + printable(observation.text, 200);
    const bool as_expected = observation.value == observation.expected;
    return begin + grouped(observation.value) + (as_expected ? "" : " instead of " + grouped(observation.expected));
}

const Observation* find_observation(const Run& run, std::string_view name) {
    for (const Observation& observation : run.observations) {
        if (observation.name == name) return &observation;
    }
    return nullptr;
}

} // namespace gil
