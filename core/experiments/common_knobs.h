// Knobs that mean the same in every experiment have the same name, range and words; and what makes variants of them.
#pragma once

#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <vector>

#include "core/experiments/knobs.h"
#include "core/scenario/scenario.h"

namespace gil {

[[nodiscard]] Knob tasks_knob(int fallback);
[[nodiscard]] Knob workers_knob(int fallback);
[[nodiscard]] Knob work_ms_knob(double fallback);
[[nodiscard]] Knob wait_ms_knob(double fallback);
[[nodiscard]] Knob switch_interval_knob();
[[nodiscard]] Knob start_method_knob();
[[nodiscard]] Knob chunksize_knob();
[[nodiscard]] Knob increments_knob(int fallback);
[[nodiscard]] Knob kernel_knob();
[[nodiscard]] Knob io_knob();

/// The values of the knobs of these names as the scenario has them. Assert that there is such a knob.
[[nodiscard]] Nanoseconds duration_of(const Knobs& knobs, std::string_view name);
[[nodiscard]] StartMethod start_method_of(const Knobs& knobs);
[[nodiscard]] Kernel kernel_of(const Knobs& knobs);
[[nodiscard]] WaitKind wait_kind_of(const Knobs& knobs);

/// `count` tasks called "task 1" ... with these steps.
[[nodiscard]] std::vector<Task> equal_tasks(int count, std::vector<Step> steps);

/// `scenario` under another model, named by the model and `suffix` ("threads", "threads:shared").
[[nodiscard]] Variant variant_of(Scenario scenario, ExecutionModel model, std::string_view suffix = {});

/// One variant per model in the order given, named by its model.
[[nodiscard]] std::vector<Variant> variants_of(const Scenario& scenario, std::initializer_list<ExecutionModel> models);

/// Adds one line of a sweep to `variants`: a variant "series@x" per x, with what `scenario_at` makes of it.
void add_series(std::vector<Variant>& variants, std::string_view series, std::span<const double> xs,
                const std::function<Scenario(double x)>& scenario_at);

} // namespace gil
