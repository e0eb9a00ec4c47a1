// What to say about a hand-written scenario, where there is no claim to judge.
#pragma once

#include "core/report/report.h"

namespace gil {

/// `holds` is cannot_tell; the words say how long it took against the sum of its work and waits.
[[nodiscard]] Verdict describe_scenario(const Report& report);

} // namespace gil
