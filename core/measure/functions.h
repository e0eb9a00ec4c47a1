// The functions that tasks can be called with in another interpreter. What travels is a function's name, as with
// pickle: whoever sends a task looks its function up, and whoever receives one looks it up again in the same table.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/measure/task_progress.h"
#include "core/scenario/scenario.h"

namespace gil {

struct Function {
    std::string_view name;
    /// The call: the steps of `task` from `first_step` on, `step_count` of them (0: to the end), not yet begun.
    TaskProgress (*call)(const Task& task, std::size_t first_step, std::size_t step_count);
};

/// nullptr when there is none of that name. Any thread.
[[nodiscard]] const Function* find_function(std::string_view name);

/// __qualname__ of the function that `task` calls; a lambda's is "<lambda>".
[[nodiscard]] std::string_view function_name(const Task& task);

/// The name to send; an Error whose `what` is pickle's words when the function cannot be found by its name.
[[nodiscard]] Result<std::string> pickled_function(const Task& task);

} // namespace gil
