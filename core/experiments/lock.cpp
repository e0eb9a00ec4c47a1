// "Ten threads, 100,000 increments each: 1,000,000 with the lock, random without."
#include <algorithm>
#include <span>
#include <utility>

#include "core/experiments/common_knobs.h"
#include "core/experiments/experiment.h"
#include "core/experiments/judging.h"

namespace gil {

namespace {

Scenario counting(const Knobs& knobs, EvalCheck check, bool locked, bool call_between) {
    Scenario scenario;
    scenario.workers = knobs.integer("workers");
    scenario.interpreter.switch_interval = duration_of(knobs, "switch_interval_ms");
    scenario.interpreter.eval_check = check;
    scenario.tasks = equal_tasks(scenario.workers,
                                 {Increment{Counter::variable, knobs.integer("increments"), 1, locked, call_between}});
    return scenario;
}

std::vector<Variant> make_lock(const Knobs& knobs) {
    const ExecutionModel threads = ExecutionModel::threads;
    const ExecutionModel free = ExecutionModel::free_threaded;
    const EvalCheck newer = EvalCheck::back_edge;
    return {variant_of(counting(knobs, EvalCheck::every_bytecode, false, false), threads, "3.9"),
            variant_of(counting(knobs, newer, false, false), threads, "3.10"),
            variant_of(counting(knobs, newer, false, true), threads, "call"),
            variant_of(counting(knobs, newer, false, false), free),
            variant_of(counting(knobs, newer, true, false), threads, "locked"),
            variant_of(counting(knobs, newer, true, false), free, "locked")};
}

using Named = std::pair<std::string_view, std::string_view>; ///< a variant, and how the verdict calls it

constexpr Named with_a_lock[] = {{"threads:locked", "with a GIL"}, {"free_threaded:locked", "without one"}};
constexpr Named without_a_lock[] = {{"free_threaded", "without a GIL"},
                                    {"threads:3.9", "3.9"},
                                    {"threads:3.10", "3.10"},
                                    {"threads:call", "a call in between"}};

/// What the counters of one group ended with: those that ran and told.
struct Counted {
    std::string words; ///< "278,123 (without a GIL), 1,000,000 (3.9)"
    std::int64_t expected = 0;
    int runs = 0;
    bool lost = false;
};

Counted count(const Report& report, std::span<const Named> names) {
    Counted counted;
    for (const auto& [name, words] : names) {
        const VariantReport* variant = find_variant(report, name);
        const Observation* counter = variant == nullptr ? nullptr : find_observation(variant->median_run, "counter");
        if (counter == nullptr) continue;
        if (counted.runs++ > 0) counted.words += ", ";
        counted.words += grouped(counter->value) + " (" + std::string(words) + ")";
        counted.expected = counter->expected;
        counted.lost = counted.lost || counter->value != counter->expected;
    }
    return counted;
}

/// What was seen of 3.10 and later, where the post's "random without" is hardly ever seen.
bool new_ones_are_exact(const Report& report) {
    const Counted newer = count(report, std::span(without_a_lock).subspan(2, 1));
    return newer.runs > 0 && !newer.lost;
}

/// Where 3.9 could have lost updates but was never interrupted, which a smaller interval changes.
bool old_one_was_left_alone(const Report& report) {
    const VariantReport* old = find_variant(report, "threads:3.9");
    if (old == nullptr || !has_trace(report)) return false;
    const auto was_interrupted = [](const Lane& lane) {
        return std::any_of(lane.intervals.begin(), lane.intervals.end(),
                           [](const Interval& i) { return i.cause == ReleaseCause::interval_expired; });
    };
    const std::vector<Lane>& lanes = old->median_run.trace.lanes;
    return std::none_of(lanes.begin(), lanes.end(), was_interrupted);
}

Verdict judge_lock(const Report& report) {
    // One interpreter cannot be of all versions, so what ran is judged. What a counter ended with does not depend on
    // the time it took, so noise is no objection.
    const Counted with_lock = count(report, with_a_lock);
    const Counted without = count(report, without_a_lock);
    if (with_lock.runs == 0 || without.runs == 0) {
        const std::string_view missing = with_lock.runs == 0 ? with_a_lock[0].first : without_a_lock[0].first;
        if (auto verdict = why_not_run(report, {missing})) return *verdict;
        return verdict_for(report, Holds::cannot_tell, "No counter was told.");
    }
    std::string why = "With the lock: " + with_lock.words + ". ";
    if (with_lock.lost) {
        return verdict_for(report, Holds::no, why + "So updates were lost in spite of it.");
    }
    const Scenario& scenario = report.variants.front().scenario;
    if (started_workers(scenario) < 2) {
        return verdict_for(report, Holds::cannot_tell, why + "One thread has nobody to lose an update to.");
    }
    why += "Without it: " + without.words;
    if (!without.lost) {
        return verdict_for(report, Holds::cannot_tell,
                           why + ". Nothing was lost this time, which is luck and no guarantee: use more increments.");
    }
    why += new_ones_are_exact(report)
               ? ". Under the GIL of 3.10 and later a plain `+=` is not interrupted, so \"random\" is hardly ever seen."
               : ".";
    if (old_one_was_left_alone(report)) {
        why += " 3.9 kept them all because every thread was done within one switch interval.";
    }
    return verdict_for(report, Holds::yes, why);
}

} // namespace

Experiment lock_experiment() {
    Experiment experiment{};
    experiment.id = "lock";
    experiment.script = "lock.py";
    experiment.group = "The lock";
    experiment.label = "A shared counter";
    experiment.title = "Without a lock a shared counter can lose updates";
    experiment.claim = "With a lock every increment counts; without one it depends on the interpreter and on luck.";
    experiment.why =
        "`counter += 1` is a load, an addition and a store. A thread that loses the GIL between load and store later "
        "overwrites what the others stored. Up to CPython 3.9 that could happen between most bytecodes; since 3.10 the "
        "interpreter looks only at backward jumps and calls, so it takes a call between load and store. Without a GIL "
        "the threads really run at once and lose most of the updates. The post counts to 100,000 in each thread, which "
        "a quick computer does within one switch interval: then nobody is interrupted, and nothing is lost.";
    experiment.knobs = {workers_knob(10), increments_knob(300'000), switch_interval_knob()};
    experiment.about_variants =
        "3.9: the GIL may change hands between most bytecodes, as up to CPython 3.9. 3.10: only at backward "
        "jumps and calls, as since then. call: as 3.10, with a call between load and store. locked: inside "
        "`with lock:`.";
    experiment.make = make_lock;
    experiment.fidelity = {"workers=3"};
    experiment.judge = judge_lock;
    return experiment;
}

} // namespace gil
