// The rows of the result panel: two bars per variant, and what its runs ended with.
#pragma once

#include <string>
#include <vector>

#include "ui/view/outcome.h"
#include "ui/widgets/widgets.h"

namespace gil::ui {

/// One variant in both origins.
struct ResultRow {
    const VariantReport* simulated = nullptr;
    const VariantReport* measured = nullptr; ///< nullptr: not measured yet
    std::vector<Outcome> simulated_outcomes;
    std::vector<Outcome> measured_outcomes;
    bool has_outcomes = false; ///< in either origin
    std::string reason;        ///< why it was not measured; empty when it was, or not yet
};

/// Places that all rows share.
struct ResultColumns {
    float label = 0; ///< left edges
    float bar = 0;
    float bar_width = 0; ///< of the slowest variant
    float right = 0;     ///< where speed-ups end
    double longest_ms = 0;
    bool stacked = false;  ///< the name stands above the bars instead of beside them
    bool speedups = false; ///< there is something to compare with
    bool stale = false;    ///< measured with other knobs
};

/// Outcomes of one origin as a flow of words from `at` to `right`. Returns its height; `draw` false: only that.
float draw_outcomes(Frame& frame, ImVec2 at, float right, const char* origin, const std::vector<Outcome>& outcomes,
                    bool known, bool draw);

/// Full when it counts, hollow when it was measured with other knobs.
void draw_measured_block(Frame& frame, ImVec2 min, ImVec2 max, bool stale);

/// All that is known of a variant's runs, as a tooltip says it.
[[nodiscard]] std::string details_of(const VariantReport& simulated, const VariantReport* measured);

} // namespace gil::ui
