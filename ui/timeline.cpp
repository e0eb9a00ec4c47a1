#include "ui/timeline.h"

#include <algorithm>

#include "ui/format.h"

namespace gil::ui {

namespace {

constexpr int most_lanes = 40;

/// A square button with a drawn sign: '<' previous, '>' next hand-over, '-' and '+' zoom.
bool sign_button(Frame& frame, const char* id, ImVec2 at, char sign, bool enabled, const char* help) {
    const Palette& colours = frame.colours;
    const Touch button = touch(id, {at.x, at.y - 6}, {28, 40});
    if (button.hovered && enabled) {
        frame.draw->AddRectFilled(at, {at.x + 28, at.y + 28}, colours.hover, 6);
        tooltip(frame, help);
    }
    const ImU32 colour = enabled ? colours.text : faded(colours.quiet, 0.4f);
    const ImVec2 c{at.x + 14, at.y + 14};
    if (sign == '+' || sign == '-') {
        frame.draw->AddRectFilled({c.x - 6, c.y - 0.9f}, {c.x + 6, c.y + 0.9f}, colour);
        if (sign == '+') frame.draw->AddRectFilled({c.x - 0.9f, c.y - 6}, {c.x + 0.9f, c.y + 6}, colour);
    } else {
        const float d = sign == '>' ? 1.0f : -1.0f;
        const ImVec2 base_up{c.x - 5 * d, c.y - 6}, base_down{c.x - 5 * d, c.y + 6}, tip{c.x + 4 * d, c.y};
        if (d > 0)
            frame.draw->AddTriangleFilled(base_up, tip, base_down, colour);
        else
            frame.draw->AddTriangleFilled(base_up, base_down, tip, colour);
        frame.draw->AddRectFilled({c.x + 5 * d - 1, c.y - 6}, {c.x + 5 * d + 1, c.y + 6}, colour);
    }
    return button.pressed && enabled;
}

void draw_range(Frame& frame, float right, float y) {
    const TextStyle style{frame.fonts.mono, size::small, frame.colours.quiet};
    draw_text_right(frame, right, y, style, range_text(frame.model.timeline.view));
}

/// "How it happened", the visible range and the switch between simulated and measured. Returns its height.
float draw_title(Frame& frame, ImVec2 at, float width) {
    Model& model = frame.model;
    const TextStyle title{frame.fonts.semibold, size::large, frame.colours.text};
    draw_text(frame, {at.x, at.y + 6}, title, "How it happened");
    const Report* measured = model.measured_report();
    float right = at.x + width;
    if (measured) {
        std::string missing;
        if (!find_variant(*measured, model.timeline.variant)) missing = "This variant was not measured here.";
        const std::vector<Segment> origins = {{"simulated", {}}, {"measured", missing}};
        right -= segmented_width(frame, origins);
        const int chosen = model.timeline.origin == Origin::measured ? 1 : 0;
        const int pressed = segmented(frame, "origin", {right, at.y + 1}, 0, 28, origins, chosen);
        if (pressed >= 0) frame.controller.show_origin(pressed == 1 ? Origin::measured : Origin::simulated);
    } else {
        const TextStyle quiet{frame.fonts.regular, size::small, frame.colours.quiet};
        right -= text_size(quiet, "simulated").x;
        draw_text(frame, {right, at.y + 8}, quiet, "simulated");
    }
    if (!frame.layout.narrow) draw_range(frame, right - 16, at.y + 7);
    return 30;
}

/// One pill per variant, wrapped. Returns its height; `end` is where the last row ends.
float draw_pills(Frame& frame, ImVec2 at, float width, float& end) {
    float x = at.x;
    float y = at.y;
    std::string wanted;
    ImGui::PushID("pills");
    for (const VariantReport& variant : frame.model.simulated.variants) {
        const std::string label = words(variant.name);
        const float own = pill_width(frame, label);
        if (x > at.x && x + own > at.x + width) {
            x = at.x;
            y += pill_height + 8;
        }
        if (pill(frame, variant.name.c_str(), {x, y}, label, variant.name == frame.model.timeline.variant)) {
            wanted = variant.name;
        }
        x += own + 8;
    }
    ImGui::PopID();
    end = x;
    if (!wanted.empty()) frame.controller.show_variant(wanted);
    return y - at.y + pill_height;
}

constexpr float tools_width = 132;

/// Step and zoom buttons.
void draw_tools(Frame& frame, ImVec2 at) {
    TimelineState& timeline = frame.model.timeline;
    const bool hands = timeline.holds.size() > 1;
    float x = at.x;
    if (hands) {
        const double from = timeline.hand_over.value_or(timeline.view.begin);
        const bool back = find_hand_over(timeline.holds, timeline.hand_over.value_or(timeline.view.end), -1) >= 0;
        const bool on = find_hand_over(timeline.holds, from, +1) >= 0;
        if (sign_button(frame, "previous", {x, at.y}, '<', back, "Previous hand-over of the GIL")) {
            step_to_hand_over(frame, -1);
        }
        if (sign_button(frame, "next", {x + 32, at.y}, '>', on, "Next hand-over of the GIL")) {
            step_to_hand_over(frame, +1);
        }
    }
    x += 72;
    const auto zoom = [&](double factor) {
        timeline.view = zoomed(timeline.view, factor, 0.5);
        timeline.moved = true;
    };
    if (sign_button(frame, "out", {x, at.y}, '-', !timeline.view.whole(), "Show more")) zoom(0.5);
    if (sign_button(frame, "in", {x + 32, at.y}, '+', timeline.view.length() > shortest_view, "Look closer")) {
        zoom(2);
    }
}

/// Pills and tools in one row when they fit, else the tools and the range in a row of their own. Returns the height.
float draw_controls(Frame& frame, ImVec2 at, float width) {
    float end = 0;
    const float height = draw_pills(frame, at, width, end);
    const float right = at.x + width;
    const float last_row = at.y + height - pill_height;
    if (!frame.layout.narrow && end + tools_width <= right) {
        draw_tools(frame, {right - tools_width + 8, last_row});
        return height;
    }
    draw_tools(frame, {at.x - 8, at.y + height + 6});
    if (frame.layout.narrow) draw_range(frame, right, at.y + height + 11);
    return height + 36;
}

/// What happened at the hand-over the buttons stand at, or how to use the timeline.
std::string caption(const Frame& frame, const Trace& trace) {
    const TimelineState& timeline = frame.model.timeline;
    if (timeline.hand_over) {
        for (std::size_t at = 1; at < timeline.holds.size(); ++at) {
            const GilHold& to = timeline.holds[at];
            const GilHold& from = timeline.holds[at - 1];
            if (static_cast<double>(to.begin) != *timeline.hand_over) continue;
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
    return frame.layout.narrow ? "Drag to move, + − to zoom, tap twice for the whole run."
                               : "Drag to move, wheel to zoom, double-click for the whole run.";
}

/// "lanes 1 to 40 of 200" with buttons, when there are more than fit. Returns its height.
float draw_lane_pages(Frame& frame, const TimelineArea& area, int lanes, float y) {
    if (lanes <= most_lanes) return 0;
    int& first = frame.model.timeline.first_lane;
    const TextStyle style{frame.fonts.regular, size::small, frame.colours.quiet};
    const std::string text = "lanes " + std::to_string(first + 1) + " to " + std::to_string(first + area.lane_count) +
                             " of " + std::to_string(lanes);
    const float width = text_size(style, text).x;
    draw_text(frame, {area.left, y + 8}, style, text);
    const TextStyle active{frame.fonts.regular, size::small, frame.colours.accent};
    float x = area.left + width + 20;
    if (first > 0 && link(frame, "lanes before", {x, y + 8}, active, "previous")) {
        first = std::max(0, first - most_lanes);
    }
    x += text_size(active, "previous").x + 20;
    if (first + area.lane_count < lanes && link(frame, "lanes after", {x, y + 8}, active, "next")) {
        first = std::min(lanes - 1, first + most_lanes);
    }
    return 30;
}

} // namespace

float draw_timeline(Frame& frame, ImVec2 at, float width) {
    ImGui::PushID("timeline");
    float y = at.y;
    y += draw_title(frame, {at.x, y}, width) + 6;
    y += draw_controls(frame, {at.x, y}, width) + 8;
    const VariantReport* run = frame.model.timeline_run();
    if (!run) {
        const TextStyle style{frame.fonts.regular, size::normal, frame.colours.quiet};
        draw_text(frame, {at.x, y + 8}, style, "This variant did not run.");
        ImGui::PopID();
        return y - at.y + 40;
    }
    const Trace& trace = run->median_run.trace;
    const int lanes = static_cast<int>(trace.lanes.size());
    TimelineArea area;
    area.label_x = at.x;
    area.left = at.x + (frame.layout.narrow ? 84.0f : 96.0f);
    area.right = at.x + width;
    area.top = y;
    area.first_lane = std::clamp(frame.model.timeline.first_lane, 0, std::max(0, lanes - 1));
    area.lane_count = std::min(most_lanes, lanes - area.first_lane);
    area.pitch = std::clamp(312.0f / static_cast<float>(std::max(1, area.lane_count)), 8.0f, 26.0f);

    draw_lanes(frame, area, trace);
    y = area.lanes_bottom() + 2;
    y += draw_gil_row(frame, area, trace, y) + 2;
    handle_timeline_input(frame, area, trace, y - 4);
    y += draw_axis(frame, area, y);
    y += draw_lane_pages(frame, area, lanes, y);
    y += 6;
    y += draw_timeline_legend(frame, area, trace, y) + 4;
    const TextStyle hint{frame.fonts.regular, size::small, frame.colours.quiet};
    const float hint_left = frame.layout.narrow ? area.label_x : area.left;
    y += std::max(18.0f * (frame.layout.narrow ? 2 : 1),
                  draw_paragraph(frame, {hint_left, y}, hint, caption(frame, trace), at.x + width - hint_left, 18));
    ImGui::PopID();
    return y - at.y;
}

} // namespace gil::ui
