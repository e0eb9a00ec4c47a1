// Many reports as one document to attach to a discussion: what `gilplay run all` writes, as Markdown or as a page.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/experiments/experiment.h"
#include "core/report/report.h"

namespace gil {

/// One experiment of a document: what was measured and simulated, or why there is nothing.
struct ReportEntry {
    const Experiment* experiment = nullptr; ///< never null
    std::optional<Report> measured{};
    std::optional<Report> simulated{};
    std::string failure{}; ///< not empty: why there is no measured report
};

struct ReportDocument {
    std::string version; ///< "gilplay 0.1.0"
    std::string date;    ///< "2025-09-10 14:03 +0200"
    std::vector<ReportEntry> entries;
    bool stopped = false;     ///< by its reader, in the last of the entries or before it
    std::size_t left_out = 0; ///< experiments that were not begun for that
};

// What Markdown and page share: words without any markup.

/// For the document's head: the machine and the engine are the same for all. nullptr when nothing was measured.
[[nodiscard]] const Report* first_measured(const ReportDocument& document);

/// "holds", "does not hold", "cannot be judged" or "failed".
[[nodiscard]] std::string_view verdict_word(const ReportEntry& entry);

/// "3 hold, 1 does not hold, 1 cannot be judged, 0 failed" without what there is none of.
[[nodiscard]] std::string verdict_counts(const ReportDocument& document);

/// "Of 3 claims: 3 hold." and, where that is so, that the run was stopped and how many are missing.
[[nodiscard]] std::string claims_words(const ReportDocument& document);

/// "tasks=4 work_ms=150"
[[nodiscard]] std::string knobs_text(const Report& report);

/// "gilplay run cpu-bound", with --set where a knob is not at its default.
[[nodiscard]] std::string command_of(const ReportEntry& entry);

/// One line of a table of figures, as words: both documents show the same.
struct FigureRow {
    std::string variant;
    std::string origin;
    std::string median;
    std::string range;   ///< "49.9 to 53.0 ms"; empty for a single run
    std::string speedup; ///< empty: nothing to compare with
    std::string gil_switches;
    std::string gil_wait;
    std::string note; ///< why it did not run, a wrong result, what was observed
};
/// Measured and simulated of each variant, one below the other, in the experiment's order.
[[nodiscard]] std::vector<FigureRow> figure_rows(const ReportEntry& entry);

} // namespace gil
