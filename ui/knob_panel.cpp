#include <algorithm>

#include "ui/format.h"
#include "ui/slider.h"

namespace gil::ui {

namespace {

constexpr float column_gap = 24;
constexpr float row_gap = 6;

/// The simulation's own knob: the experiment does not know it, and a measured run ignores it.
const Knob& cores_knob() {
    static const Knob knob = [] {
        Knob made;
        made.name = "cores";
        made.title = "cores, simulated";
        made.kind = KnobKind::integer;
        made.min = 1;
        made.max = 64;
        made.logarithmic = true;
        made.help = "Only the simulation uses this. A measured run has the cores of this computer.";
        return made;
    }();
    return knob;
}

void draw_number(Frame& frame, const Knob& knob, ImVec2 at, float width) {
    const double value = frame.model.knobs.number(knob.name);
    std::string shown = frame.model.knobs.text(knob.name);
    if (!knob.unit.empty()) shown += " " + std::string(knob.unit);
    const SliderAction action = slider(frame, knob, value, shown, at, width);
    Controller& controller = frame.controller;
    if (action.reset)
        controller.reset_knob(knob.name);
    else if (action.set)
        controller.set_knob(knob.name, action.value, action.dragging);
    if (action.released) controller.finish_drag();
    if (action.typed) {
        const std::optional<double> number = parse_number(action.text);
        controller.set_knob_text(knob.name, number ? number_text(*number, 9) : action.text);
    }
}

void draw_cores(Frame& frame, ImVec2 at, float width) {
    const Knob& knob = cores_knob();
    const int cores = frame.model.simulated_cores();
    const SliderAction action = slider(frame, knob, cores, std::to_string(cores), at, width);
    Controller& controller = frame.controller;
    if (action.reset)
        controller.set_cores(0);
    else if (action.set)
        controller.set_cores(static_cast<int>(action.value), action.dragging);
    if (action.released) controller.finish_drag();
    if (action.typed) {
        const std::optional<double> number = parse_number(action.text);
        if (number && *number >= 1 && *number <= 64)
            controller.set_cores(static_cast<int>(*number));
        else
            frame.model.notice = Notice{"Not taken: cores go from 1 to 64.", true};
    }
}

void draw_choice(Frame& frame, const Knob& knob, ImVec2 at, float width) {
    draw_knob_title(frame, knob, at, width);
    std::vector<Segment> segments;
    for (std::size_t index = 0; index < knob.choices.size(); ++index) {
        segments.push_back({words(knob.choices[index]), choice_unavailable(frame.model, knob, index)});
    }
    const int chosen = static_cast<int>(frame.model.knobs.number(knob.name));
    const std::string id(knob.name);
    const float own = std::min(width, std::max(segmented_width(frame, segments), 200.0f));
    const int pressed = segmented(frame, id.c_str(), {at.x, at.y + 20}, own, 28, segments, chosen);
    if (pressed >= 0) frame.controller.set_knob(knob.name, pressed);
}

} // namespace

float draw_knob_panel(Frame& frame, ImVec2 at, float width) {
    const std::span<const Knob> knobs = frame.model.knobs.descriptions();
    const int count = static_cast<int>(knobs.size()) + 1;
    const int columns = knob_columns(width, count, column_gap);
    const float column = (width - column_gap * static_cast<float>(columns - 1)) / static_cast<float>(columns);
    for (int index = 0; index < count; ++index) {
        const ImVec2 place{at.x + static_cast<float>(index % columns) * (column + column_gap),
                           at.y + static_cast<float>(index / columns) * (knob_height + row_gap)};
        if (index == count - 1) {
            draw_cores(frame, place, column);
            continue;
        }
        const Knob& knob = knobs[static_cast<std::size_t>(index)];
        if (knob.kind == KnobKind::choice)
            draw_choice(frame, knob, place, column);
        else
            draw_number(frame, knob, place, column);
    }
    const int rows = (count + columns - 1) / columns;
    return static_cast<float>(rows) * (knob_height + row_gap) - row_gap;
}

} // namespace gil::ui
