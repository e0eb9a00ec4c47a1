// "A web scraper waits far more than it computes: threads are perfect for it."
#include "core/experiments/common_knobs.h"
#include "core/experiments/experiment.h"
#include "core/experiments/judging.h"

namespace gil {

namespace {

std::vector<Variant> make_web_scraper(const Knobs& knobs) {
    Scenario scenario;
    scenario.workers = knobs.integer("workers");
    scenario.tasks = equal_tasks(knobs.integer("tasks"), {Wait{wait_kind_of(knobs), duration_of(knobs, "wait_ms")},
                                                          Compute{Kernel::parsing, duration_of(knobs, "work_ms")}});
    return variants_of(scenario, {ExecutionModel::sequential, ExecutionModel::threads, ExecutionModel::thread_pool,
                                  ExecutionModel::asyncio, ExecutionModel::process_pool});
}

/// Threads win as long as processes are not faster than them by more than this.
constexpr double level = 1.1;

std::string about_asyncio(const Report& report, const VariantReport& pool) {
    const VariantReport* asyncio = find_variant(report, "asyncio");
    if (asyncio == nullptr) return {};
    const double ratio = pool.wall_ms.median / asyncio->wall_ms.median;
    return ", asyncio " + time_text(asyncio->wall_ms.median) + (ratio > level ? ", as it has all waits at once" : "");
}

Verdict judge_web_scraper(const Report& report) {
    if (auto verdict = why_not_judged(report, {"sequential", "thread_pool", "process_pool"})) return *verdict;
    const VariantReport& sequential = *find_variant(report, "sequential");
    const VariantReport& pool = *find_variant(report, "thread_pool");
    const VariantReport& processes = *find_variant(report, "process_pool");
    const auto tasks = static_cast<int>(pool.scenario.tasks.size());
    const int workers = started_workers(pool.scenario);
    if (tasks < 2) {
        return verdict_for(report, Holds::cannot_tell, "With one page there is no other wait to overlap with.");
    }
    std::string why = "The thread pool fetched " + std::to_string(tasks) + " pages in " +
                      time_text(pool.wall_ms.median) + " instead of " + time_text(sequential.wall_ms.median) + ": " +
                      factor_text(pool.speedup) + ". ";
    if (auto verdict = why_alone(report, pool, why)) return *verdict;
    why += "The process pool took " + time_text(processes.wall_ms.median) + about_asyncio(report, pool) + ". ";
    const std::string held = percent_text(pool.metrics.gil_busy) + " of the threads' time.";
    const bool overlapped = pool.speedup >= good_overlap * perfect_overlap(tasks, workers);
    const bool level_with_processes = pool.wall_ms.median <= level * processes.wall_ms.median;
    const bool holds = overlapped && level_with_processes;
    if (has_trace(report)) {
        why += (holds ? "Parsing held the GIL for only " : "Parsing is no longer little: the GIL was held for ") + held;
    } else if (!holds) {
        why += "Parsing is no longer little beside the waits.";
    }
    return verdict_for(report, holds ? Holds::yes : Holds::no, why);
}

} // namespace

Experiment web_scraper_experiment() {
    Experiment experiment{};
    experiment.id = "web-scraper";
    experiment.script = "web_scraper.py";
    experiment.group = "Waiting";
    experiment.label = "A web scraper";
    experiment.title = "Threads are right for a web scraper";
    experiment.claim =
        "Many requests and little parsing: a thread pool overlaps the waits, and processes gain no more.";
    experiment.why =
        "Each page is a wait, in which its thread holds no GIL, and then some parsing, which needs it. As long as all "
        "parsing together fits into the waiting, the GIL is mostly free and costs nothing. When parsing grows, it is "
        "done one page at a time, and processes overtake. asyncio has every wait at once, not one per worker.";
    experiment.knobs = {tasks_knob(20), wait_ms_knob(40), work_ms_knob(1), workers_knob(10), io_knob()};
    experiment.make = make_web_scraper;
    experiment.fidelity = {"workers=4"};
    experiment.judge = judge_web_scraper;
    return experiment;
}

} // namespace gil
