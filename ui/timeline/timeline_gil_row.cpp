#include <algorithm>

#include "ui/timeline/timeline.h"

namespace gil::ui {

namespace {

constexpr int most_rows = 8;

/// What to say where no GIL is shared.
std::string why_no_row(int interpreters_with_gil) {
    if (interpreters_with_gil == 0) return "there is none: no thread waits for another";
    return "each of the " + std::to_string(interpreters_with_gil) + " interpreters has its own: nobody waits";
}

void draw_holds(Frame& frame, const TimelineArea& area, const Trace& trace, const std::vector<GilHold>& holds,
                float y) {
    const Palette& colours = frame.colours;
    const TextStyle mark{frame.fonts.semibold, size::small, colours.on_gil_row};
    const TimelineView& view = frame.model.timeline.view;
    auto at = std::partition_point(holds.begin(), holds.end(),
                                   [&](const GilHold& hold) { return static_cast<double>(hold.end) <= view.begin; });
    float drawn_to = area.left - 1;
    while (at != holds.end() && static_cast<double>(at->begin) < view.end) {
        // Stretches of the same holder that touch are one block.
        const int lane = at->lane;
        const float x0 = std::max(area.left, area.x_of(view, static_cast<double>(at->begin)));
        float x1 = std::min(area.right, area.x_of(view, static_cast<double>(at->end)));
        for (++at; at != holds.end() && at->lane == lane; ++at) {
            if (area.x_of(view, static_cast<double>(at->begin)) > x1 + 0.75f) break;
            x1 = std::min(area.right, area.x_of(view, static_cast<double>(at->end)));
        }
        if (x1 <= drawn_to + 0.5f) continue;
        const float gap = x1 - x0 > 4 ? 0.5f : 0.0f;
        const float round = x1 - x0 > 6 ? 2.0f : 0.0f;
        frame.draw->AddRectFilled({x0 + gap, y + 1}, {std::max(x1, x0 + 1) - gap, y + gil_row_height - 1},
                                  colours.gil_row, round);
        drawn_to = x1;
        const std::string text = lane_mark(trace.lanes[static_cast<std::size_t>(lane)].name);
        const ImVec2 extent = text_size(mark, text);
        if (x1 - x0 < extent.x + 4) continue;
        draw_text(frame, {(x0 + x1 - extent.x) / 2, y + (gil_row_height - extent.y) / 2}, mark, text);
    }
}

} // namespace

float draw_gil_rows(Frame& frame, const TimelineArea& area, const Trace& trace, float y) {
    const TimelineState& timeline = frame.model.timeline;
    const TextStyle label{frame.fonts.regular, size::small, frame.colours.quiet};
    const float room = area.left - area.label_x - 4;
    if (timeline.gil_rows.empty()) {
        draw_text(frame, {area.label_x, y + 1}, label, shortened(label, "GIL", room));
        const std::string why = why_no_row(timeline.interpreters_with_gil);
        return draw_paragraph(frame, {area.left, y + 1}, label, why, area.right - area.left, 18) + 4;
    }
    const int shown = std::min(most_rows, static_cast<int>(timeline.gil_rows.size()));
    for (int row = 0; row < shown; ++row) {
        const float top = y + static_cast<float>(row) * gil_row_pitch;
        const GilRow& gil = timeline.gil_rows[static_cast<std::size_t>(row)];
        const bool only = timeline.interpreters_with_gil == 1;
        const std::string name = only ? "GIL held by" : "GIL " + std::to_string(row + 1) + " held by";
        draw_text(frame, {area.label_x, top + 1}, label, shortened(label, name, room));
        draw_holds(frame, area, trace, gil.holds, top);
    }
    return static_cast<float>(shown) * gil_row_pitch + 2;
}

float draw_axis(Frame& frame, const TimelineArea& area, float y) {
    const TextStyle style{frame.fonts.mono, size::small, frame.colours.quiet};
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
