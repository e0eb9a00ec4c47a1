// A report as the table of --csv: one row per variant, for spreadsheets and data frames.
#pragma once

#include <string>

#include "core/report/report.h"

namespace gil {

/// RFC 4180: a header line, commas, CRLF, fields quoted where they must be. The rows of `simulated`, when not null,
/// follow those of `report`; the column "origin" tells them apart. What is not known is an empty field.
[[nodiscard]] std::string report_csv(const Report& report, const Report* simulated);

/// `text` as one field: in quotes when it holds a comma, a quote or a line break.
[[nodiscard]] std::string csv_field(std::string_view text);

} // namespace gil
