// "A ProcessPoolExecutor spreads expensive calls over the cores."
#include <algorithm>

#include "core/experiments/common_knobs.h"
#include "core/experiments/experiment.h"
#include "core/experiments/judging.h"

namespace gil {

namespace {

std::vector<Variant> make_process_pool(const Knobs& knobs) {
    Scenario scenario;
    scenario.workers = knobs.integer("workers");
    scenario.start_method = start_method_of(knobs);
    scenario.chunksize = knobs.integer("chunksize");
    scenario.tasks = equal_tasks(knobs.integer("tasks"), {Compute{kernel_of(knobs), duration_of(knobs, "work_ms")}});
    return variants_of(scenario, {ExecutionModel::sequential, ExecutionModel::thread_pool, ExecutionModel::process_pool,
                                  ExecutionModel::subinterpreters});
}

/// How many chunks there are to spread.
int chunks_of(const Scenario& scenario) {
    return (static_cast<int>(scenario.tasks.size()) + scenario.chunksize - 1) / scenario.chunksize;
}

/// Why `pool` fell short of `at_once` cores.
std::string shortfall(const Report& report, const VariantReport& pool, int at_once) {
    const int chunks = chunks_of(pool.scenario);
    if (chunks < at_once) {
        return "Chunks of " + std::to_string(pool.scenario.chunksize) + " left work for " + counted(chunks, "worker") +
               " only.";
    }
    return about_start(report, pool);
}

Verdict judge_process_pool(const Report& report) {
    if (auto verdict = why_not_judged(report, {"sequential", "thread_pool", "process_pool"})) return *verdict;
    const VariantReport& threads = *find_variant(report, "thread_pool");
    const VariantReport& pool = *find_variant(report, "process_pool");
    const int workers = started_workers(pool.scenario);
    const int at_once = std::min(report.machine.cores, workers);

    std::string why = "The process pool was " + factor_text(pool.speedup) + " as fast as sequential with " +
                      counted(workers, "worker") + " on " + counted(report.machine.cores, "core") +
                      ", the thread pool " + factor_text(threads.speedup) + ". ";
    // Half of what the cores could give, or it has not spread the work over them.
    if (pool.speedup < std::max(gain, at_once / 2.0)) {
        if (auto verdict = why_not_parallel(report, pool, why)) return *verdict;
        if (auto verdict = why_slowed(report, pool, *find_variant(report, "sequential"), why)) return *verdict;
        return verdict_for(report, Holds::no, why + shortfall(report, pool, at_once));
    }
    if (threads.speedup >= gain) {
        return verdict_for(report, Holds::no, why + "Threads gained as well, so no GIL held them back.");
    }
    if (const VariantReport* subinterpreters = find_variant(report, "subinterpreters")) {
        why += "Subinterpreters, with a GIL each in one process, were " + factor_text(subinterpreters->speedup) + ".";
    }
    return verdict_for(report, Holds::yes, why);
}

} // namespace

Experiment process_pool_experiment() {
    Experiment experiment{};
    experiment.id = "process-pool";
    experiment.script = "process_pool.py";
    experiment.group = "Processes";
    experiment.label = "A process pool";
    experiment.title = "A process pool spreads expensive calls over the cores";
    experiment.claim = "ProcessPoolExecutor.map runs calls at once on several cores, each in a process of its own.";
    experiment.why =
        "Each worker is a process with its own interpreter and GIL. The pool sends calls in chunks, by default of one, "
        "and a free worker takes the next. With fork all workers start up front, with forkserver and spawn one more "
        "with each call while none is idle. A thread pool has one GIL for all its workers.";
    experiment.knobs = {tasks_knob(8), work_ms_knob(60),    workers_knob(4),
                        kernel_knob(), start_method_knob(), chunksize_knob()};
    experiment.make = make_process_pool;
    experiment.fidelity = {"workers=2", "chunksize=4"};
    experiment.judge = judge_process_pool;
    return experiment;
}

} // namespace gil
