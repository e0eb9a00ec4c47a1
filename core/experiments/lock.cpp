// "Ten threads, 100,000 increments each: 1,000,000 with the lock, random without."
#include "core/experiments/all.h"
#include "core/experiments/common_knobs.h"
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

std::vector<Variant> make(const Knobs& knobs) {
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

constexpr std::string_view locked_names[] = {"threads:locked", "free_threaded:locked"};

/// The variants without a lock, and how the verdict calls them.
constexpr std::pair<std::string_view, std::string_view> unlocked[] = {{"free_threaded", "without a GIL"},
                                                                      {"threads:3.9", "3.9"},
                                                                      {"threads:3.10", "3.10"},
                                                                      {"threads:call", "a call in between"}};

Verdict judge(const Report& report) {
    // What the counter ended with does not depend on the time it took, so noise is no objection here.
    if (auto verdict = why_not_run(report, {locked_names[0], locked_names[1], unlocked[0].first, unlocked[1].first,
                                            unlocked[2].first, unlocked[3].first})) {
        return *verdict;
    }
    for (const VariantReport& variant : report.variants) {
        if (find_observation(variant.median_run, "counter") != nullptr) continue;
        return verdict_for(report, Holds::cannot_tell, "\"" + variant.name + "\" did not tell its counter.");
    }
    const auto counter = [&](std::string_view name) {
        return *find_observation(find_variant(report, name)->median_run, "counter");
    };
    const std::int64_t expected = counter(locked_names[0]).expected;
    for (const std::string_view name : locked_names) {
        if (counter(name).value == expected) continue;
        return verdict_for(report, Holds::no,
                           "Even with the lock \"" + std::string(name) + "\" counted " + grouped(counter(name).value) +
                               " instead of " + grouped(expected) + ".");
    }
    if (started_workers(find_variant(report, unlocked[0].first)->scenario) < 2) {
        return verdict_for(report, Holds::cannot_tell, "One thread has nobody to lose an update to.");
    }
    std::string why = "With the lock: " + grouped(expected) + ", with and without a GIL. Without it: ";
    bool lost = false;
    for (const auto& [name, words] : unlocked) {
        const std::int64_t value = counter(name).value;
        lost = lost || value != expected;
        why += (name == unlocked[0].first ? "" : ", ") + grouped(value) + " (" + std::string(words) + ")";
    }
    if (!lost) {
        return verdict_for(report, Holds::no, why + ". Nothing was lost this time, which is luck and no guarantee.");
    }
    why += counter("threads:3.10").value == expected
               ? ". Under the GIL of 3.10 and later a plain `+=` is not interrupted, so \"random\" is hardly ever seen."
               : ".";
    return verdict_for(report, Holds::yes, why);
}

} // namespace

Experiment lock_experiment() {
    Experiment experiment{};
    experiment.id = "lock";
    experiment.group = "The lock";
    experiment.label = "A shared counter";
    experiment.title = "Without a lock a shared counter can lose updates";
    experiment.claim = "With a lock every increment counts; without one it depends on the interpreter and on luck.";
    experiment.why =
        "`counter += 1` is a load, an addition and a store. A thread that loses the GIL between load and store later "
        "overwrites what the others stored. Up to CPython 3.9 that could happen between most bytecodes; since 3.10 the "
        "interpreter looks only at backward jumps and calls, so it takes a call between load and store. Without a GIL "
        "the threads really run at once and lose most of the updates.";
    experiment.knobs = {workers_knob(10), increments_knob(100'000), switch_interval_knob()};
    experiment.make = make;
    experiment.judge = judge;
    return experiment;
}

} // namespace gil
