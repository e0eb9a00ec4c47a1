// "Both CPU and I/O bound: processes for the CPU work, each using threads, or asyncio beside a process pool."
#include <algorithm>

#include "core/experiments/common_knobs.h"
#include "core/experiments/experiment.h"
#include "core/experiments/judging.h"

namespace gil {

namespace {

Knob threads_per_process_knob() {
    Knob knob{"threads_per_process", "threads in each", {}, KnobKind::integer, 1, 16, 4, true};
    knob.help = "Threads in each process of the hybrid; plain threads are as many as in all processes together.";
    return knob;
}

Knob few_workers_knob() {
    Knob knob = workers_knob(2);
    knob.max = 16; // times the threads in each
    return knob;
}

std::vector<Variant> make_hybrid(const Knobs& knobs) {
    Scenario scenario;
    scenario.workers = knobs.integer("workers");
    scenario.threads_per_process = knobs.integer("threads_per_process");
    scenario.tasks =
        equal_tasks(knobs.integer("tasks"), {Wait{WaitKind::sleep, duration_of(knobs, "wait_ms")},
                                             Compute{Kernel::sum_of_squares, duration_of(knobs, "work_ms")}});
    Scenario threads = scenario;
    threads.workers *= scenario.threads_per_process;
    Scenario with_loop = scenario;
    with_loop.hybrid = HybridKind::asyncio;
    return {variant_of(scenario, ExecutionModel::sequential),
            variant_of(threads, ExecutionModel::threads),
            variant_of(scenario, ExecutionModel::process_pool),
            variant_of(scenario, ExecutionModel::asyncio),
            variant_of(scenario, ExecutionModel::hybrid, "threads"),
            variant_of(with_loop, ExecutionModel::hybrid, "asyncio")};
}

/// A hybrid is worth its trouble when it is at least this much faster than the best single model.
constexpr double worth_mixing = 1.1;

const VariantReport& fastest(const Report& report, std::initializer_list<std::string_view> names) {
    const auto slower = [&](std::string_view a, std::string_view b) {
        return find_variant(report, a)->wall_ms.median < find_variant(report, b)->wall_ms.median;
    };
    return *find_variant(report, *std::min_element(names.begin(), names.end(), slower));
}

std::string why_not_worth(const Report& report, const VariantReport& hybrid) {
    const Nanoseconds work = total_work(hybrid.scenario);
    const Nanoseconds wait = total_wait(hybrid.scenario);
    if (work * 4 < wait) return "There is little to compute here, and threads overlap the waits alone.";
    if (wait * 4 < work) return "There is little to wait for here, and processes alone do the computing.";
    return about_start(report, hybrid);
}

Verdict judge_hybrid(const Report& report) {
    if (auto verdict = why_not_judged(
            report, {"sequential", "threads", "process_pool", "asyncio", "hybrid:threads", "hybrid:asyncio"})) {
        return *verdict;
    }
    const VariantReport& with_threads = *find_variant(report, "hybrid:threads");
    const VariantReport& with_loop = *find_variant(report, "hybrid:asyncio");
    const VariantReport& best = fastest(report, {"hybrid:threads", "hybrid:asyncio"});
    const VariantReport& single = fastest(report, {"threads", "process_pool", "asyncio"});

    const int processes = started_workers(with_threads.scenario);
    std::string why = std::to_string(processes) + (processes == 1 ? " process" : " processes") + " with threads took " +
                      time_text(with_threads.wall_ms.median) + ", asyncio with a process pool " +
                      time_text(with_loop.wall_ms.median) + "; the best of one kind, " + single.name + ", took " +
                      time_text(single.wall_ms.median) + ", one after another " +
                      time_text(find_variant(report, "sequential")->wall_ms.median) + ". ";
    if (single.wall_ms.median >= worth_mixing * best.wall_ms.median) {
        return verdict_for(report, Holds::yes, why + "Waits overlap while several cores compute.");
    }
    if (auto verdict = why_not_parallel(report, best, why)) return *verdict;
    if (auto verdict = why_slowed(report, best, *find_variant(report, "sequential"), why)) return *verdict;
    return verdict_for(report, Holds::no, why + why_not_worth(report, best));
}

} // namespace

Experiment hybrid_experiment() {
    Experiment experiment{};
    experiment.id = "hybrid";
    experiment.script = "hybrid.py";
    experiment.group = "Choosing";
    experiment.label = "Both kinds of work";
    experiment.title = "Work that waits and computes gains from processes and threads together";
    experiment.claim = "Processes with threads inside, or asyncio beside a process pool, beat either of them alone.";
    experiment.why =
        "Threads and asyncio overlap the waits but compute one at a time; a process per core computes in parallel but "
        "waits with an idle core. In the hybrid each process overlaps waits with its threads, or an event loop does "
        "all the waiting and hands the computing to a pool. A pool with as many processes as threads would do it too, "
        "at the price of an interpreter for each.";
    experiment.knobs = {tasks_knob(8), wait_ms_knob(40), work_ms_knob(30), few_workers_knob(),
                        threads_per_process_knob()};
    experiment.about_variants =
        "hybrid, threads: processes with threads in each. hybrid, asyncio: an event loop that hands computing "
        "to a process pool.";
    experiment.make = make_hybrid;
    experiment.fidelity = {"wait_ms=80"};
    experiment.judge = judge_hybrid;
    return experiment;
}

} // namespace gil
