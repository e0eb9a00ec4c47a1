// Every experiment, one file each. The order of the list is made in experiment.cpp.
#pragma once

#include "core/experiment.h"

namespace gil {

[[nodiscard]] Experiment cpu_bound_experiment();
[[nodiscard]] Experiment io_bound_experiment();

} // namespace gil
