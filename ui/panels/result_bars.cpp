#include <algorithm>

#include "ui/panels/panels.h"
#include "ui/panels/result_rows.h"
#include "ui/view/format.h"

namespace gil::ui {

namespace {

constexpr float bars_height = 37; ///< both bars with their numbers
constexpr float label_height = 20;
constexpr float simulated_height = 10;
constexpr float measured_height = 14;

/// Why it did not run; in full only where it first stands.
std::string reason_of(const VariantReport& measured, const std::vector<ResultRow>& above) {
    const bool told = std::any_of(above.begin(), above.end(), [&](const ResultRow& row) {
        return row.measured && row.measured->unavailable == measured.unavailable;
    });
    return told ? "not measured here, for the same reason" : "not measured here: " + measured.unavailable;
}

/// The variants that are bars: in a sweep only those that are no point of a line.
std::vector<ResultRow> rows_of(const Model& model) {
    const Report* measured = model.measured_report();
    std::vector<ResultRow> rows;
    for (const VariantReport& simulated : model.simulated.variants) {
        if (!simulated.series.empty()) continue;
        ResultRow row;
        row.simulated = &simulated;
        row.simulated_outcomes = outcomes_of(simulated);
        if (measured) {
            for (const VariantReport& variant : measured->variants) {
                if (variant.name == simulated.name) row.measured = &variant;
            }
        }
        if (row.measured && !row.measured->unavailable.empty()) row.reason = reason_of(*row.measured, rows);
        if (row.measured) row.measured_outcomes = outcomes_of(*row.measured);
        row.has_outcomes = !row.simulated_outcomes.empty() || !row.measured_outcomes.empty();
        rows.push_back(std::move(row));
    }
    return rows;
}

ResultColumns columns_of(Frame& frame, const std::vector<ResultRow>& rows, ImVec2 at, float width) {
    ResultColumns columns;
    const TextStyle label{frame.fonts.regular, size::normal, 0};
    float widest = 72;
    for (const ResultRow& row : rows) {
        widest = std::max(widest, text_size(label, words(row.simulated->name)).x);
        columns.longest_ms = std::max(columns.longest_ms, row.simulated->wall_ms.median);
        columns.speedups = columns.speedups || row.simulated->speedup > 0;
        if (!row.measured) continue;
        columns.longest_ms = std::max({columns.longest_ms, row.measured->wall_ms.median, row.measured->wall_ms.max});
    }
    columns.stale = frame.model.measured_report() && !frame.model.measured_is_current();
    columns.stacked = widest + 16 > width * 0.36f;
    columns.label = at.x;
    columns.bar = at.x + (columns.stacked ? 0 : widest + 16);
    columns.right = at.x + width;
    columns.bar_width = std::max(40.0f, columns.right - columns.bar - 84 - 68);
    return columns;
}

float length_of(const ResultColumns& columns, double ms) {
    if (columns.longest_ms <= 0) return 0;
    return std::max(2.0f, static_cast<float>(ms / columns.longest_ms) * columns.bar_width);
}

/// Thin line from the fastest to the slowest run, on the bar's middle.
void draw_whisker(Frame& frame, const ResultColumns& columns, const Spread& spread, float y, float alpha) {
    if (spread.samples < 2 || spread.max <= spread.min) return;
    const float low = columns.bar + length_of(columns, spread.min);
    const float high = columns.bar + length_of(columns, spread.max);
    if (high - low < 3) return;
    const float end = columns.bar + length_of(columns, spread.median);
    // Inside the bar the line must stand out from the accent, outside from the background.
    const ImU32 inside = faded(frame.colours.on_accent, alpha);
    const ImU32 outside = faded(frame.colours.text, alpha);
    frame.draw->AddRectFilled({low, y - 0.5f}, {std::min(end, high), y + 0.5f}, inside);
    frame.draw->AddRectFilled({low - 0.5f, y - 4}, {low + 0.5f, y + 4}, inside);
    if (high > end) frame.draw->AddRectFilled({end, y - 0.5f}, {high, y + 0.5f}, outside);
    frame.draw->AddRectFilled({high - 0.5f, y - 4}, {high + 0.5f, y + 4}, outside);
}

void draw_measured(Frame& frame, const ResultColumns& columns, const ResultRow& row, float y) {
    const Palette& colours = frame.colours;
    const VariantReport* measured = row.measured;
    if (!row.reason.empty()) {
        const TextStyle quiet{frame.fonts.regular, size::small, colours.quiet};
        draw_paragraph(frame, {columns.bar, y}, quiet, row.reason, columns.right - columns.bar, small_line_height);
        return;
    }
    if (!measured) {
        // An empty track keeps the room and says that something belongs here.
        frame.draw->AddRectFilled({columns.bar, y}, {columns.bar + columns.bar_width, y + measured_height},
                                  faded(colours.line, 0.35f), 3);
        return;
    }
    const float length = length_of(columns, measured->wall_ms.median);
    draw_measured_block(frame, {columns.bar, y}, {columns.bar + length, y + measured_height}, columns.stale);
    draw_whisker(frame, columns, measured->wall_ms, y + measured_height / 2, columns.stale ? 0.5f : 1.0f);
    const float end = columns.bar + std::max(length, length_of(columns, measured->wall_ms.max));
    const TextStyle number{frame.fonts.mono, size::normal, columns.stale ? colours.quiet : colours.text};
    std::string text = time_text(measured->wall_ms.median);
    if (!measured->outputs_ok) text += " wrong result!";
    draw_text(frame, {end + 8, y - 2}, number, text);
}

void draw_numbers(Frame& frame, const ResultColumns& columns, const ResultRow& row, float top) {
    const Palette& colours = frame.colours;
    const TextStyle pale{frame.fonts.mono, size::small, colours.quiet};
    const float length = length_of(columns, row.simulated->wall_ms.median);
    draw_text(frame, {columns.bar + length + 8, top - 5}, pale, simulated_time_text(*row.simulated));
    const VariantReport* measured = row.measured;
    if (measured && row.reason.empty() && !columns.stale) {
        const TextStyle strong{frame.fonts.mono, size::normal, colours.text};
        draw_text_right(frame, columns.right, top + simulated_height + 2, strong, speedup_text(measured->speedup));
    } else if (row.reason.empty()) {
        draw_text_right(frame, columns.right, top - 4, pale, speedup_text(row.simulated->speedup));
    }
}

/// What the row's runs ended with, below its bars. Returns the height; `draw` false: only that.
float draw_row_outcomes(Frame& frame, const ResultColumns& columns, const ResultRow& row, float y, bool draw) {
    if (!row.has_outcomes) return 0;
    const float top = y;
    y += draw_outcomes(frame, {columns.bar, y}, columns.right, "simulated", row.simulated_outcomes, true, draw);
    if (!row.reason.empty()) return y - top + 12;
    const bool known = row.measured && !columns.stale;
    y += draw_outcomes(frame, {columns.bar, y}, columns.right, "measured", row.measured_outcomes, known, draw);
    return y - top + 12;
}

float height_of(Frame& frame, const ResultColumns& columns, const ResultRow& row) {
    float height = bars_height + (columns.stacked ? label_height : 0);
    if (!row.reason.empty()) {
        const TextStyle quiet{frame.fonts.regular, size::small, 0};
        const float words = paragraph_height(quiet, row.reason, columns.right - columns.bar, small_line_height);
        height += std::max(0.0f, words - small_line_height);
    }
    return height + draw_row_outcomes(frame, columns, row, 0, false);
}

/// Returns its height.
float draw_row(Frame& frame, const ResultColumns& columns, const ResultRow& row, float y) {
    const Palette& colours = frame.colours;
    const VariantReport& simulated = *row.simulated;
    const float width = columns.right - columns.label;
    const float height = height_of(frame, columns, row);
    const Touch area = touch(simulated.name.c_str(), {columns.label - 8, y - 1}, {width + 16, height});
    if (area.hovered) {
        frame.draw->AddRectFilled({columns.label - 8, y - 1}, {columns.right + 8, y + height - 1}, colours.panel, 6);
        tooltip(frame, details_of(simulated, row.measured) + "\nClick to see its timeline.");
    }
    if (area.pressed) frame.controller.show_variant(simulated.name);
    const TextStyle label{frame.fonts.regular, size::normal, colours.text};
    draw_text(frame, {columns.label, y + (columns.stacked ? 1 : 7)}, label, words(simulated.name));

    const float top = y + 3 + (columns.stacked ? label_height : 0);
    const float length = length_of(columns, simulated.wall_ms.median);
    frame.draw->AddRectFilled({columns.bar, top}, {columns.bar + length, top + simulated_height}, colours.simulated, 3);
    draw_measured(frame, columns, row, top + simulated_height + 4);
    draw_numbers(frame, columns, row, top);
    draw_row_outcomes(frame, columns, row, y + height - draw_row_outcomes(frame, columns, row, 0, false), true);
    return height;
}

float draw_legend(Frame& frame, const ResultColumns& columns, float y) {
    const Palette& colours = frame.colours;
    const TextStyle style{frame.fonts.regular, size::small, colours.quiet};
    float x = frame.layout.narrow ? columns.label : columns.bar;
    if (!frame.layout.narrow) draw_text(frame, {columns.label, y}, style, "wall time");
    frame.draw->AddRectFilled({x, y + 4}, {x + 14, y + 12}, colours.simulated, 2);
    draw_text(frame, {x + 20, y}, style, "simulated");
    x += 20 + text_size(style, "simulated").x + 20;
    const Report* report = frame.model.measured_report();
    draw_measured_block(frame, {x, y + 3}, {x + 14, y + 13}, columns.stale);
    x += 20;
    std::string text = "measured";
    TextStyle words_style = style;
    if (!report) {
        text = frame.platform.info().engine_unavailable.empty() ? "measured: press Run" : "measured: not possible here";
    } else if (columns.stale) {
        text = "measured with other knobs – run again";
        words_style = {frame.fonts.semibold, size::small, colours.unsure};
    } else {
        int samples = 0;
        for (const VariantReport& variant : report->variants) samples = std::max(samples, variant.wall_ms.samples);
        const std::string runs = std::to_string(samples) + " runs";
        if (samples > 1) text = frame.layout.narrow ? "measured, " + runs : "measured, median of " + runs;
    }
    draw_text(frame, {x, y}, words_style, text);
    if (!columns.speedups) return 18;
    const float end = x + text_size(words_style, text).x + 6;
    const bool measured = report && !columns.stale;
    const char* whole = measured ? "measured speed-up against sequential" : "simulated speed-up against sequential";
    for (const char* words : {whole, measured ? "measured speed-up" : "simulated speed-up", "speed-up"}) {
        if (end >= columns.right - text_size(style, words).x) continue;
        draw_text_right(frame, columns.right, y, style, words);
        break;
    }
    return 18;
}

} // namespace

void draw_measured_block(Frame& frame, ImVec2 min, ImVec2 max, bool stale) {
    const ImU32 accent = frame.colours.accent;
    frame.draw->AddRectFilled(min, max, stale ? faded(accent, 0.1f) : accent, 3);
    if (stale) frame.draw->AddRect(min, max, faded(accent, 0.55f), 3);
}

float draw_result_bars(Frame& frame, ImVec2 at, float width) {
    const std::vector<ResultRow> rows = rows_of(frame.model);
    if (rows.empty()) return 0;
    const ResultColumns columns = columns_of(frame, rows, at, width);
    float y = at.y;
    ImGui::PushID("bars");
    for (const ResultRow& row : rows) y += draw_row(frame, columns, row, y);
    ImGui::PopID();
    y += 6;
    y += draw_legend(frame, columns, y);
    return y - at.y;
}

float draw_about_variants(Frame& frame, ImVec2 at, float width) {
    const std::string about(frame.model.experiment->about_variants);
    if (about.empty()) return 0;
    const TextStyle style{frame.fonts.regular, size::small, frame.colours.quiet};
    return 4 + draw_paragraph(frame, {at.x, at.y + 4}, style, about, width, small_line_height);
}

} // namespace gil::ui
