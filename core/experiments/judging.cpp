#include "core/experiments/judging.h"

#include <algorithm>

#include "core/base/text.h"

namespace gil {

namespace {

std::string place(const Report& report) {
    switch (report.origin) {
    case Origin::simulated:
        return "in the simulation";
    case Origin::cpython:
        return "in " + report.engine;
    case Origin::measured:
        break;
    }
    return "on this machine";
}

std::string why_missing(const Report& report, std::string_view name) {
    for (const VariantReport& variant : report.variants) {
        if (variant.name == name) return "\"" + variant.name + "\" did not run: " + variant.unavailable + ".";
    }
    return "The variant \"" + std::string(name) + "\" was left out, and the claim compares with it.";
}

bool lets_go_while_computing(const Task& task) {
    return std::any_of(task.steps.begin(), task.steps.end(), [](const Step& step) {
        const auto* native = std::get_if<NativeCall>(&step);
        return native != nullptr && !native->keeps_gil;
    });
}

/// Variants in which one thread computes at a time, so that running times can be compared.
bool computes_alone(const VariantReport& variant) {
    const ExecutionModel model = variant.scenario.model;
    const bool one_gil = model == ExecutionModel::sequential || model == ExecutionModel::threads ||
                         model == ExecutionModel::thread_pool || model == ExecutionModel::asyncio;
    const auto& tasks = variant.scenario.tasks;
    return one_gil && std::none_of(tasks.begin(), tasks.end(), lets_go_while_computing);
}

/// A disturbance that spared one variant and hit another shows in no spread, but in what the same work took.
std::optional<Verdict> why_disturbed(const Report& report, std::initializer_list<std::string_view> needed) {
    constexpr double enough_ms = 20; // less work than that is all start-up and clock
    const VariantReport* first = nullptr;
    for (const std::string_view name : needed) {
        const VariantReport& variant = *find_variant(report, name);
        if (report.origin != Origin::measured || !computes_alone(variant) || variant.metrics.running <= 0) continue;
        if (to_ms(total_work(variant.scenario)) < enough_ms) continue;
        if (first == nullptr) first = &variant;
        if (total_work(first->scenario) != total_work(variant.scenario)) continue;
        const double ratio = static_cast<double>(variant.metrics.running) / static_cast<double>(first->metrics.running);
        if (ratio >= 1 - too_different && ratio <= 1 / (1 - too_different)) continue;
        return verdict_for(report, Holds::cannot_tell,
                           "Disturbed: the same work took " + time_text(to_ms(first->metrics.running)) +
                               " of computing in \"" + first->name + "\" and " +
                               time_text(to_ms(variant.metrics.running)) + " in \"" + variant.name +
                               "\", so the core did not run at one speed. Close other programs and run again.");
    }
    return std::nullopt;
}

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
bool start_explains_loss(const Report& report, const VariantReport& processes) {
    const int side_by_side = std::min(started_workers(processes.scenario), report.machine.cores);
    const double sequential = find_variant(report, "sequential")->wall_ms.median;
    return sequential < gain * (start_and_end_ms(processes) + sequential / side_by_side);
}

} // namespace

std::optional<Verdict> why_not_run(const Report& report, std::initializer_list<std::string_view> needed) {
    for (const std::string_view name : needed) {
        if (find_variant(report, name) == nullptr) {
            return verdict_for(report, Holds::cannot_tell, why_missing(report, name));
        }
    }
    return std::nullopt;
}

std::optional<Verdict> why_too_fast(const Report& report, const VariantReport& variant) {
    constexpr double doubtful = 1.15; // clocks and small tasks are not exact
    if (report.origin != Origin::measured || total_wait(variant.scenario) > 0) return std::nullopt;
    const int side_by_side = computes_alone(variant) ? 1 : started_workers(variant.scenario);
    const int limit = std::min(side_by_side, std::max(report.machine.cores, report.machine.processors));
    if (total_work(variant.scenario) == 0 || variant.speedup <= doubtful * limit) return std::nullopt;
    return verdict_for(report, Holds::cannot_tell,
                       "Disturbed: \"" + variant.name + "\" was " + factor_text(variant.speedup) +
                           " as fast as sequential, and more than " + factor_text(limit) +
                           " is not possible: other programs slowed sequential. Close them and run again.");
}

std::optional<Verdict> why_not_right(const Report& report, std::initializer_list<std::string_view> needed) {
    if (auto verdict = why_not_run(report, needed)) return verdict;
    for (const std::string_view name : needed) {
        const VariantReport& variant = *find_variant(report, name);
        if (variant.outputs_ok) continue;
        return verdict_for(report, Holds::cannot_tell,
                           "\"" + variant.name + "\" computed a wrong result, so its time means nothing.");
    }
    return std::nullopt;
}

std::optional<Verdict> why_not_judged(const Report& report, std::initializer_list<std::string_view> needed) {
    if (auto verdict = why_not_right(report, needed)) return verdict;
    for (const std::string_view name : needed) {
        const VariantReport& variant = *find_variant(report, name);
        if (is_noisy(variant)) {
            return verdict_for(report, Holds::cannot_tell,
                               "Too noisy: \"" + variant.name + "\" took between " + time_text(variant.wall_ms.min) +
                                   " and " + time_text(variant.wall_ms.max) + ". Close other programs and run again.");
        }
        if (auto verdict = why_too_fast(report, variant)) return verdict;
    }
    return why_disturbed(report, needed);
}

std::optional<Verdict> why_alone(const Report& report, const VariantReport& variant, const std::string& so_far) {
    if (started_workers(variant.scenario) >= 2) return std::nullopt;
    return verdict_for(report, Holds::cannot_tell, so_far + "One worker cannot show what several do.");
}

std::optional<Verdict> why_not_parallel(const Report& report, const VariantReport& variant, std::string so_far) {
    if (auto verdict = why_alone(report, variant, so_far)) return verdict;
    if (report.machine.cores < 2) {
        return verdict_for(report, Holds::cannot_tell,
                           so_far + "One core was free here, so nothing could run side by side.");
    }
    return std::nullopt;
}

std::optional<Verdict> why_crowded(const Report& report, const VariantReport& processes, std::string so_far) {
    if (report.origin != Origin::measured || start_explains_loss(report, processes)) return std::nullopt;
    return verdict_for(report, Holds::cannot_tell,
                       so_far + "Starting and ending them took only " + time_text(start_and_end_ms(processes)) +
                           " of " + time_text(processes.wall_ms.median) +
                           ": other programs had the cores. Close them and run again.");
}

std::optional<Verdict> why_slowed(const Report& report, const VariantReport& parallel, const VariantReport& alone,
                                  std::string so_far) {
    if (report.origin != Origin::measured || alone.metrics.running <= 0) return std::nullopt;
    const int workers = started_workers(parallel.scenario);
    // More workers than cores take turns, and each is at work while it waits for a core.
    const double turns = std::max(1.0, static_cast<double>(workers) / report.machine.cores);
    const double expected = turns * to_ms(alone.metrics.running);
    const double took = to_ms(parallel.metrics.running);
    if (took <= expected / (1 - too_different)) return std::nullopt;
    return verdict_for(report, Holds::cannot_tell,
                       so_far + "But " + counted(workers, "worker") + " on " + counted(report.machine.cores, "core") +
                           " computed for " + time_text(took) + " in all, where " + time_text(expected) +
                           " would do: other programs had the cores. Close them and run again.");
}

double perfect_overlap(int tasks, int at_once) {
    const int rounds = (tasks + at_once - 1) / at_once;
    return static_cast<double>(tasks) / static_cast<double>(rounds);
}

bool clearly_faster(const VariantReport& a, const VariantReport& b) {
    return a.wall_ms.max < b.wall_ms.min;
}

std::vector<const VariantReport*> points_of(const Report& report, std::string_view series) {
    std::vector<const VariantReport*> points;
    for (const VariantReport& variant : report.variants) {
        if (variant.series == series && variant.unavailable.empty()) points.push_back(&variant);
    }
    std::stable_sort(points.begin(), points.end(),
                     [](const VariantReport* a, const VariantReport* b) { return a->x < b->x; });
    return points;
}

std::vector<SweepPoint> wall_line(const std::vector<const VariantReport*>& points) {
    std::vector<SweepPoint> line;
    for (const VariantReport* point : points) line.push_back({point->x, point->wall_ms.median});
    return line;
}

std::vector<SweepPoint> speedup_line(const std::vector<const VariantReport*>& points) {
    std::vector<SweepPoint> line;
    for (const VariantReport* point : points) line.push_back({point->x, point->speedup});
    return line;
}

std::string about_start(const Report& report, const VariantReport& variant) {
    if (!has_trace(report)) return {};
    return "Until the last worker had started " + time_text(to_ms(variant.metrics.starting)) + " of " +
           time_text(variant.wall_ms.median) + " had passed.";
}

Verdict verdict_for(const Report& report, Holds holds, std::string why) {
    const std::string where = place(report);
    Verdict verdict{holds, {}, std::move(why)};
    if (holds == Holds::yes) verdict.headline = "Holds " + where + ".";
    if (holds == Holds::no) verdict.headline = "Does not hold " + where + ".";
    if (holds == Holds::cannot_tell) verdict.headline = "Cannot be judged " + where + ".";
    return verdict;
}

} // namespace gil
