// "For small tasks the overhead of processes outweighs the benefit": where is the break-even?
#include <algorithm>

#include "core/base/text.h"
#include "core/experiments/common_knobs.h"
#include "core/experiments/experiment.h"
#include "core/experiments/judging.h"

namespace gil {

namespace {

constexpr double sizes_ms[] = {0.01, 0.03, 0.1, 0.3, 1, 3, 10};

std::vector<Variant> make_process_overhead(const Knobs& knobs) {
    std::vector<Variant> variants;
    for (const ExecutionModel model :
         {ExecutionModel::sequential, ExecutionModel::thread_pool, ExecutionModel::process_pool}) {
        add_series(variants, to_string(model), sizes_ms, [&](double work_ms) {
            Scenario scenario;
            scenario.model = model;
            scenario.workers = knobs.integer("workers");
            scenario.start_method = start_method_of(knobs);
            scenario.chunksize = knobs.integer("chunksize");
            scenario.tasks = equal_tasks(knobs.integer("tasks"), {Compute{Kernel::sum_of_squares, from_ms(work_ms)}});
            return scenario;
        });
    }
    return variants;
}

using Line = std::vector<const VariantReport*>;

/// "A thread pool was never faster." or nothing where that was not shown.
std::string about_threads(const Line& plain, const Line& threads) {
    if (threads.size() != plain.size()) return {};
    for (std::size_t i = 0; i < plain.size(); ++i) {
        if (threads[i]->speedup >= gain) return {};
    }
    return " A thread pool was nowhere " + factor_text(gain) + " as fast.";
}

/// Why a break-even cannot be told: the points about it are too noisy, or what the lines end with is.
std::optional<Verdict> why_no_break_even(const Report& report, const Line& plain, const Line& pool, double even) {
    std::size_t above = 0;
    while (above + 1 < pool.size() && pool[above + 1]->x < even) ++above;
    for (const std::size_t at : {above, std::min(above + 1, pool.size() - 1), pool.size() - 1}) {
        for (const Line* line : {&plain, &pool}) {
            if (auto verdict = why_not_judged(report, {(*line)[at]->name})) return verdict;
        }
    }
    return std::nullopt;
}

/// A pool that gains with small tasks gains with large ones, too: where it did not, other programs were in the way.
std::optional<Verdict> why_faster_before(const Report& report, const Line& plain, const Line& pool,
                                         const std::string& so_far) {
    for (std::size_t at = 0; at + 1 < pool.size(); ++at) {
        if (report.origin != Origin::measured || !clearly_faster(*pool[at], *plain[at])) continue;
        return verdict_for(report, Holds::cannot_tell,
                           so_far + "But at " + plain_number(pool[at]->x) + " ms it was (" +
                               factor_text(pool[at]->speedup) +
                               "), so other programs had the cores. Close them and run again.");
    }
    return std::nullopt;
}

Verdict judge_lines(const Report& report, const Line& plain, const Line& pool, const Line& threads) {
    const VariantReport& small = *pool.front();
    const VariantReport& large = *pool.back();
    std::string why = counted(static_cast<std::int64_t>(small.scenario.tasks.size()), "task") + " of " +
                      plain_number(small.x) + " ms took the process pool " + time_text(small.wall_ms.median) +
                      ", plain code " + time_text(plain.front()->wall_ms.median) + ". ";
    if (clearly_faster(small, *plain.front())) {
        return verdict_for(report, Holds::no, why + "Even the smallest tasks of this sweep were worth a process.");
    }
    if (!clearly_faster(*plain.front(), small)) {
        return verdict_for(report, Holds::cannot_tell, why + "Their repeats overlap, so neither is faster.");
    }
    const std::optional<double> even = break_even(wall_line(pool), wall_line(plain));
    if (auto verdict = why_no_break_even(report, plain, pool, even.value_or(large.x))) return *verdict;
    if (!even || !clearly_faster(large, *plain.back())) {
        why += "At " + plain_number(large.x) + " ms the pool was not clearly faster (" + factor_text(large.speedup) +
               "). ";
        if (auto verdict = why_faster_before(report, plain, pool, why)) return *verdict;
        if (auto verdict = why_not_parallel(report, large, why)) return *verdict;
        return verdict_for(report, Holds::cannot_tell, why + "The break-even lies beyond this sweep.");
    }
    why += "From about " + time_text(*even) + " a task the pool was faster, at " + plain_number(large.x) + " ms " +
           factor_text(large.speedup) + ".";
    return verdict_for(report, Holds::yes, why + about_threads(plain, threads));
}

Verdict judge_process_overhead(const Report& report) {
    for (const double size : sizes_ms) {
        const std::string at = '@' + plain_number(size);
        for (const std::string& name : {"sequential" + at, "process_pool" + at}) {
            if (auto verdict = why_not_run(report, {name})) return *verdict;
            if (!find_variant(report, name)->outputs_ok) return *why_not_judged(report, {name});
        }
    }
    return judge_lines(report, points_of(report, "sequential"), points_of(report, "process_pool"),
                       points_of(report, "thread_pool"));
}

} // namespace

Experiment process_overhead_experiment() {
    Experiment experiment{};
    experiment.id = "process-overhead";
    experiment.script = "process_overhead.py";
    experiment.group = "Processes";
    experiment.label = "The price of processes";
    experiment.title = "Small tasks are not worth a process";
    experiment.claim = "Starting processes and sending calls outweighs the gain until a task is large enough.";
    experiment.why =
        "A process pool has to start interpreters, and every call and result is a message: packed, sent, woken up for "
        "and unpacked. That costs the same whatever the task does, so small tasks lose. The break-even depends on the "
        "start method, on how many tasks share the start, and on the chunksize: `map` sends one call per message "
        "unless told otherwise.";
    // Fewer tasks than other experiments could have: seven sizes and three lines are run four times.
    experiment.knobs = {tasks_knob(40), workers_knob(4), start_method_knob(), chunksize_knob()};
    experiment.axis = {"work per task", "ms", true, true};
    experiment.make = make_process_overhead;
    experiment.judge = judge_process_overhead;
    return experiment;
}

} // namespace gil
