#include "ui/sweep/sweep_chart.h"

#include <algorithm>
#include <cmath>

namespace gil::ui {

namespace {

constexpr float measured_thickness = 2.2f;
constexpr float simulated_thickness = 1.3f;
constexpr float whisker_distance = 3;

/// The places that the legend speaks of, each with a line down to the axis.
void draw_marks(Frame& frame, const SweepPlot& plot) {
    for (const SweepMark& mark : plot.marks) {
        const ImU32 colour = line_colour(frame, plot.lines[mark.line].style);
        const ImVec2 at{plot.x_of(mark.x), plot.y_of(mark.y_ms)};
        draw_dashed(frame.draw, at, {at.x, plot.bottom}, faded(colour, 0.8f), 1.3f);
        frame.draw->AddTriangleFilled({at.x - 5, plot.bottom + 1}, {at.x, plot.bottom - 8}, {at.x + 5, plot.bottom + 1},
                                      colour);
    }
}

/// The point whose timeline is shown.
void draw_chosen(Frame& frame, const SweepPlot& plot) {
    const VariantReport* run = frame.model.timeline_run();
    if (!run || run->series.empty()) return;
    const float x = plot.x_of(run->x);
    frame.draw->AddRectFilled({x - 11, plot.top}, {x + 11, plot.bottom}, faded(frame.colours.selection, 0.7f), 4);
    frame.draw->AddCircle({x, plot.y_of(run->wall_ms.median)}, 9, frame.colours.text, 0, 1.5f);
}

/// Lines that this computer cannot measure, and why.
float draw_unavailable(Frame& frame, const SweepPlot& plot, ImVec2 at, float width) {
    const TextStyle style{frame.fonts.regular, size::small, frame.colours.quiet};
    float y = at.y;
    for (const SweepLine& line : plot.lines) {
        if (line.unavailable.empty()) continue;
        const std::string text = words(line.series) + " was not measured here: " + line.unavailable;
        y += draw_paragraph(frame, {at.x, y}, style, text, width, small_line_height);
    }
    return y - at.y;
}

/// From the fastest to the slowest run, `beside` the point: those of several lines at one x would cover each other.
void draw_whisker(Frame& frame, const SweepPlot& plot, const VariantReport& point, float beside, ImU32 colour) {
    if (point.wall_ms.samples < 2) return;
    const float x = plot.x_of(point.x) + beside;
    const float high = plot.y_of(point.wall_ms.max);
    const float low = plot.y_of(point.wall_ms.min);
    frame.draw->AddRectFilled({x - 0.75f, high}, {x + 0.75f, low}, colour);
    for (const float y : {high, low}) frame.draw->AddRectFilled({x - 3, y - 0.5f}, {x + 3, y + 0.5f}, colour);
}

} // namespace

void draw_sweep_lines(Frame& frame, const SweepPlot& plot) {
    float beside = -whisker_distance * (static_cast<float>(plot.lines.size()) - 1) / 2;
    for (const SweepLine& line : plot.lines) {
        const ImU32 colour = line_colour(frame, line.style);
        const auto place = [&](const VariantReport* point) {
            return ImVec2{plot.x_of(point->x), plot.y_of(point->wall_ms.median)};
        };
        for (std::size_t at = 1; at < line.simulated.size(); ++at) {
            draw_dashed(frame.draw, place(line.simulated[at - 1]), place(line.simulated[at]), faded(colour, 0.8f),
                        simulated_thickness);
        }
        if (line.measured.empty()) {
            for (const VariantReport* point : line.simulated)
                draw_point_sign(frame, place(point), line.style, 3.5f, true);
        }
        const float alpha = plot.stale ? 0.4f : 1.0f;
        for (std::size_t at = 1; at < line.measured.size(); ++at) {
            frame.draw->AddLine(place(line.measured[at - 1]), place(line.measured[at]), faded(colour, alpha),
                                measured_thickness);
        }
        for (const VariantReport* point : line.measured) {
            draw_whisker(frame, plot, *point, beside, faded(colour, alpha));
            draw_point_sign(frame, place(point), line.style, 4.5f, false, alpha);
        }
        beside += whisker_distance;
    }
}

float draw_sweep_chart(Frame& frame, ImVec2 at, float width) {
    const Axis& axis = frame.model.experiment->axis;
    if (axis.title.empty()) return 0;
    const Report* measured = frame.model.measured_report();
    SweepPlot plot;
    plot.lines = sweep_lines(frame.model.simulated, measured);
    plot.xs = sweep_xs(plot.lines);
    if (plot.xs.empty()) return 0;
    plot.stale = measured && !frame.model.measured_is_current();
    plot.x = scale_over(plot.xs.front(), plot.xs.back(), axis.logarithmic);
    plot.y = sweep_wall_scale(plot.lines, axis);
    plot.marks = sweep_marks(plot.lines, frame.model.measured_is_current(), axis);

    ImGui::PushID("sweep");
    float y = at.y + draw_sweep_legend(frame, plot, at, width) + 6;
    plot.left = at.x + 62;
    plot.right = at.x + width;
    plot.top = y + 22;
    plot.bottom = plot.top + (frame.layout.narrow || frame.layout.embedded ? 200.0f : 232.0f);
    y = plot.bottom + draw_sweep_axes(frame, plot, axis);
    draw_chosen(frame, plot);
    draw_sweep_lines(frame, plot);
    draw_marks(frame, plot);
    handle_sweep_input(frame, plot, axis);
    y += draw_unavailable(frame, plot, {at.x, y}, width);
    ImGui::PopID();
    return y - at.y + 12;
}

} // namespace gil::ui
