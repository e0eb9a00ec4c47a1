// Outputs and observations of a run as they travel between processes: flat arrays, since there may be thousands.
#pragma once

#include "core/json_reader.h"
#include "core/run.h"
#include "core/scenario.h"

namespace gil {

/// [turns, checksum, bytes, error] repeated.
[[nodiscard]] Json to_message(const std::vector<TaskOutput>& outputs);
/// [name, value, expected, text] repeated.
[[nodiscard]] Json to_message(const std::vector<Observation>& observations);

/// Reads the array `field` of `reader`; a fault is recorded there.
[[nodiscard]] std::vector<TaskOutput> read_outputs(ObjectReader& reader, std::string_view field);
[[nodiscard]] std::vector<Observation> read_observations(ObjectReader& reader, std::string_view field);

} // namespace gil
