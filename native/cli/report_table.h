// A report as a person enjoys it in a terminal: bars, figures, the verdict. Pure: text out, no output.
#pragma once

#include <string>

#include "core/report/report.h"
#include "native/cli/output.h"

namespace gil::native {

/// `report` as text with bars; `simulated`, when not null, is shown below each measured variant of the same name.
/// Every figure says whether it was measured or simulated.
[[nodiscard]] std::string report_table(const Report& report, const Report* simulated, const Terminal& terminal);

/// A bar of `share` (0 to 1) of `width` columns, in eighths of a column (whole columns of '#' in ASCII).
[[nodiscard]] std::string bar_text(double share, int width, bool unicode);

} // namespace gil::native
