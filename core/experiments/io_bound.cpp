// "Threads (or asyncio) overlap waiting; the GIL does not matter there."
#include "core/experiments/common_knobs.h"
#include "core/experiments/experiment.h"
#include "core/experiments/judging.h"

namespace gil {

namespace {

std::vector<Variant> make_io_bound(const Knobs& knobs) {
    Scenario scenario;
    scenario.workers = knobs.integer("workers");
    scenario.tasks = equal_tasks(knobs.integer("tasks"), {Wait{wait_kind_of(knobs), duration_of(knobs, "wait_ms")}});
    return variants_of(scenario, {ExecutionModel::sequential, ExecutionModel::threads, ExecutionModel::asyncio,
                                  ExecutionModel::processes, ExecutionModel::free_threaded});
}

/// Files and a database inside the process have no call that an event loop could await, and they compute on the way.
bool blocks_a_loop(const VariantReport& variant) {
    const auto& wait = std::get<Wait>(variant.scenario.tasks.front().steps.front());
    return wait.kind == WaitKind::file || wait.kind == WaitKind::database;
}

/// "Threads finished in 51.2 ms instead of 501 ms: 9.80× (perfect overlap: 10.00×). "
std::string describe(const VariantReport& variant, const VariantReport& sequential, double perfect,
                     std::string_view name) {
    return std::string(name) + " finished in " + time_text(variant.wall_ms.median) + " instead of " +
           time_text(sequential.wall_ms.median) + ": " + factor_text(variant.speedup) +
           " (perfect overlap: " + factor_text(perfect) + "). ";
}

std::string about_waits(const Report& report, const VariantReport& threads, bool overlapped, bool blocking) {
    if (blocking && !overlapped) {
        return "Part of such a wait is CPU work of this program, which gains no more than there are cores.";
    }
    if (!has_trace(report)) return {};
    const double gil_wait = to_ms(threads.metrics.gil_wait);
    return gil_wait < 0.01 ? "The threads never waited for the GIL."
                           : "Waiting for the GIL cost all threads together " + time_text(gil_wait) + ".";
}

Verdict judge_io_bound(const Report& report) {
    if (auto verdict = why_not_judged(report, {"sequential", "asyncio"})) return *verdict;
    const VariantReport& sequential = *find_variant(report, "sequential");
    const VariantReport& asyncio = *find_variant(report, "asyncio");
    const auto tasks = static_cast<int>(asyncio.scenario.tasks.size());
    if (tasks < 2) {
        return verdict_for(report, Holds::cannot_tell, "With one task there is no other wait to overlap with.");
    }
    const bool blocking = blocks_a_loop(asyncio);
    std::string why = blocking ? "asyncio cannot await such a call: " + factor_text(asyncio.speedup) + ". "
                               : describe(asyncio, sequential, tasks, "asyncio");
    if (auto verdict = why_not_judged(report, {"threads"})) {
        verdict->why = why + verdict->why;
        return *verdict;
    }
    const VariantReport& threads = *find_variant(report, "threads");
    const int workers = started_workers(threads.scenario);
    if (auto verdict = why_alone(report, threads, why)) return *verdict;
    const double perfect = perfect_overlap(tasks, workers);
    const bool overlapped = threads.speedup >= good_overlap * perfect;
    const bool holds = overlapped && (blocking || asyncio.speedup >= good_overlap * tasks);
    why = describe(threads, sequential, perfect, "Threads") + why + about_waits(report, threads, overlapped, blocking);
    return verdict_for(report, holds ? Holds::yes : Holds::no, why);
}

} // namespace

Experiment io_bound_experiment() {
    Experiment experiment;
    experiment.id = "io-bound";
    experiment.script = "io_bound.py";
    experiment.group = "Waiting";
    experiment.label = "Threads and I/O";
    experiment.title = "Threads overlap waiting, and the GIL does not matter there";
    experiment.claim =
        "A waiting thread lets go of the GIL, so many waits pass at once; asyncio does it in one thread.";
    experiment.why =
        "A blocking call releases the GIL first and takes it back when the answer is there. In between the "
        "lock is free for others, and a thread that only waits hardly needs it. asyncio needs no second "
        "thread: its event loop runs another coroutine while one awaits. Processes overlap waits as well "
        "but cost more to start.";
    experiment.knobs = {tasks_knob(10), wait_ms_knob(50), workers_knob(10), io_knob()};
    experiment.make = make_io_bound;
    experiment.fidelity = {"workers=5", "io=http", "io=file"};
    experiment.judge = judge_io_bound;
    return experiment;
}

} // namespace gil
