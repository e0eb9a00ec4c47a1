#include "core/measure/program.h"

#include "core/scenario/run_plan.h"

namespace gil {

namespace {

bool fails_by_itself(const Task& task) {
    for (const Step& step : task.steps) {
        if (std::holds_alternative<Fail>(step)) return true;
    }
    return false;
}

} // namespace

void add_to(TaskOutput& output, std::uint64_t turns, std::uint64_t value) {
    output.turns += turns;
    output.checksum = output.checksum * 31 + value;
}

TaskOutput expected_output(const Task& task, const Speeds& speeds) {
    TaskOutput output;
    const auto add = [&](Kernel kernel, Nanoseconds work) {
        const std::uint64_t turns = turns_for({kernel, work}, speeds.kernels);
        add_to(output, turns, expected_value(kernel, turns));
    };
    for (const Step& step : task.steps) {
        if (const auto* compute = std::get_if<Compute>(&step)) add(compute->kernel, compute->work);
        if (const auto* native = std::get_if<NativeCall>(&step)) add(native->kernel, native->work);
    }
    return output;
}

bool outputs_are_right(const Scenario& scenario, const Speeds& speeds, std::span<const TaskOutput> outputs) {
    if (outputs.size() != scenario.tasks.size()) return false;
    // With a task that ends its process, or one that ends its thread, others may rightly have no result.
    const bool by_name = plan_of(scenario).names;
    bool may_lack = false;
    for (const Task& task : scenario.tasks) may_lack = may_lack || fails_by_itself(task);
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        const Task& task = scenario.tasks[i];
        if (!outputs[i].error.empty()) {
            if (may_lack || (task.is_lambda && by_name)) continue;
            return false;
        }
        const TaskOutput expected = expected_output(task, speeds);
        if (outputs[i].turns != expected.turns || outputs[i].checksum != expected.checksum) return false;
        if (outputs[i].bytes != static_cast<std::uint64_t>(task.argument_bytes + task.result_bytes)) return false;
    }
    return true;
}

} // namespace gil
