// Outputs and observations of a run as they travel between processes: flat arrays, since there may be thousands.
#pragma once

#include "core/base/json_reader.h"
#include "core/scenario/scenario.h"
#include "core/trace/run.h"

namespace gil {

/// [turns, checksum, bytes, error] repeated.
[[nodiscard]] Json to_message(const std::vector<TaskOutput>& outputs);
/// [name, value, expected, text] repeated.
[[nodiscard]] Json to_message(const std::vector<Observation>& observations);

/// Reads the array `field` of `reader`; a fault is recorded there.
[[nodiscard]] std::vector<TaskOutput> read_outputs(ObjectReader& reader, std::string_view field);
[[nodiscard]] std::vector<Observation> read_observations(ObjectReader& reader, std::string_view field);

} // namespace gil
