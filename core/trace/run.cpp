#include "core/trace/run.h"

#include "core/base/text.h"

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

std::string stop_text(const Stop& stop, std::size_t tasks) {
    const std::string limit = stop.reason == Stop::Reason::events
                                  ? grouped(static_cast<std::int64_t>(stop.limit)) + " events"
                                  : bytes_text(static_cast<double>(stop.limit)) + " of memory";
    return "stopped at " + plain_number(to_ms(stop.at)) + " ms of virtual time with " + grouped(stop.tasks_done) +
           " of " + grouped(static_cast<std::int64_t>(tasks)) + (tasks == 1 ? " task" : " tasks") +
           " done: it came to its limit of " + limit;
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
