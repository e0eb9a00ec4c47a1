// "Threads (or asyncio) overlap waiting; the GIL does not matter there."
#include "core/experiments/all.h"
#include "core/experiments/common_knobs.h"
#include "core/experiments/judging.h"

namespace gil {

namespace {

std::vector<Variant> make(const Knobs& knobs) {
    Scenario scenario;
    scenario.workers = knobs.integer("workers");
    const WaitKind kind = knobs.choice("io") == "http" ? WaitKind::http : WaitKind::sleep;
    scenario.tasks = equal_tasks(knobs.integer("tasks"), {Wait{kind, from_ms(knobs.number("wait_ms"))}});
    return variants_of(scenario, {ExecutionModel::sequential, ExecutionModel::threads, ExecutionModel::asyncio,
                                  ExecutionModel::processes, ExecutionModel::free_threaded});
}

/// A model overlaps waits when it reaches this share of the speed-up that perfect overlap would give.
constexpr double good_share = 0.6;

/// "Threads finished in 51.2 ms instead of 501 ms: 9.80× (perfect overlap: 10.00×). "
std::string describe(const VariantReport& variant, const VariantReport& sequential, double perfect,
                     std::string_view name) {
    return std::string(name) + " finished in " + in_ms(variant.wall_ms.median) + " instead of " +
           in_ms(sequential.wall_ms.median) + ": " + times(variant.speedup) + " (perfect overlap: " + times(perfect) +
           "). ";
}

double perfect_speedup(const VariantReport& variant, int at_once) {
    const auto tasks = static_cast<int>(variant.scenario.tasks.size());
    const int rounds = (tasks + at_once - 1) / at_once;
    return static_cast<double>(tasks) / static_cast<double>(rounds);
}

Verdict judge(const Report& report) {
    if (auto verdict = why_not_judged(report, {"sequential", "asyncio"})) return *verdict;
    const VariantReport& sequential = *find_variant(report, "sequential");
    const VariantReport& asyncio = *find_variant(report, "asyncio");
    const auto tasks = static_cast<int>(asyncio.scenario.tasks.size());
    if (tasks < 2) {
        return verdict_for(report, Holds::cannot_tell, "With one task there is no other wait to overlap with.");
    }
    const double asyncio_perfect = perfect_speedup(asyncio, tasks);
    std::string why = describe(asyncio, sequential, asyncio_perfect, "asyncio");
    if (auto verdict = why_not_judged(report, {"threads"})) {
        verdict->why = why + verdict->why;
        return *verdict;
    }
    const VariantReport& threads = *find_variant(report, "threads");
    const int workers = started_workers(threads.scenario);
    if (workers < 2) {
        return verdict_for(report, Holds::no, why + "One thread waits for one thing at a time: use more workers.");
    }
    const double threads_perfect = perfect_speedup(threads, workers);
    why = describe(threads, sequential, threads_perfect, "Threads") + why;
    const double gil_wait = to_ms(threads.metrics.gil_wait);
    if (has_trace(report)) {
        why += gil_wait < 0.01 ? "The threads never waited for the GIL."
                               : "Waiting for the GIL cost all threads together " + in_ms(gil_wait) + ".";
    }
    const bool overlap =
        threads.speedup >= good_share * threads_perfect && asyncio.speedup >= good_share * asyncio_perfect;
    return verdict_for(report, overlap ? Holds::yes : Holds::no, why);
}

} // namespace

Experiment io_bound_experiment() {
    Experiment experiment;
    experiment.id = "io-bound";
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
    experiment.make = make;
    experiment.judge = judge;
    return experiment;
}

} // namespace gil
