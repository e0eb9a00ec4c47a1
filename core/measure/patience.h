// How long a process is waited for.
#pragma once

#include <string>

#include "core/scenario.h"
#include "core/units.h"

namespace gil {

/// A minute, and twenty times what all tasks of `scenario` ask for, one after the other. A process that takes longer
/// has been stopped or ended from outside; a browser tells nobody when that happens to a Worker.
[[nodiscard]] Nanoseconds patience_with(const Scenario& scenario);

/// What is said of a process that was waited for in vain.
[[nodiscard]] std::string lost_words(Nanoseconds patience);

} // namespace gil
