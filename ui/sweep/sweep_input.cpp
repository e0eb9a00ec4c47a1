#include <algorithm>
#include <cmath>

#include <imgui_internal.h>

#include "ui/sweep/sweep_chart.h"

namespace gil::ui {

namespace {

const VariantReport* at_x(const std::vector<const VariantReport*>& points, double x) {
    for (const VariantReport* point : points) {
        if (point->x == x) return point;
    }
    return nullptr;
}

/// All lines at one x, with the exact numbers.
std::string values_at(const SweepPlot& plot, const Axis& axis, double x) {
    std::string text(axis.title);
    text +=
        axis.unit.empty() ? ": " + axis_value_text(x, axis.unit) : ": " + axis_value_words(x, axis.unit, axis.title);
    for (const SweepLine& line : plot.lines) {
        const VariantReport* simulated = at_x(line.simulated, x);
        const VariantReport* measured = at_x(line.measured, x);
        if (!simulated && !measured) continue;
        text += "\n" + words(line.series) + ": ";
        if (simulated) text += "simulated " + simulated_time_text(*simulated);
        if (measured) {
            const Spread& wall = measured->wall_ms;
            text += std::string(simulated ? ", " : "") + "measured " + time_text(wall.median);
            if (wall.samples > 1) text += " (" + time_text(wall.min) + " to " + time_text(wall.max) + ")";
            if (!measured->outputs_ok) text += ", wrong result!";
        }
        const double speedup = measured ? measured->speedup : simulated->speedup;
        if (speedup > 0 && line.series != "sequential") text += ", " + speedup_text(speedup);
        if (const VariantReport* refused = at_x(line.unmeasured, x)) {
            text += "; not measured here: " + refused->unavailable;
        }
    }
    if (plot.stale) text += "\nMeasured with other knobs than those above.";
    return text;
}

/// The line whose point at `x` is nearest to `y`, in either origin.
std::size_t nearest_line(const SweepPlot& plot, double x, float y) {
    std::size_t nearest = 0;
    float best = 1e9f;
    for (std::size_t index = 0; index < plot.lines.size(); ++index) {
        for (const auto* points : {&plot.lines[index].simulated, &plot.lines[index].measured}) {
            const VariantReport* point = at_x(*points, x);
            if (!point) continue;
            const float distance = std::fabs(plot.y_of(point->wall_ms.median) - y);
            if (distance < best) nearest = index;
            best = std::min(best, distance);
        }
    }
    return nearest;
}

void show(Frame& frame, const SweepPlot& plot, std::size_t line, double x) {
    const VariantReport* point = point_at(frame.model.simulated, plot.lines[line].series, x);
    if (point) frame.controller.show_variant(point->name);
}

/// Arrow keys: along the axis and from line to line.
void take_keys(Frame& frame, const SweepPlot& plot) {
    const ImGuiID id = ImGui::GetItemID();
    const auto pressed = [&](ImGuiKey key) {
        ImGui::SetKeyOwner(key, id);
        return ImGui::IsKeyPressed(key, ImGuiInputFlags_Repeat, id);
    };
    const int along = (pressed(ImGuiKey_RightArrow) ? 1 : 0) - (pressed(ImGuiKey_LeftArrow) ? 1 : 0);
    const int across = (pressed(ImGuiKey_DownArrow) ? 1 : 0) - (pressed(ImGuiKey_UpArrow) ? 1 : 0);
    if (along == 0 && across == 0) return;
    int line = 0;
    int place = static_cast<int>(plot.xs.size()) - 1;
    if (const VariantReport* run = frame.model.timeline_run()) {
        for (std::size_t index = 0; index < plot.lines.size(); ++index) {
            if (plot.lines[index].series == run->series) line = static_cast<int>(index);
        }
        const auto found = std::find(plot.xs.begin(), plot.xs.end(), run->x);
        if (found != plot.xs.end()) place = static_cast<int>(found - plot.xs.begin());
    }
    const int lines = static_cast<int>(plot.lines.size());
    line = (line + across + lines) % lines;
    place = std::clamp(place + along, 0, static_cast<int>(plot.xs.size()) - 1);
    show(frame, plot, static_cast<std::size_t>(line), plot.xs[static_cast<std::size_t>(place)]);
}

} // namespace

void handle_sweep_input(Frame& frame, const SweepPlot& plot, const Axis& axis) {
    const float width = plot.right - plot.left;
    const Touch area = touch("plot", {plot.left, plot.top}, {width, plot.bottom - plot.top});
    if (area.focused) {
        take_keys(frame, plot);
        if (const VariantReport* run = frame.model.timeline_run(); run && !run->series.empty() && !area.hovered) {
            tooltip_at(frame, {plot.x_of(run->x), plot.top}, values_at(plot, axis, run->x));
        }
    }
    if (!area.hovered && !area.pressed) return;
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    const float inner = width - 2 * SweepPlot::inset;
    const double position = static_cast<double>((mouse.x - plot.left - SweepPlot::inset) / inner);
    const double x = plot.xs[nearest_value(plot.x, plot.xs, position)];
    if (area.hovered) {
        const float at = plot.x_of(x);
        frame.draw->AddRectFilled({at - 0.5f, plot.top}, {at + 0.5f, plot.bottom}, faded(frame.colours.text, 0.5f));
        tooltip(frame, values_at(plot, axis, x) + "\nClick to see the timeline of a point.");
    }
    const bool by_pointer = ImGui::GetIO().MouseReleased[0];
    if (area.pressed && by_pointer) show(frame, plot, nearest_line(plot, x, mouse.y), x);
}

} // namespace gil::ui
