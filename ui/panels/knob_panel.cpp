#include <algorithm>

#include "ui/panels/panels.h"
#include "ui/view/format.h"
#include "ui/widgets/slider.h"

namespace gil::ui {

namespace {

constexpr float column_gap = 24;
constexpr float row_gap = 6;
constexpr float choice_height = 28;
constexpr float choice_pitch = 40; ///< from line to line of a choice that needs several: a finger's width

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
    std::string shown = grouped_number(frame.model.knobs.text(knob.name));
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
    // So that nobody wonders why the first run moves it.
    constexpr float room = 180; // for the title too
    const bool found_here = frame.model.cores == 0 && frame.model.machine.calibrated && width > room;
    const std::string shown = std::to_string(cores) + (found_here ? " here" : "");
    const SliderAction action = slider(frame, knob, cores, shown, at, width);
    Controller& controller = frame.controller;
    if (action.reset)
        controller.set_cores(0);
    else if (action.set)
        controller.set_cores(static_cast<int>(action.value), action.dragging);
    if (action.released) controller.finish_drag();
    if (action.typed) {
        const std::optional<double> number = parse_number(action.text);
        if (const std::optional<int> wanted = number ? cores_from(*number) : std::nullopt)
            controller.set_cores(*wanted);
        else
            frame.model.notice = Notice{"Not taken: " + std::string(cores_accepted) + ".", true};
    }
}

std::vector<Segment> segments_of(const Frame& frame, const Knob& knob) {
    std::vector<Segment> segments;
    for (std::size_t index = 0; index < knob.choices.size(); ++index) {
        segments.push_back({words(knob.choices[index]), choice_unavailable(frame.model, knob, index)});
    }
    return segments;
}

/// How many choices stand on each line when all of them do not fit on one.
std::vector<int> choice_lines(const Frame& frame, const std::vector<Segment>& segments, float width) {
    std::vector<float> parts;
    for (const Segment& segment : segments) parts.push_back(tightest_width(frame, {segment}) - 4);
    return lines_of_parts(parts, width - 4);
}

void draw_choice(Frame& frame, const Knob& knob, ImVec2 at, float width) {
    draw_knob_title(frame, knob, at, width);
    const std::vector<Segment> all = segments_of(frame, knob);
    const int chosen = static_cast<int>(frame.model.knobs.number(knob.name));
    const std::vector<int> lines = choice_lines(frame, all, width);
    int first = 0;
    float y = at.y + 20;
    for (const int count : lines) {
        const std::vector<Segment> segments(all.begin() + first, all.begin() + first + count);
        const float natural = std::max(segmented_width(frame, segments), 200.0f);
        const std::string id = std::string(knob.name) + std::to_string(first);
        const float own = lines.size() > 1 ? width : std::min(width, natural);
        const int pressed = segmented(frame, id.c_str(), {at.x, y}, own, choice_height, segments, chosen - first);
        if (pressed >= 0) frame.controller.set_knob(knob.name, first + pressed);
        first += count;
        y += choice_pitch;
    }
}

std::vector<float> needed_widths(const Frame& frame, std::span<const Knob> knobs) {
    std::vector<float> needs;
    for (const Knob& knob : knobs) {
        const bool choice = knob.kind == KnobKind::choice;
        needs.push_back(choice ? tightest_width(frame, segments_of(frame, knob)) : 0.0f);
    }
    needs.push_back(0); // the cores of the simulation
    return needs;
}

float height_of(const Frame& frame, const Knob& knob, float width) {
    if (knob.kind != KnobKind::choice) return knob_height;
    const auto lines = static_cast<float>(choice_lines(frame, segments_of(frame, knob), width).size());
    return knob_height + (lines - 1) * choice_pitch;
}

} // namespace

float draw_knob_panel(Frame& frame, ImVec2 at, float width) {
    const std::span<const Knob> knobs = frame.model.knobs.descriptions();
    const std::vector<float> needs = needed_widths(frame, knobs);
    const std::vector<KnobCell> cells = knob_cells(needs, width, column_gap);
    const int columns = knob_columns(width, static_cast<int>(needs.size()), column_gap);
    const float column = (width - column_gap * static_cast<float>(columns - 1)) / static_cast<float>(columns);
    const auto width_of = [&](const KnobCell& cell) {
        return column + static_cast<float>(cell.span - 1) * (column + column_gap);
    };
    std::vector<float> heights;
    for (std::size_t index = 0; index < cells.size(); ++index) {
        const auto row = static_cast<std::size_t>(cells[index].row);
        heights.resize(std::max(heights.size(), row + 1), knob_height);
        if (index < knobs.size()) {
            heights[row] = std::max(heights[row], height_of(frame, knobs[index], width_of(cells[index])));
        }
    }
    for (std::size_t index = 0; index < cells.size(); ++index) {
        const KnobCell& cell = cells[index];
        float y = at.y;
        for (int row = 0; row < cell.row; ++row) y += heights[static_cast<std::size_t>(row)] + row_gap;
        const ImVec2 place{at.x + static_cast<float>(cell.column) * (column + column_gap), y};
        if (index == knobs.size())
            draw_cores(frame, place, width_of(cell));
        else if (knobs[index].kind == KnobKind::choice)
            draw_choice(frame, knobs[index], place, width_of(cell));
        else
            draw_number(frame, knobs[index], place, width_of(cell));
    }
    float height = -row_gap;
    for (const float row : heights) height += row + row_gap;
    return height;
}

} // namespace gil::ui
