// Reports as a page in one file.
#pragma once

#include <string>

#include "core/documents/report_document.h"

namespace gil {

/// A page without any script or other file: verdicts, charts as inline SVG, tables. Light or dark as the reader
/// prefers, readable on a phone.
[[nodiscard]] std::string report_html(const ReportDocument& document);

} // namespace gil
