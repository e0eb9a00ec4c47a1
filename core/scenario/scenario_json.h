// Scenario as JSON: the format of `gilplay scenario FILE` (docs/scenario.md).
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/scenario/scenario.h"

namespace gil {

/// Equal tasks in a row, called alike or by default, stand as one with a count.
[[nodiscard]] Json to_json(const Scenario& scenario);

/// Strict: an unknown field, a wrong type or a number out of `limits` is refused with its place.
/// A task may carry "count": N and stands for N equal tasks.
[[nodiscard]] Result<Scenario> scenario_from_json(const Json& json);

} // namespace gil
