// The equivalent Python of each experiment: standard library only, runnable as it is, times itself.
#pragma once

#include <string>

#include "core/knobs.h"

namespace gil {

[[nodiscard]] std::string cpu_bound_script(const Knobs& knobs);
[[nodiscard]] std::string io_bound_script(const Knobs& knobs);

} // namespace gil
