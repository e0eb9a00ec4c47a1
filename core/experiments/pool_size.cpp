// "CPU-bound: one worker per core; I/O-bound: many more. Experiment to find the sweet spot."
#include <algorithm>

#include "core/base/text.h"
#include "core/experiments/common_knobs.h"
#include "core/experiments/experiment.h"
#include "core/experiments/judging.h"

namespace gil {

namespace {

constexpr double sizes[] = {1, 2, 4, 8, 16, 32};

std::vector<Variant> make_pool_size(const Knobs& knobs) {
    Scenario cpu;
    cpu.start_method = start_method_of(knobs);
    Scenario io = cpu;
    const int tasks = knobs.integer("tasks");
    cpu.tasks = equal_tasks(tasks, {Compute{Kernel::sum_of_squares, duration_of(knobs, "work_ms")}});
    io.tasks = equal_tasks(tasks, {Wait{WaitKind::sleep, duration_of(knobs, "wait_ms")}});
    std::vector<Variant> variants = {variant_of(cpu, ExecutionModel::sequential, "cpu"),
                                     variant_of(io, ExecutionModel::sequential, "io")};
    const auto sized = [](Scenario scenario, ExecutionModel model) {
        return [scenario = std::move(scenario), model](double workers) mutable {
            scenario.model = model;
            scenario.workers = static_cast<int>(workers);
            return scenario;
        };
    };
    add_series(variants, "process_pool:cpu", sizes, sized(cpu, ExecutionModel::process_pool));
    add_series(variants, "thread_pool:io", sizes, sized(io, ExecutionModel::thread_pool));
    return variants;
}

/// The best point of a line, and the smallest that nearly reaches it.
struct Sweet {
    const VariantReport* spot = nullptr;
    const VariantReport* best = nullptr;
};

Sweet sweet_spot(const std::vector<const VariantReport*>& points) {
    const auto line = speedup_line(points);
    const std::optional<SweepPoint> spot = knee(line);
    const std::optional<SweepPoint> best = knee(line, 1);
    Sweet sweet;
    for (const VariantReport* point : points) {
        if (spot && point->x == spot->x) sweet.spot = point;
        if (best && point->x == best->x) sweet.best = point;
    }
    return sweet;
}

/// The sweep has to go on well beyond the cores, with enough tasks for so many workers.
std::optional<Verdict> why_too_short(const Report& report, const std::vector<const VariantReport*>& line) {
    const int beyond = 2 * report.machine.cores;
    const auto tasks = static_cast<int>(line.back()->scenario.tasks.size());
    if (line.back()->x >= beyond && tasks >= beyond) return std::nullopt;
    return verdict_for(report, Holds::cannot_tell,
                       "On " + counted(report.machine.cores, "core") + " it takes " + std::to_string(beyond) +
                           " workers and as many tasks to see where more stop helping; here are up to " +
                           plain_number(line.back()->x) + " workers and " + counted(tasks, "task") + ".");
}

std::string describe(const Report& report, const Sweet& cpu, const Sweet& io) {
    const int cores = report.machine.cores;
    return "CPU work was within 10 % of its best (" + factor_text(cpu.best->speedup) + ") from " +
           counted(static_cast<std::int64_t>(cpu.spot->x), "process worker") + " on " + counted(cores, "core") +
           "; Python's default is " + std::to_string(cores) + ". Waits took " +
           counted(static_cast<std::int64_t>(io.spot->x), "thread") + " for that (" + factor_text(io.best->speedup) +
           "); the default is min(32, cores + 4) = " + std::to_string(std::min(32, cores + 4)) + ". ";
}

Verdict judge_pool_size(const Report& report) {
    if (auto verdict = why_not_judged(report, {"sequential:cpu"})) return *verdict;
    if (auto verdict = why_not_judged(report, {"sequential:io"})) return *verdict;
    const auto cpu_line = points_of(report, "process_pool:cpu");
    const auto io_line = points_of(report, "thread_pool:io");
    if (auto verdict = why_not_run(report, {"process_pool:cpu@1", "process_pool:cpu@2", "thread_pool:io@1"})) {
        return *verdict;
    }
    // One worker faster than plain code: then plain code was slowed, and no speed-up means anything.
    if (auto verdict = why_too_fast(report, *cpu_line.front())) return *verdict;
    for (const auto* line : {&cpu_line, &io_line}) {
        if (auto verdict = why_too_short(report, *line)) return *verdict;
    }
    const Sweet cpu = sweet_spot(cpu_line);
    const Sweet io = sweet_spot(io_line);
    for (const VariantReport* point : {cpu.spot, cpu.best, io.spot, io.best}) {
        if (auto verdict = why_not_judged(report, {point->name})) return *verdict;
    }
    const double cores = report.machine.cores;
    const std::string why = describe(report, cpu, io);
    if (auto verdict = why_not_parallel(report, *cpu_line.back(), why)) return *verdict;
    const bool gains = cpu.best->speedup >= gain;
    // The sizes are powers of two, so the number of cores may lie between two of them.
    const bool per_core = cpu.spot->x >= cores / 2 && cpu.spot->x <= 2 * cores;
    if (!gains || !per_core) {
        const auto fits = [&](const VariantReport* point) { return point->x <= cores; };
        const auto most = std::find_if(cpu_line.rbegin(), cpu_line.rend(), fits);
        const VariantReport& alone = *find_variant(report, "sequential:cpu");
        if (auto verdict = why_slowed(report, **most, alone, why)) return *verdict;
    }
    if (!gains) {
        return verdict_for(report, Holds::no, why + "Such small tasks are not worth a process at all.");
    }
    if (!per_core) {
        return verdict_for(report, Holds::no, why + "So it was not one worker per core.");
    }
    if (io.spot->x < 2 * cores) return verdict_for(report, Holds::no, why + "So waits did not need many more.");
    return verdict_for(report, Holds::yes, why);
}

} // namespace

Experiment pool_size_experiment() {
    Experiment experiment{};
    experiment.id = "pool-size";
    experiment.script = "pool_size.py";
    experiment.group = "Choosing";
    experiment.label = "How many workers";
    experiment.title = "CPU work wants a worker per core, waiting wants many more";
    experiment.claim = "More processes than cores gain nothing; threads that wait gain up to the number of waits.";
    experiment.why =
        "A process that computes needs a core, so once every core has one, more only share them and cost their start. "
        "A "
        "thread that waits needs neither core nor GIL, so as many waits pass at once as there are threads. "
        "ProcessPoolExecutor starts one worker per core by default, ThreadPoolExecutor min(32, cores + 4).";
    // Short tasks: six sizes of two pools are run four times.
    experiment.knobs = {tasks_knob(32), work_ms_knob(6), wait_ms_knob(8), start_method_knob()};
    experiment.axis = {"workers", {}, true, true};
    experiment.about_variants = "cpu: the tasks compute. io: they wait.";
    experiment.make = make_pool_size;
    experiment.judge = judge_pool_size;
    return experiment;
}

} // namespace gil
