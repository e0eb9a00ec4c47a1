#include <algorithm>

#include "ui/timeline.h"

namespace gil::ui {

namespace {

constexpr float row_height = 18;

/// What to say when there is not exactly one GIL to draw.
std::string no_single_gil(const Frame& frame, const Trace& trace) {
    if (frame.model.timeline.interpreters_with_gil == 0) return "none: no thread waits for another";
    return trace.lanes.size() > 1 ? "each by its own process: nobody waits" : "";
}

} // namespace

float draw_gil_row(Frame& frame, const TimelineArea& area, const Trace& trace, float y) {
    const Palette& colours = frame.colours;
    const TimelineState& timeline = frame.model.timeline;
    const TextStyle label{frame.fonts.regular, size::small, colours.quiet};
    draw_text(frame, {area.label_x, y + 2}, label, shortened(label, "GIL held by", area.left - area.label_x - 4));
    if (timeline.interpreters_with_gil != 1) {
        draw_text(frame, {area.left, y + 2}, label, no_single_gil(frame, trace));
        return row_height + 4;
    }
    const TextStyle number{frame.fonts.semibold, 11, colours.on_gil_row};
    const TimelineView& view = timeline.view;
    auto at = std::partition_point(timeline.holds.begin(), timeline.holds.end(),
                                   [&](const GilHold& hold) { return static_cast<double>(hold.end) <= view.begin; });
    float drawn_to = area.left - 1;
    while (at != timeline.holds.end() && static_cast<double>(at->begin) < view.end) {
        // Stretches of the same holder that touch are one block.
        const int lane = at->lane;
        const float x0 = std::max(area.left, area.x_of(view, static_cast<double>(at->begin)));
        float x1 = std::min(area.right, area.x_of(view, static_cast<double>(at->end)));
        for (++at; at != timeline.holds.end() && at->lane == lane; ++at) {
            if (area.x_of(view, static_cast<double>(at->begin)) > x1 + 0.75f) break;
            x1 = std::min(area.right, area.x_of(view, static_cast<double>(at->end)));
        }
        if (x1 <= drawn_to + 0.5f) continue;
        const float gap = x1 - x0 > 4 ? 0.5f : 0.0f;
        const float round = x1 - x0 > 6 ? 2.0f : 0.0f;
        frame.draw->AddRectFilled({x0 + gap, y + 1}, {std::max(x1, x0 + 1) - gap, y + row_height - 1}, colours.gil_row,
                                  round);
        drawn_to = x1;
        const std::string text = std::to_string(lane + 1);
        const ImVec2 extent = text_size(number, text);
        if (x1 - x0 < extent.x + 4) continue;
        draw_text(frame, {(x0 + x1 - extent.x) / 2, y + (row_height - extent.y) / 2}, number, text);
    }
    return row_height + 4;
}

float draw_axis(Frame& frame, const TimelineArea& area, float y) {
    const TextStyle style{frame.fonts.mono, 11, frame.colours.quiet};
    const int most = std::clamp(static_cast<int>(area.width() / 110), 2, 8);
    frame.draw->AddRectFilled({area.left, y}, {area.right, y + 1}, frame.colours.line);
    float free_from = area.left;
    for (const Tick& tick : ticks_of(frame.model.timeline.view, most)) {
        const float x = area.x_of(frame.model.timeline.view, tick.time);
        const float width = text_size(style, tick.label).x;
        const float left = std::clamp(x - width / 2, area.left, area.right - width);
        frame.draw->AddRectFilled({x - 0.5f, y}, {x + 0.5f, y + 4}, frame.colours.quiet);
        if (left < free_from) continue;
        draw_text(frame, {left, y + 5}, style, tick.label);
        free_from = left + width + 10;
    }
    return 22;
}

} // namespace gil::ui
