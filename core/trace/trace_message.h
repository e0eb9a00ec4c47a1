// Traces and lanes as compact JSON values for messages between processes.
#pragma once

#include <string>

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/trace/trace.h"

namespace gil {

[[nodiscard]] Json to_message(const Trace& trace);
[[nodiscard]] Json to_message(const Lane& lane);

/// Strict; never throws. What is read is not yet checked to be gap-free against the run's end (find_fault does that).
[[nodiscard]] Result<Trace> trace_from_message(const Json& json, const std::string& path);
[[nodiscard]] Result<Lane> lane_from_message(const Json& json, const std::string& path);

} // namespace gil
