// Reports as Markdown.
#pragma once

#include <string>
#include <string_view>

#include "core/documents/report_document.h"

namespace gil {

/// GitHub's Markdown: a table of all verdicts, then a section per experiment with its figures.
[[nodiscard]] std::string report_markdown(const ReportDocument& document);

/// `text` on one line so that none of it is markup, in a table cell as well.
[[nodiscard]] std::string markdown_text(std::string_view text);

} // namespace gil
