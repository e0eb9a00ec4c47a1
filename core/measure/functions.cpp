#include "core/measure/functions.h"

#include <algorithm>
#include <array>

namespace gil {

namespace {

TaskProgress run_steps(const Task& task, std::size_t first_step, std::size_t step_count) {
    return TaskProgress(task, first_step, step_count);
}

constexpr std::array functions{Function{"run_steps", run_steps}};

} // namespace

const Function* find_function(std::string_view name) {
    const auto* const found = std::ranges::find(functions, name, &Function::name);
    return found == functions.end() ? nullptr : found;
}

std::string_view function_name(const Task& task) {
    return task.is_lambda ? "<lambda>" : "run_steps";
}

Result<std::string> pickled_function(const Task& task) {
    const std::string name(function_name(task));
    if (find_function(name) != nullptr) return name;
    return Error{"", "PicklingError: Can't pickle <function " + name + ">: it's not found as __main__." + name, ""};
}

} // namespace gil
