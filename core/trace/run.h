// One execution of one scenario, whatever produced it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/trace/trace.h"

namespace gil {

/// Where the numbers come from. Every figure shown carries one.
enum class Origin : std::uint8_t { simulated, measured, cpython };
[[nodiscard]] std::string_view to_string(Origin origin);

/// What a task computed, so that a run that skipped work is found out. The simulator computes nothing: turns = 0.
struct TaskOutput {
    std::uint64_t turns = 0;    ///< kernel turns done
    std::uint64_t checksum = 0; ///< the kernels' results folded together
    std::uint64_t bytes = 0;    ///< of arguments and messages that arrived where they were sent to
    std::string error{};        ///< what the caller of the task sees instead of a result: "BrokenProcessPool: ..."
    bool operator==(const TaskOutput&) const = default;
};

/// Something a run ended with that its claim is about: a counter's value, an exit code. `value` and `expected` are
/// whole numbers; where the answer is words, `text` holds them and the numbers are 0.
struct Observation {
    std::string name; ///< "counter", "array", "exit code of process 2"
    std::int64_t value = 0;
    std::int64_t expected = 0; ///< what a program without a race or failure would have ended with
    std::string text{};
    bool operator==(const Observation&) const = default;
};

/// Where and why a simulation was stopped before its end.
struct Stop {
    enum class Reason : std::uint8_t { events, memory };
    Reason reason = Reason::events;
    std::uint64_t limit = 0;     ///< events, or bytes
    Nanoseconds at = 0;          ///< in virtual time; there the trace ends
    std::int64_t tasks_done = 0; ///< with a result or an error
    bool operator==(const Stop&) const = default;
};

struct Run {
    Origin origin = Origin::simulated;
    Trace trace;
    std::vector<TaskOutput> outputs;       ///< one per task of the scenario
    std::vector<Observation> observations; ///< none where it was stopped
    std::optional<Stop> stop{};            ///< only a simulation can be
    bool operator==(const Run&) const = default;
};

/// "stopped at 12.5 ms of virtual time with 3 of 10 tasks done: it came to its limit of 1,000 events"
[[nodiscard]] std::string stop_text(const Stop& stop, std::size_t tasks);

/// "survivors": tasks that still gave a result, of all.
[[nodiscard]] Observation survivors_of(const std::vector<TaskOutput>& outputs);

/// "counter: 812,345 instead of 1,000,000", "exit code of process 2: ended by signal 9"
[[nodiscard]] std::string observation_text(const Observation& observation);

/// nullptr when the run has none of that name.
[[nodiscard]] const Observation* find_observation(const Run& run, std::string_view name);

} // namespace gil
