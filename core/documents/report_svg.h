// Charts of one experiment as inline SVG. They are as wide as the page lets them be and scale their lengths, not their
// text: widths are percentages. Colours are classes that the page's style defines (report_html.cpp).
#pragma once

#include <string>
#include <string_view>

#include "core/documents/report_document.h"

namespace gil {

/// Bars of the variants that belong to no series: simulated thin and pale above, measured full below, with a whisker
/// from the fastest to the slowest run. Empty when there is none.
[[nodiscard]] std::string bars_svg(const ReportEntry& entry);

/// Lines over the x axis of a sweep, one per series: measured with points and whiskers, simulated dashed. Begins with
/// its legend. Empty when the experiment is no sweep.
[[nodiscard]] std::string lines_svg(const ReportEntry& entry);

/// `text` on one line with nothing in it that HTML, SVG or an attribute in quotes would take for markup.
[[nodiscard]] std::string html_text(std::string_view text);

} // namespace gil
