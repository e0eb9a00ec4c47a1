#include "core/measure/program.h"

namespace gil {

void add_to(TaskOutput& output, std::uint64_t turns, std::uint64_t value) {
    output.turns += turns;
    output.checksum = output.checksum * 31 + value;
}

TaskOutput expected_output(const Task& task, const KernelSpeeds& speeds) {
    TaskOutput output;
    for (const Step& step : task.steps) {
        const auto* compute = std::get_if<Compute>(&step);
        if (compute == nullptr) continue;
        const std::uint64_t turns = turns_for(*compute, speeds);
        add_to(output, turns, expected_value(compute->kernel, turns));
    }
    return output;
}

bool outputs_are_right(const Scenario& scenario, const KernelSpeeds& speeds, std::span<const TaskOutput> outputs) {
    if (outputs.size() != scenario.tasks.size()) return false;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        if (outputs[i] != expected_output(scenario.tasks[i], speeds)) return false;
    }
    return true;
}

} // namespace gil
