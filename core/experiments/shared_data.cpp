// "Queue, Value and Array carry data between processes"; `counter.value += 1` needs the Value's lock.
#include "core/experiments/common_knobs.h"
#include "core/experiments/experiment.h"
#include "core/experiments/judging.h"

namespace gil {

namespace {

Variant workers_doing(const Knobs& knobs, std::string_view suffix, std::vector<Step> steps) {
    Scenario scenario;
    scenario.workers = knobs.integer("workers");
    scenario.start_method = start_method_of(knobs);
    scenario.tasks = equal_tasks(scenario.workers, std::move(steps));
    return variant_of(std::move(scenario), ExecutionModel::processes, suffix);
}

std::vector<Variant> make_shared_data(const Knobs& knobs) {
    constexpr std::string_view message = "Result from worker"; // the post's
    const std::int64_t many = knobs.integer("increments");
    return {
        workers_doing(knobs, "queue", {Send{static_cast<std::int64_t>(message.size())}}),
        workers_doing(knobs, "once",
                      {Increment{Counter::value, 1, 1, false, false}, Increment{Counter::array, 1, 10, false, false}}),
        workers_doing(knobs, "unlocked", {Increment{Counter::value, many, 1, false, false}}),
        workers_doing(knobs, "locked", {Increment{Counter::value, many, 1, true, false}})};
}

/// What each variant must tell for the claim to be judged.
constexpr std::pair<std::string_view, std::string_view> told[] = {{"processes:queue", "received"},
                                                                  {"processes:once", "value"},
                                                                  {"processes:once", "array"},
                                                                  {"processes:unlocked", "value"},
                                                                  {"processes:locked", "value"}};

bool right(const Observation& observation) {
    return observation.value == observation.expected;
}

Verdict judge_shared_data(const Report& report) {
    // What the counters ended with does not depend on the time it took, so noise is no objection here.
    Observation seen[std::size(told)];
    for (std::size_t i = 0; i < std::size(told); ++i) {
        const auto& [name, what] = told[i];
        if (auto verdict = why_not_run(report, {name})) return *verdict;
        const Observation* observation = find_observation(find_variant(report, name)->median_run, what);
        if (observation == nullptr) {
            return verdict_for(report, Holds::cannot_tell,
                               "\"" + std::string(name) + "\" did not tell its " + std::string(what) + ".");
        }
        seen[i] = *observation;
    }
    const auto& [queue, once, array, unlocked, locked] = seen;
    std::string why = "The queue delivered " + grouped(queue.value) + " of " + counted(queue.expected, "byte") +
                      "; the post's single increments gave " + grouped(once.value) + " and [" + grouped(array.value) +
                      "], ";
    why += right(once) && right(array)
               ? "right by luck. "
               : "instead of " + grouped(once.expected) + " and [" + grouped(array.expected) + "]. ";
    why += "Counting to " + grouped(locked.expected) + " gave " + grouped(unlocked.value) +
           " without the Value's lock and " + grouped(locked.value) + " with it. ";
    if (started_workers(find_variant(report, "processes:unlocked")->scenario) < 2) {
        return verdict_for(report, Holds::cannot_tell, why + "One process has nobody to lose an update to.");
    }
    if (!right(queue) || !right(locked)) {
        return verdict_for(report, Holds::no, why + "So not even the safe ways were safe.");
    }
    if (right(unlocked)) {
        return verdict_for(report, Holds::cannot_tell,
                           why + "Nothing was lost this time, which is luck and no guarantee: use more increments.");
    }
    return verdict_for(report, Holds::yes, why + "`+=` reads and writes in two steps, and only each step is locked.");
}

} // namespace

Experiment shared_data_experiment() {
    Experiment experiment{};
    experiment.id = "shared-data";
    experiment.script = "shared_data.py";
    experiment.group = "Processes";
    experiment.label = "Shared data";
    experiment.title = "Processes can share a counter, but += on it needs its lock";
    experiment.claim = "A Queue, a Value and an Array carry data between processes; `counter.value += 1` without the "
                       "lock loses updates.";
    experiment.why =
        "A Queue copies each message and loses none. A Value is memory that all processes see; reading and writing it "
        "each take its lock, but `counter.value += 1` is a read and a write, and another process fits in between. The "
        "post's example does it once per process, and the starts lie far enough apart to get away with it. `with "
        "counter.get_lock():` around both is right.";
    experiment.knobs = {workers_knob(5), increments_knob(300'000), start_method_knob()};
    experiment.about_variants =
        "queue: a message per process. once: the single increments of the post. unlocked, locked: many "
        "increments of a Value, without its lock and with it.";
    experiment.make = make_shared_data;
    experiment.fidelity = {"increments=100000"};
    experiment.judge = judge_shared_data;
    return experiment;
}

} // namespace gil
