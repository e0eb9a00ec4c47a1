// "Doing simple sequential work? Use neither: regular code is simpler", and faster.
#include "core/experiments/common_knobs.h"
#include "core/experiments/experiment.h"
#include "core/experiments/judging.h"

namespace gil {

namespace {

std::vector<Variant> make_sequential(const Knobs& knobs) {
    Scenario scenario;
    scenario.workers = knobs.integer("workers");
    scenario.start_method = start_method_of(knobs);
    scenario.tasks =
        equal_tasks(knobs.integer("tasks"), {Compute{Kernel::sum_of_squares, duration_of(knobs, "work_ms")}});
    return variants_of(scenario, {ExecutionModel::sequential, ExecutionModel::threads, ExecutionModel::thread_pool,
                                  ExecutionModel::process_pool, ExecutionModel::asyncio});
}

/// Another model beats plain code when it is faster by more than this; less is not worth its lines.
constexpr double worth_it = 1.1;

std::string describe(const Report& report, const VariantReport& plain) {
    std::string why = "Plain code took " + time_text(plain.wall_ms.median);
    for (const VariantReport& variant : report.variants) {
        if (&variant == &plain || !variant.unavailable.empty()) continue;
        why += ", " + variant.name + ' ' + time_text(variant.wall_ms.median);
    }
    return why + ". ";
}

Verdict judge_sequential(const Report& report) {
    // The others are so much slower that only their order counts; only plain code has to be known well.
    if (auto verdict = why_not_judged(report, {"sequential"})) return *verdict;
    if (auto verdict = why_not_run(report, {"threads", "thread_pool", "process_pool", "asyncio"})) return *verdict;
    const VariantReport& plain = *find_variant(report, "sequential");
    const VariantReport* fastest = nullptr;
    for (const VariantReport& variant : report.variants) {
        if (&variant == &plain || !variant.unavailable.empty()) continue;
        if (!variant.outputs_ok) return *why_not_judged(report, {variant.name});
        if (fastest == nullptr || variant.wall_ms.median < fastest->wall_ms.median) fastest = &variant;
    }
    const std::string why = describe(report, plain);
    if (fastest->wall_ms.median * worth_it > plain.wall_ms.median) {
        // On one core none of them could gain, however much there is to do.
        if (auto verdict = why_not_parallel(report, *find_variant(report, "process_pool"), why)) return *verdict;
        const bool slower = fastest->wall_ms.median > plain.wall_ms.median;
        return verdict_for(report, Holds::yes,
                           why + (slower ? "Starting and handing out cost more than they gained."
                                         : "None was more than a tenth faster, which is not worth its lines."));
    }
    if (!clearly_faster(*fastest, plain)) {
        return verdict_for(report, Holds::cannot_tell, why + "The repeats of the fastest two overlap.");
    }
    if (auto verdict = why_too_fast(report, *fastest)) return *verdict;
    return verdict_for(report, Holds::no,
                       why + "This is work enough: " + fastest->name + " was " +
                           factor_text(plain.wall_ms.median / fastest->wall_ms.median) + " as fast.");
}

} // namespace

Experiment sequential_experiment() {
    Experiment experiment{};
    experiment.id = "sequential";
    experiment.script = "sequential.py";
    experiment.group = "Choosing";
    experiment.label = "Simple work";
    experiment.title = "Simple work is fastest as plain code";
    experiment.claim = "Where there is little to do, neither threads nor processes nor asyncio beat a plain loop.";
    experiment.why =
        "A thread takes tens of microseconds to start, a process milliseconds, a coroutine microseconds of the event "
        "loop, and a pool some for each call. A task of 50 µs is over before that has paid, and with one GIL threads "
        "would not compute at once anyway. Plain code has none of these costs.";
    experiment.knobs = {tasks_knob(20), work_ms_knob(0.05), workers_knob(4), start_method_knob()};
    experiment.make = make_sequential;
    experiment.fidelity = {"work_ms=1"};
    experiment.judge = judge_sequential;
    return experiment;
}

} // namespace gil
