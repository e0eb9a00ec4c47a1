// "Threads do not speed up CPU-bound Python; processes do."
#include <algorithm>

#include "core/experiments/all.h"
#include "core/experiments/common_knobs.h"
#include "core/experiments/judging.h"
#include "core/names.h"

namespace gil {

namespace {

std::vector<Variant> make(const Knobs& knobs) {
    Scenario scenario;
    scenario.workers = knobs.integer("workers");
    scenario.interpreter.switch_interval = from_ms(knobs.number("switch_interval_ms"));
    scenario.start_method = *enum_from<StartMethod>(knobs.choice("start_method"), names_of<StartMethod>());
    scenario.tasks =
        equal_tasks(knobs.integer("tasks"), {Compute{Kernel::sum_of_squares, from_ms(knobs.number("work_ms"))}});
    return variants_of(scenario, {ExecutionModel::sequential, ExecutionModel::threads, ExecutionModel::processes,
                                  ExecutionModel::free_threaded, ExecutionModel::asyncio});
}

/// Threads gained nothing when they were at most this much faster; processes gained when they were at least that much.
constexpr double gain = 1.2;

/// What a run of processes spends besides the work: until the last one runs, and from the last instruction to the join.
double start_and_end_ms(const VariantReport& processes) {
    Nanoseconds last = 0;
    for (const Lane& lane : processes.median_run.trace.lanes) {
        for (const Interval& interval : lane.intervals) {
            if (interval.state == State::running) last = std::max(last, interval.end);
        }
    }
    return to_ms(processes.metrics.starting + std::max<Nanoseconds>(0, processes.metrics.wall - last));
}

/// True when even with perfect sharing of the work the start-up would have eaten the gain.
bool start_explains_loss(const Report& report, const VariantReport& processes, int side_by_side) {
    const double sequential = find_variant(report, "sequential")->wall_ms.median;
    return sequential < gain * (start_and_end_ms(processes) + sequential / side_by_side);
}

Verdict judge(const Report& report) {
    if (auto verdict = why_not_judged(report, {"sequential", "threads", "processes"})) return *verdict;
    const VariantReport& threads = *find_variant(report, "threads");
    const VariantReport& processes = *find_variant(report, "processes");
    const int side_by_side = std::min(report.machine.cores, started_workers(processes.scenario));

    std::string why = "Threads took " + times(1 / threads.speedup) + " the sequential time";
    why += has_trace(report) ? ": for " + percent(threads.metrics.gil_busy) + " of it one thread held the GIL. " : ". ";
    if (processes.speedup >= gain) {
        why += "Processes were " + times(processes.speedup) + " as fast as sequential.";
        return verdict_for(report, threads.speedup < gain ? Holds::yes : Holds::no, why);
    }
    if (side_by_side < 2) {
        why += report.machine.cores < 2 ? "One core was free here, so processes could not run side by side."
                                        : "One worker cannot show what several do.";
        return verdict_for(report, Holds::cannot_tell, why);
    }
    why += "Processes were only " + times(processes.speedup) + " as fast as sequential";
    if (!has_trace(report)) return verdict_for(report, Holds::no, why + ".");
    if (!start_explains_loss(report, processes, side_by_side)) {
        why += ", and not for starting them: other programs had the cores. Close them and run again.";
        return verdict_for(report, Holds::cannot_tell, why);
    }
    why += ": starting and ending them took " + in_ms(start_and_end_ms(processes)) + " of " +
           in_ms(processes.wall_ms.median) + ".";
    return verdict_for(report, Holds::no, why);
}

} // namespace

Experiment cpu_bound_experiment() {
    Experiment experiment;
    experiment.id = "cpu-bound";
    experiment.group = "The lock";
    experiment.label = "Threads and CPU work";
    experiment.title = "Threads do not speed up CPU-bound Python";
    experiment.claim = "With one GIL only one thread computes at a time; processes have a GIL each.";
    experiment.why = "A thread that waits for the GIL asks for it after the switch interval; the holder lets go at its "
                     "next look at the eval breaker, and they change places. So threads take turns, and together "
                     "compute no more than one of them does. Each process has an interpreter and a GIL of its own. "
                     "Without a GIL (PEP 703) threads run side by side; CPython 3.14 pays 5 to 10 % of "
                     "single-threaded speed for it, which this engine does not.";
    experiment.knobs = {tasks_knob(4), work_ms_knob(150), workers_knob(4), switch_interval_knob(), start_method_knob()};
    experiment.make = make;
    experiment.judge = judge;
    return experiment;
}

} // namespace gil
