#include "core/scenario/run_plan.h"

#include <algorithm>

namespace gil {

namespace {

bool travels_by_name(const Scenario& scenario) {
    switch (scenario.model) {
    case ExecutionModel::processes:
        return scenario.start_method != StartMethod::fork;
    case ExecutionModel::process_pool:
    case ExecutionModel::hybrid:
    case ExecutionModel::subinterpreters:
        return true;
    default:
        return false;
    }
}

int threads_in_process(const Scenario& scenario) {
    switch (scenario.model) {
    case ExecutionModel::hybrid:
        return scenario.hybrid == HybridKind::threads ? scenario.threads_per_process : 0;
    case ExecutionModel::threads:
    case ExecutionModel::thread_pool:
    case ExecutionModel::free_threaded:
    case ExecutionModel::subinterpreters:
        return started_workers(scenario);
    default:
        return 0;
    }
}

BlockSlots slots_of(const Scenario& scenario) {
    std::int64_t largest = 0;
    for (const Task& task : scenario.tasks) largest = std::max(largest, task.argument_bytes + task.result_bytes);
    // Every worker has a chunk, and workers + 1 are ahead.
    const auto at_once = static_cast<std::size_t>(2 * started_workers(scenario) + 1);
    const std::size_t items = at_once * static_cast<std::size_t>(std::max(1, scenario.chunksize));
    return {std::min(items, scenario.tasks.size()), static_cast<std::size_t>(largest)};
}

void add(const Step& step, RunPlan& plan) {
    if (const auto* fail = std::get_if<Fail>(&step)) {
        plan.failures = true;
        plan.deadly = plan.deadly || fail->failure != Failure::exception;
    } else if (const auto* send = std::get_if<Send>(&step)) {
        plan.largest_payload = std::max(plan.largest_payload, send->bytes);
    } else if (const auto* counting = std::get_if<Increment>(&step)) {
        plan.counter_block = plan.counter_block || counting->counter != Counter::variable;
    }
}

} // namespace

RunPlan plan_of(const Scenario& scenario) {
    RunPlan plan;
    plan.workers = started_workers(scenario);
    plan.processes = uses_processes(scenario);
    plan.queue = uses_queue(scenario);
    plan.threads_in_process = threads_in_process(scenario);
    plan.names = travels_by_name(scenario);
    for (const Task& task : scenario.tasks) {
        plan.largest_payload = std::max({plan.largest_payload, task.argument_bytes, task.result_bytes});
        for (const Step& step : task.steps) add(step, plan);
    }
    plan.own_process = plan.failures && !plan.processes;
    plan.slots = slots_of(scenario);
    plan.data_block = scenario.transport == Transport::shared_memory &&
                      scenario.model == ExecutionModel::process_pool && plan.slots.bytes > 0;
    return plan;
}

} // namespace gil
