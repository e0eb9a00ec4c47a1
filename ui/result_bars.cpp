#include <algorithm>

#include "ui/format.h"
#include "ui/widgets.h"

namespace gil::ui {

namespace {

constexpr float row_height = 34;
constexpr float simulated_height = 10;
constexpr float measured_height = 14;

/// Places that all rows share.
struct Columns {
    float label = 0; ///< left edges
    float bar = 0;
    float bar_width = 0; ///< of the slowest variant
    float right = 0;     ///< where speed-ups end
    double longest_ms = 0;
    bool stale = false; ///< measured with other knobs
};

Columns columns_of(Frame& frame, ImVec2 at, float width) {
    Columns columns;
    const TextStyle label{frame.fonts.regular, size::normal, 0};
    float widest = 72;
    for (const VariantReport& variant : frame.model.simulated.variants) {
        widest = std::max(widest, text_size(label, words(variant.name)).x);
        columns.longest_ms = std::max(columns.longest_ms, variant.wall_ms.median);
    }
    columns.stale = frame.model.measured_report() && !frame.model.measured_is_current();
    if (const Report* report = frame.model.measured_report()) {
        for (const VariantReport& variant : report->variants) {
            columns.longest_ms = std::max({columns.longest_ms, variant.wall_ms.median, variant.wall_ms.max});
        }
    }
    columns.label = at.x;
    columns.bar = at.x + std::min(widest + 16, width * 0.34f);
    columns.right = at.x + width;
    columns.bar_width = std::max(40.0f, columns.right - columns.bar - 80 - 68);
    return columns;
}

float length_of(const Columns& columns, double ms) {
    if (columns.longest_ms <= 0) return 0;
    return std::max(2.0f, static_cast<float>(ms / columns.longest_ms) * columns.bar_width);
}

/// Thin line from the fastest to the slowest run, on the bar's middle.
void draw_whisker(Frame& frame, const Columns& columns, const Spread& spread, float y, float alpha) {
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

/// Full when it counts, hollow when it was measured with other knobs.
void draw_measured_block(Frame& frame, ImVec2 min, ImVec2 max, bool stale) {
    const ImU32 accent = frame.colours.accent;
    frame.draw->AddRectFilled(min, max, stale ? faded(accent, 0.1f) : accent, 3);
    if (stale) frame.draw->AddRect(min, max, faded(accent, 0.55f), 3);
}

void draw_measured(Frame& frame, const Columns& columns, const VariantReport* measured, float y) {
    const Palette& colours = frame.colours;
    const TextStyle quiet{frame.fonts.regular, size::small, colours.quiet};
    if (measured && !measured->unavailable.empty()) {
        const std::string text = "not here: " + measured->unavailable;
        draw_text(frame, {columns.bar, y}, quiet, shortened(quiet, text, columns.right - columns.bar));
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

std::string details(const VariantReport& simulated, const VariantReport* measured) {
    std::string text = words(simulated.name) + "\nsimulated: " + time_text(simulated.wall_ms.median);
    const auto add = [&](const VariantReport& run) {
        text += ", GIL handed over " + std::to_string(run.metrics.gil_switches) + " times";
        if (run.metrics.gil_wait > 0) text += ", " + time_text(to_ms(run.metrics.gil_wait)) + " lost waiting for it";
    };
    add(simulated);
    if (measured && !measured->unavailable.empty()) text += "\nnot measured here: " + measured->unavailable;
    if (measured && measured->unavailable.empty()) {
        const Spread& wall = measured->wall_ms;
        text += "\nmeasured: " + time_text(wall.median);
        if (wall.samples > 1) {
            text += " (median of " + std::to_string(wall.samples) + " runs, " + time_text(wall.min) + " to " +
                    time_text(wall.max) + ")";
        }
        add(*measured);
    }
    return text + "\nClick to see its timeline.";
}

void draw_row(Frame& frame, const Columns& columns, const VariantReport& simulated, const VariantReport* measured,
              float y) {
    const Palette& colours = frame.colours;
    const float width = columns.right - columns.label;
    const Touch row = touch(simulated.name.c_str(), {columns.label - 8, y - 1}, {width + 16, row_height});
    if (row.hovered) {
        frame.draw->AddRectFilled({columns.label - 8, y - 1}, {columns.right + 8, y + row_height - 1}, colours.panel,
                                  6);
        tooltip(frame, details(simulated, measured));
    }
    if (row.pressed) frame.controller.show_variant(simulated.name);
    const TextStyle label{frame.fonts.regular, size::normal, colours.text};
    const float label_width = columns.bar - columns.label - 8;
    draw_text(frame, {columns.label, y + 8}, label, shortened(label, words(simulated.name), label_width));

    const float length = length_of(columns, simulated.wall_ms.median);
    const float top = y + 3;
    frame.draw->AddRectFilled({columns.bar, top}, {columns.bar + length, top + simulated_height}, colours.simulated, 3);
    const TextStyle pale{frame.fonts.mono, size::small, colours.quiet};
    draw_text(frame, {columns.bar + length + 8, top - 4}, pale, time_text(simulated.wall_ms.median));
    draw_measured(frame, columns, measured, top + simulated_height + 2);

    const bool ran = measured && measured->unavailable.empty() && !columns.stale;
    if (ran) {
        const TextStyle strong{frame.fonts.mono, size::normal, colours.text};
        draw_text_right(frame, columns.right, top + simulated_height, strong, speedup_text(measured->speedup));
    } else if (!measured || measured->unavailable.empty()) {
        draw_text_right(frame, columns.right, top - 4, pale, speedup_text(simulated.speedup));
    }
}

float draw_legend(Frame& frame, const Columns& columns, float y) {
    const Palette& colours = frame.colours;
    const TextStyle style{frame.fonts.regular, size::small, colours.quiet};
    float x = frame.layout.narrow ? columns.label : columns.bar;
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
        if (samples > 1) text = "measured, median of " + std::to_string(samples) + " runs";
    }
    const float speedup_width = text_size(style, "against sequential").x;
    const bool fits = x + text_size(words_style, text).x + 16 < columns.right - speedup_width;
    draw_text(frame, {x, y}, words_style, text);
    if (fits) draw_text_right(frame, columns.right, y, style, "against sequential");
    return 18;
}

} // namespace

float draw_result_bars(Frame& frame, ImVec2 at, float width) {
    const Columns columns = columns_of(frame, at, width);
    const Report* report = frame.model.measured_report();
    float y = at.y;
    ImGui::PushID("bars");
    for (std::size_t index = 0; index < frame.model.simulated.variants.size(); ++index) {
        const VariantReport& simulated = frame.model.simulated.variants[index];
        const VariantReport* measured = nullptr;
        if (report) {
            for (const VariantReport& variant : report->variants) {
                if (variant.name == simulated.name) measured = &variant;
            }
        }
        draw_row(frame, columns, simulated, measured, y);
        y += row_height;
    }
    ImGui::PopID();
    y += 6;
    return y - at.y + draw_legend(frame, columns, y);
}

} // namespace gil::ui
