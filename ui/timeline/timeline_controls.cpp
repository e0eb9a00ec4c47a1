#include <algorithm>

#include "ui/timeline/timeline.h"
#include "ui/view/sweep_view.h"

namespace gil::ui {

namespace {

/// In a sweep: which point is shown.
std::string point_text(const Frame& frame) {
    const VariantReport* shown = find_variant(frame.model.simulated, frame.model.timeline.variant);
    if (!shown || shown->series.empty()) return {};
    const Axis& axis = frame.model.experiment->axis;
    return " at " + axis_value_words(shown->x, axis.unit, axis.title);
}

/// What the pills stand for: in a sweep the points at the x that is shown, or at the last one.
std::vector<const VariantReport*> pill_variants(const Frame& frame, const VariantReport* shown) {
    std::vector<const VariantReport*> pills;
    std::vector<std::string> series;
    const Report& report = frame.model.simulated;
    const VariantReport* first = first_point(report);
    for (const VariantReport& variant : report.variants) {
        if (variant.series.empty()) {
            pills.push_back(&variant);
            continue;
        }
        if (std::find(series.begin(), series.end(), variant.series) != series.end()) continue;
        series.push_back(variant.series);
        const double x = shown && !shown->series.empty() ? shown->x : first ? first->x : variant.x;
        pills.push_back(point_at(report, variant.series, x));
    }
    return pills;
}

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

} // namespace

float draw_timeline_title(Frame& frame, ImVec2 at, float width) {
    Model& model = frame.model;
    const TextStyle title{frame.fonts.semibold, size::large, frame.colours.text};
    const std::string how = "How it happened" + (frame.layout.narrow ? std::string() : point_text(frame));
    draw_text(frame, {at.x, at.y + 5}, title, how);
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

namespace {

/// One pill per variant, or per line of a sweep, wrapped. Returns its height; `end` is where the last row ends.
float draw_pills(Frame& frame, ImVec2 at, float width, float& end) {
    float x = at.x;
    float y = at.y;
    std::string wanted;
    ImGui::PushID("pills");
    const VariantReport* shown = find_variant(frame.model.simulated, frame.model.timeline.variant);
    for (const VariantReport* point : pill_variants(frame, shown)) {
        const VariantReport& variant = *point;
        const std::string label = words(variant.series.empty() ? variant.name : variant.series);
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
    float x = at.x;
    const double from = timeline.hand_over.value_or(timeline.view.begin);
    const bool back = next_hand_over(timeline.gil_rows, timeline.hand_over.value_or(timeline.view.end), -1).to;
    const bool on = next_hand_over(timeline.gil_rows, from, +1).to;
    if (back || on) {
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

} // namespace

float draw_timeline_controls(Frame& frame, ImVec2 at, float width) {
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

} // namespace gil::ui
