// Simulated, measured and CPython side by side. Pure: text out, no output.
#pragma once

#include <span>
#include <string>

#include "core/cpython/cpython_report.h"
#include "native/cli/output.h"

namespace gil::native {

/// Per variant a row for each origin, with the ratio of its wall time to the simulated and the measured one; then the
/// verdict of each.
[[nodiscard]] std::string python_table(const Report& simulated, const Report& measured,
                                       std::span<const CpythonAnswer> pythons, const Terminal& terminal);

} // namespace gil::native
