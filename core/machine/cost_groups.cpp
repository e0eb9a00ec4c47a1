#include "core/machine/cost_groups.h"

#include <algorithm>

namespace gil {

namespace {

constexpr std::int64_t large = 1 << 20; // bytes that cross at once

CostGroups needed_by(ExecutionModel model, HybridKind hybrid, StartMethod method) {
    using enum CostGroup;
    const CostGroups processes{forkserver, start_group(method), threads, timer};
    CostGroups groups{interpreter, cores};
    switch (model) {
    case ExecutionModel::sequential:
        break;
    case ExecutionModel::threads:
    case ExecutionModel::free_threaded:
        groups.add({threads, timer});
        break;
    case ExecutionModel::thread_pool:
        groups.add({threads, timer, executor});
        break;
    case ExecutionModel::processes:
        groups.add(processes);
        break;
    case ExecutionModel::process_pool:
        groups.add(processes);
        groups.add({executor, messages});
        break;
    case ExecutionModel::asyncio:
        groups.add({event_loop, threads, timer, executor}); // a blocking call goes to a pool of threads
        break;
    case ExecutionModel::hybrid:
        groups.add(processes);
        if (hybrid == HybridKind::asyncio) groups.add({event_loop, executor, messages});
        break;
    case ExecutionModel::subinterpreters:
        groups.add({threads, timer, interpreters});
        break;
    }
    return groups;
}

/// `bytes` that cross from one interpreter to another.
CostGroups needed_by_data(const Scenario& scenario, std::int64_t bytes) {
    using enum CostGroup;
    if (bytes <= 0) return {};
    if (scenario.model == ExecutionModel::subinterpreters) return {copies};
    if (!uses_processes(scenario)) return {};
    CostGroups groups{messages, copies, transfers};
    if (bytes > large) groups.add(large_transfers);
    return groups;
}

/// What the steps of one scenario need.
class StepCosts {
    using enum CostGroup;

  public:
    explicit StepCosts(const Scenario& scenario) : scenario_(scenario) {}

    void operator()(const Compute& /*step*/) {}
    void operator()(const NativeCall& /*step*/) {}
    void operator()(const Fail& /*step*/) {}
    void operator()(const Wait& step) {
        groups_.add(timer);
        if (step.kind == WaitKind::http || step.kind == WaitKind::socket) groups_.add(threads);
        if (step.kind == WaitKind::file) groups_.add(files);
        if (step.kind == WaitKind::database) groups_.add(databases);
    }
    void operator()(const Increment& step) {
        const CostGroups own{counters, shared_access};
        const CostGroups of_processes{shared_counters, shared_contention};
        groups_.add(step.counter == Counter::variable ? own : of_processes);
        if (step.call_between) groups_.add(counters);
        if (step.locked) groups_.add({threads, lock_wakes});
        if (step.locked && scenario_.model == ExecutionModel::free_threaded) groups_.add(contention);
    }
    void operator()(const Acquire& /*step*/) { groups_.add({threads, counters, lock_wakes}); }
    void operator()(const Release& /*step*/) { groups_.add({threads, counters, lock_wakes}); }
    void operator()(const Send& step) {
        if (uses_processes(scenario_)) groups_.add(messages);
        groups_.add(needed_by_data(scenario_, step.bytes));
    }

    [[nodiscard]] CostGroups groups() const { return groups_; }

  private:
    const Scenario& scenario_;
    CostGroups groups_;
};

} // namespace

CostGroup start_group(StartMethod method) {
    switch (method) {
    case StartMethod::fork:
        return CostGroup::fork;
    case StartMethod::spawn:
        return CostGroup::spawn;
    case StartMethod::forkserver:
        break;
    }
    return CostGroup::forkserver;
}

CostGroups costs_needed(const Scenario& scenario) {
    CostGroups groups = needed_by(scenario.model, scenario.hybrid, scenario.start_method);
    if (scenario.transport == Transport::shared_memory && uses_processes(scenario))
        groups.add(CostGroup::shared_blocks);
    StepCosts steps(scenario);
    std::int64_t arguments = 0;
    std::int64_t results = 0;
    for (const Task& task : scenario.tasks) {
        for (const Step& step : task.steps) std::visit(steps, step);
        arguments += task.argument_bytes;
        results += task.result_bytes;
    }
    groups.add(steps.groups());
    // Several tasks' data may cross at once.
    groups.add(needed_by_data(scenario, std::max(arguments, results)));
    return groups;
}

CostGroups costs_needed(std::span<const Variant> variants) {
    CostGroups groups;
    for (const Variant& variant : variants) groups.add(costs_needed(variant.scenario));
    return groups;
}

CostGroups with_costs_below(CostGroups wanted) {
    using enum CostGroup;
    CostGroups groups = wanted;
    groups.add({interpreter, cores});
    const auto below = [&groups](CostGroup group, CostGroups others) {
        if (groups.contains(group)) groups.add(others);
    };
    // From what is measured last to what is measured first.
    below(shared_blocks, {messages});
    below(large_transfers, {messages, copies});
    below(transfers, {messages, copies});
    below(messages, {executor});
    below(lock_wakes, {shared_counters});
    below(contention, {counters});
    below(shared_contention, {shared_counters});
    below(shared_access, {counters});
    below(interpreters, {threads});
    below(executor, {threads});
    return groups;
}

} // namespace gil
