#include "ui/timeline/timeline.h"

#include <algorithm>

#include "ui/view/format.h"

namespace gil::ui {

namespace {

constexpr int most_lanes = 24;
constexpr float scrollbar_width = 14;

/// What happened at the hand-over the buttons stand at, or how to use the timeline.
std::string caption(const Frame& frame, const Trace& trace) {
    const TimelineState& timeline = frame.model.timeline;
    if (timeline.hand_over) {
        const auto [from_hold, to_hold] = next_hand_over(timeline.gil_rows, *timeline.hand_over - 1, +1);
        if (to_hold && static_cast<double>(to_hold->begin) == *timeline.hand_over) {
            const GilHold& from = *from_hold;
            const GilHold& to = *to_hold;
            const auto name = [&](int lane) { return trace.lanes[static_cast<std::size_t>(lane)].name; };
            std::string text = exact_time_text(from.end) + ": " + name(from.lane);
            const std::string cause = cause_in_words(from.cause);
            text += " " + (cause.empty() ? std::string("let go") : cause);
            return text + "; " + name(to.lane) + " went on " + exact_time_text(to.begin - from.end) + " later.";
        }
    }
    if (timeline.origin == Origin::measured && !frame.model.measured_is_current()) {
        return "Measured with other knobs than those above.";
    }
    std::string text = frame.layout.narrow ? "Drag to move, + − to zoom, tap twice for the whole run."
                                           : "Drag to move, wheel to zoom, double-click for the whole run.";
    if (static_cast<int>(trace.lanes.size()) > most_lanes) text += " Drag up or down for the other lanes.";
    return text;
}

/// The track beside the lanes, when there are more than fit: drag it, or turn the wheel over it.
void draw_lane_scrollbar(Frame& frame, const TimelineArea& area, int lanes) {
    if (lanes <= area.lane_count) return;
    TimelineState& timeline = frame.model.timeline;
    const float x = area.right + 4;
    const float height = area.lanes_bottom() - area.top;
    const Touch track = touch("lane scroll", {x - 4, area.top}, {scrollbar_width + 4, height});
    const auto share = [&](int lane) { return height * static_cast<float>(lane) / static_cast<float>(lanes); };
    if (track.held && ImGui::GetIO().MouseDown[0]) {
        const float middle = (ImGui::GetIO().MousePos.y - area.top) / height * static_cast<float>(lanes);
        timeline.first_lane = static_cast<int>(middle) - area.lane_count / 2;
    }
    if (track.hovered) take_lane_wheel(frame);
    timeline.first_lane = std::clamp(timeline.first_lane, 0, lanes - area.lane_count);
    const Palette& colours = frame.colours;
    frame.draw->AddRectFilled({x + 2, area.top}, {x + 8, area.top + height}, faded(colours.line, 0.6f), 3);
    const float top = area.top + share(timeline.first_lane);
    frame.draw->AddRectFilled({x + 2, top}, {x + 8, top + share(area.lane_count)},
                              track.hovered || track.held ? colours.quiet : faded(colours.quiet, 0.7f), 3);
}

/// Room for the longest name of a lane, within reason.
float label_width(const Frame& frame, const Trace& trace) {
    const TextStyle label{frame.fonts.regular, size::small, 0};
    float widest = text_size(label, "GIL held by").x;
    for (const Lane& lane : trace.lanes) widest = std::max(widest, text_size(label, lane.name).x);
    return std::min(widest + 12, frame.layout.narrow ? 132.0f : 160.0f);
}

TimelineArea area_of(const Frame& frame, const Trace& trace, ImVec2 at, float width) {
    const int lanes = static_cast<int>(trace.lanes.size());
    TimelineArea area;
    area.label_x = at.x;
    area.left = at.x + label_width(frame, trace);
    area.right = at.x + width - (lanes > most_lanes ? scrollbar_width : 0);
    area.top = at.y;
    area.lane_count = std::min(most_lanes, lanes);
    area.first_lane = std::clamp(frame.model.timeline.first_lane, 0, lanes - area.lane_count);
    area.pitch = std::clamp(360.0f / static_cast<float>(std::max(1, area.lane_count)), 15.0f, 26.0f);
    return area;
}

} // namespace

float draw_timeline(Frame& frame, ImVec2 at, float width) {
    ImGui::PushID("timeline");
    float y = at.y;
    y += draw_timeline_title(frame, {at.x, y}, width) + 6;
    y += draw_timeline_controls(frame, {at.x, y}, width) + 8;
    const VariantReport* run = frame.model.timeline_run();
    if (!run) {
        const TextStyle style{frame.fonts.regular, size::normal, frame.colours.quiet};
        draw_text(frame, {at.x, y + 8}, style, "This variant did not run.");
        ImGui::PopID();
        return y - at.y + 40;
    }
    const Trace& trace = run->median_run.trace;
    const int lanes = static_cast<int>(trace.lanes.size());
    const TimelineArea area = area_of(frame, trace, {at.x, y}, width);
    frame.model.timeline.first_lane = area.first_lane;
    draw_lanes(frame, area, trace);
    if (lanes > area.lane_count) {
        const TextStyle quiet{frame.fonts.regular, size::small, frame.colours.quiet};
        const std::string text = "lanes " + std::to_string(area.first_lane + 1) + " to " +
                                 std::to_string(area.first_lane + area.lane_count) + " of " + std::to_string(lanes);
        draw_text(frame, {area.left, area.lanes_bottom() + 2}, quiet, text);
    }
    y = area.lanes_bottom() + (lanes > area.lane_count ? 22.0f : 2.0f);
    const float gil_top = y;
    y += draw_gil_rows(frame, area, trace, y) + 2;
    handle_timeline_input(frame, area, trace, gil_top, y - 4);
    draw_lane_scrollbar(frame, area, lanes);
    y += draw_axis(frame, area, y) + 6;
    y += draw_timeline_legend(frame, area, trace, y) + 4;
    const TextStyle hint{frame.fonts.regular, size::small, frame.colours.quiet};
    const float hint_left = frame.layout.narrow ? area.label_x : area.left;
    y += std::max(18.0f * (frame.layout.narrow ? 2 : 1),
                  draw_paragraph(frame, {hint_left, y}, hint, caption(frame, trace), at.x + width - hint_left, 18));
    ImGui::PopID();
    return y - at.y;
}

} // namespace gil::ui
