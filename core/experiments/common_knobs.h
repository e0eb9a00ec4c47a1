// Knobs that mean the same in every experiment have the same name, range and words.
#pragma once

#include "core/knobs.h"
#include "core/scenario.h"

namespace gil {

[[nodiscard]] Knob tasks_knob(int fallback);
[[nodiscard]] Knob workers_knob(int fallback);
[[nodiscard]] Knob work_ms_knob(double fallback);
[[nodiscard]] Knob wait_ms_knob(double fallback);
[[nodiscard]] Knob switch_interval_knob();
[[nodiscard]] Knob start_method_knob();
[[nodiscard]] Knob io_knob();

/// `count` tasks called "task 1" ... with these steps.
[[nodiscard]] std::vector<Task> equal_tasks(int count, std::vector<Step> steps);

/// One variant per model in the usual order, named by its model.
[[nodiscard]] std::vector<Variant> variants_of(const Scenario& scenario, std::initializer_list<ExecutionModel> models);

} // namespace gil
