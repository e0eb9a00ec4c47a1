// How long a process is waited for.
#pragma once

#include <string>

#include "core/base/units.h"
#include "core/scenario/scenario.h"

namespace gil {

/// What all tasks of `scenario` ask for, one after the other: work, waits and increments.
[[nodiscard]] Nanoseconds asked_of(const Scenario& scenario);

/// A minute, and twenty times what all tasks of `scenario` ask for, one after the other. A process that takes longer
/// has been stopped or ended from outside; a browser tells nobody when that happens to a Worker.
[[nodiscard]] Nanoseconds patience_with(const Scenario& scenario);
/// The same for what asks for so much.
[[nodiscard]] Nanoseconds patience_for(Nanoseconds asked);

/// What is said of a process that was waited for in vain.
[[nodiscard]] std::string lost_words(Nanoseconds patience);

/// The same of one that was asked something.
[[nodiscard]] std::string silent_words(Nanoseconds patience);

} // namespace gil
