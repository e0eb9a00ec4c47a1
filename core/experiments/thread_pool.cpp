// "A ThreadPoolExecutor with 5 workers does the job of 10 hand-made threads more simply."
#include <algorithm>

#include "core/experiments/common_knobs.h"
#include "core/experiments/experiment.h"
#include "core/experiments/judging.h"

namespace gil {

namespace {

std::vector<Variant> make_thread_pool(const Knobs& knobs) {
    Scenario pool;
    pool.workers = knobs.integer("workers");
    pool.tasks = equal_tasks(knobs.integer("tasks"), {Wait{wait_kind_of(knobs), duration_of(knobs, "wait_ms")}});
    Scenario by_hand = pool; // as the post does it: a thread per task
    by_hand.workers = knobs.integer("tasks");
    return {variant_of(by_hand, ExecutionModel::sequential), variant_of(by_hand, ExecutionModel::threads),
            variant_of(pool, ExecutionModel::thread_pool), variant_of(by_hand, ExecutionModel::asyncio)};
}

/// A pool that is slower than hand-made threads by more than this does not do their job. Two rounds are within it.
constexpr double far_slower = 2.25;
/// Up to here the two are the same to a reader.
constexpr double about_equal = 1.25;

/// How many threads the pool really started; where no trace tells, how many it was to start.
int threads_of(const VariantReport& pool) {
    const auto& lanes = pool.median_run.trace.lanes;
    const auto started =
        std::count_if(lanes.begin(), lanes.end(), [](const Lane& lane) { return lane.name.rfind("thread ", 0) == 0; });
    return started > 0 ? static_cast<int>(started) : started_workers(pool.scenario);
}

Verdict judge_thread_pool(const Report& report) {
    if (auto verdict = why_not_judged(report, {"sequential", "threads", "thread_pool"})) return *verdict;
    const VariantReport& sequential = *find_variant(report, "sequential");
    const VariantReport& by_hand = *find_variant(report, "threads");
    const VariantReport& pool = *find_variant(report, "thread_pool");
    const auto tasks = static_cast<int>(pool.scenario.tasks.size());
    if (tasks < 2) return verdict_for(report, Holds::cannot_tell, "One task needs no pool.");
    const int threads = threads_of(pool);
    const int rounds = (tasks + started_workers(pool.scenario) - 1) / started_workers(pool.scenario);
    const double slower = pool.wall_ms.median / by_hand.wall_ms.median;

    std::string why = "A pool of " + counted(threads, "thread") + " did " + std::to_string(tasks) + " waits in " +
                      counted(rounds, "round") + ": " + time_text(pool.wall_ms.median) + ", against " +
                      time_text(by_hand.wall_ms.median) + " with a thread each and " +
                      time_text(sequential.wall_ms.median) + " one by one. ";
    if (auto verdict = why_alone(report, pool, why)) return *verdict;
    if (slower > far_slower) {
        return verdict_for(report, Holds::no,
                           why + "At " + factor_text(slower) + " the time it does not do their job: use more workers.");
    }
    if (pool.speedup < good_overlap * tasks / rounds) {
        return verdict_for(report, Holds::no,
                           why + "That is " + factor_text(pool.speedup) + ", and the rounds alone would give " +
                               factor_text(static_cast<double>(tasks) / rounds) + ".");
    }
    why += slower > about_equal ? "Fewer threads take " + factor_text(slower) + " the time: simpler, not equal; " +
                                      std::to_string(tasks) + " workers would be."
                                : "So the pool does the same job.";
    return verdict_for(report, Holds::yes, why);
}

} // namespace

Experiment thread_pool_experiment() {
    Experiment experiment{};
    experiment.id = "thread-pool";
    experiment.script = "thread_pool.py";
    experiment.group = "Waiting";
    experiment.label = "A thread pool";
    experiment.title = "A thread pool does the job of hand-made threads";
    experiment.claim =
        "ThreadPoolExecutor overlaps waits as threads made by hand do, with fewer threads and less code.";
    experiment.why =
        "A ThreadPoolExecutor keeps its threads and gives each the next task from one queue; it starts a new one only "
        "when none is idle and fewer than max_workers run. With fewer workers than tasks the waits pass in rounds: "
        "five "
        "workers need two for ten waits, twice the time of ten threads. By default it has min(32, cores + 4) workers.";
    experiment.knobs = {tasks_knob(10), wait_ms_knob(50), workers_knob(5), io_knob()};
    experiment.make = make_thread_pool;
    experiment.fidelity = {"workers=2", "io=socket"};
    experiment.judge = judge_thread_pool;
    return experiment;
}

} // namespace gil
