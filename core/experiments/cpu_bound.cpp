// "Threads do not speed up CPU-bound Python; processes do."
#include "core/experiments/common_knobs.h"
#include "core/experiments/experiment.h"
#include "core/experiments/judging.h"

namespace gil {

namespace {

std::vector<Variant> make_cpu_bound(const Knobs& knobs) {
    Scenario scenario;
    scenario.workers = knobs.integer("workers");
    scenario.interpreter.switch_interval = duration_of(knobs, "switch_interval_ms");
    scenario.start_method = start_method_of(knobs);
    scenario.tasks = equal_tasks(knobs.integer("tasks"), {Compute{kernel_of(knobs), duration_of(knobs, "work_ms")}});
    return variants_of(scenario,
                       {ExecutionModel::sequential, ExecutionModel::threads, ExecutionModel::processes,
                        ExecutionModel::subinterpreters, ExecutionModel::free_threaded, ExecutionModel::asyncio});
}

/// ", subinterpreters 3.10×" where that variant ran.
std::string also(const Report& report, std::string_view name, std::string_view words) {
    const VariantReport* variant = find_variant(report, name);
    return variant == nullptr ? std::string() : ", " + std::string(words) + ' ' + factor_text(variant->speedup);
}

Verdict judge_cpu_bound(const Report& report) {
    if (auto verdict = why_not_judged(report, {"sequential", "threads", "processes"})) return *verdict;
    const VariantReport& threads = *find_variant(report, "threads");
    const VariantReport& processes = *find_variant(report, "processes");

    std::string why = "Threads took " + factor_text(1 / threads.speedup) + " the sequential time";
    why += has_trace(report) ? ": for " + percent_text(threads.metrics.gil_busy) + " of it one thread held the GIL. "
                             : ". ";
    if (processes.speedup >= gain) {
        why += "Processes were " + factor_text(processes.speedup) + " as fast as sequential" +
               also(report, "subinterpreters", "subinterpreters") + also(report, "free_threaded", "free threads") + ".";
        return verdict_for(report, threads.speedup < gain ? Holds::yes : Holds::no, why);
    }
    if (auto verdict = why_not_parallel(report, processes, why)) return *verdict;
    why += "Processes were no way out: only " + factor_text(processes.speedup) + " as fast as sequential. ";
    if (auto verdict = why_crowded(report, processes, why)) return *verdict;
    return verdict_for(report, Holds::no, why + about_start(report, processes));
}

} // namespace

Experiment cpu_bound_experiment() {
    Experiment experiment;
    experiment.id = "cpu-bound";
    experiment.script = "cpu_bound.py";
    experiment.group = "The lock";
    experiment.label = "Threads and CPU work";
    experiment.title = "Threads do not speed up CPU work; processes do";
    experiment.claim =
        "With one GIL only one thread computes at a time; processes and subinterpreters have a GIL each.";
    experiment.why =
        "A thread that waits for the GIL asks for it after the switch interval; the holder lets go at its next look at "
        "the eval breaker, and they change places. So threads take turns, and together compute no more than one of "
        "them does. Even starting them takes turns: start() comes back when the new thread runs, and by then the one "
        "who starts the next has to wait for the GIL, too. Each process has an interpreter and a GIL of its own, and "
        "so has each subinterpreter (PEP 734). Without a GIL (PEP 703) threads run side by side; CPython 3.14 pays 5 "
        "to 10 % of single-threaded speed for it, which this engine does not.";
    experiment.knobs = {tasks_knob(4), work_ms_knob(120),      workers_knob(4),
                        kernel_knob(), switch_interval_knob(), start_method_knob()};
    experiment.make = make_cpu_bound;
    experiment.fidelity = {"workers=2 tasks=6", "work_ms=20", "kernel=parsing", "start_method=spawn"};
    experiment.judge = judge_cpu_bound;
    return experiment;
}

} // namespace gil
