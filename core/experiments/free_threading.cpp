// "Without a GIL (PEP 703) threads compute side by side; what they share slows them down."
#include "core/experiments/common_knobs.h"
#include "core/experiments/experiment.h"
#include "core/experiments/judging.h"

namespace gil {

namespace {

std::vector<Variant> make_free_threading(const Knobs& knobs) {
    Scenario alone;
    alone.workers = knobs.integer("workers");
    Scenario shared = alone;
    const int tasks = knobs.integer("tasks");
    alone.tasks = equal_tasks(tasks, {Compute{Kernel::sum_of_squares, duration_of(knobs, "work_ms")}});
    shared.tasks = equal_tasks(tasks, {Increment{Counter::variable, knobs.integer("increments"), 1, false, false}});
    return {variant_of(alone, ExecutionModel::sequential), variant_of(alone, ExecutionModel::threads),
            variant_of(alone, ExecutionModel::free_threaded), variant_of(shared, ExecutionModel::threads, "shared"),
            variant_of(shared, ExecutionModel::free_threaded, "shared")};
}

/// Sharing hurts when it leaves at most this share of what going without a GIL gains otherwise.
constexpr double contended_share = 0.7;

std::string lost_updates(const VariantReport& variant) {
    const Observation* counter = find_observation(variant.median_run, "counter");
    if (counter == nullptr || counter->value == counter->expected) return ".";
    return ", and lost " + grouped(counter->expected - counter->value) + " of " + grouped(counter->expected) +
           " updates.";
}

/// Threads that count for no longer than they take to start do not meet.
bool hardly_counts(const Report& report, const VariantReport& counting) {
    const Nanoseconds starts = started_workers(counting.scenario) * report.machine.thread_start;
    return counting.wall_ms.median < 2 * to_ms(starts);
}

Verdict judge_free_threading(const Report& report) {
    if (auto verdict = why_not_judged(
            report, {"sequential", "threads", "free_threaded", "threads:shared", "free_threaded:shared"})) {
        return *verdict;
    }
    const VariantReport& threads = *find_variant(report, "threads");
    const VariantReport& free = *find_variant(report, "free_threaded");
    const VariantReport& shared = *find_variant(report, "free_threaded:shared");
    const double gained = threads.wall_ms.median / free.wall_ms.median;
    const double shared_gain = find_variant(report, "threads:shared")->wall_ms.median / shared.wall_ms.median;

    std::string why = "Free threads were " + factor_text(free.speedup) +
                      " as fast as sequential, threads under a GIL " + factor_text(threads.speedup) + ". ";
    if (free.speedup < gain) {
        if (auto verdict = why_not_parallel(report, free, why)) return *verdict;
        if (auto verdict = why_slowed(report, free, *find_variant(report, "sequential"), why)) return *verdict;
    }
    const VariantReport& counting = *find_variant(report, "threads:shared");
    if (hardly_counts(report, counting)) {
        return verdict_for(report, Holds::cannot_tell,
                           why +
                               "So few increments are over before the next thread has started, so nothing was shared.");
    }
    const bool shares_well = shared_gain > contended_share * gained;
    why += "On one shared counter free threads were " + std::string(shares_well ? "still " : "only ") +
           factor_text(shared_gain) + " as fast as threads under a GIL" + lost_updates(shared);
    if (shares_well) why += " Sharing cost them little time here.";
    const bool holds = free.speedup >= gain && threads.speedup < gain && shared_gain <= contended_share * gained;
    return verdict_for(report, holds ? Holds::yes : Holds::no, why);
}

} // namespace

Experiment free_threading_experiment() {
    Experiment experiment{};
    experiment.id = "free-threading";
    experiment.script = "free_threading.py";
    experiment.group = "The lock";
    experiment.label = "Python without a GIL";
    experiment.title = "Without a GIL threads compute side by side, unless they share";
    experiment.claim =
        "Free-threaded Python runs threads in parallel; one object that all of them change takes most of that away.";
    experiment.why =
        "A free-threaded build (PEP 703) has no GIL, so threads compute at once. It pays for that with single-thread "
        "speed, 5 to 10 % in CPython 3.14, which the simulation of a typical machine charges; the kernels measured "
        "here do not pay it, nor does the simulation of this computer. What several threads write travels between "
        "their cores each time: one shared counter can be slower than under a GIL, and without a lock its updates are "
        "lost.";
    experiment.knobs = {tasks_knob(4), work_ms_knob(100), workers_knob(4), increments_knob(200'000)};
    experiment.about_variants = "shared: the threads increment one counter, instead of each computing for itself.";
    experiment.make = make_free_threading;
    experiment.fidelity = {"workers=2"};
    experiment.judge = judge_free_threading;
    return experiment;
}

} // namespace gil
