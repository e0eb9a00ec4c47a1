// The parts of the line chart of a sweep; sweep_chart.cpp puts them together.
#pragma once

#include <vector>

#include "ui/view/sweep_view.h"
#include "ui/widgets/widgets.h"

namespace gil::ui {

/// The lines of a sweep; nothing where the experiment is none. Returns its height.
float draw_sweep_chart(Frame& frame, ImVec2 at, float width);

/// Where the chart's points stand on the screen.
struct SweepPlot {
    float left = 0;
    float right = 0;
    float top = 0;
    float bottom = 0;
    ChartScale x;
    ChartScale y;
    std::vector<SweepLine> lines;
    std::vector<double> xs;
    std::vector<SweepMark> marks;
    bool stale = false; ///< measured with other knobs

    /// Points keep a little away from the edges.
    static constexpr float inset = 14;
    [[nodiscard]] float x_of(double value) const {
        return left + inset + static_cast<float>(x.position(value)) * (right - left - 2 * inset);
    }
    [[nodiscard]] float y_of(double ms) const {
        return bottom - static_cast<float>(std::clamp(y.position(ms), 0.0, 1.0)) * (bottom - top);
    }
};

/// The sign of a line of that style: each has a shape of its own besides its colour. `hollow`: simulated.
void draw_point_sign(Frame& frame, ImVec2 centre, std::size_t style, float radius, bool hollow, float alpha = 1);
[[nodiscard]] ImU32 line_colour(const Frame& frame, std::size_t style);
void draw_dashed(ImDrawList* list, ImVec2 from, ImVec2 to, ImU32 colour, float thickness);

/// Grid and the values of both axes with their titles. Returns the height below the plot.
float draw_sweep_axes(Frame& frame, const SweepPlot& plot, const Axis& axis);
/// Lines, points, spreads.
void draw_sweep_lines(Frame& frame, const SweepPlot& plot);
/// Names of the lines and what dashed and solid mean. Returns its height.
float draw_sweep_legend(Frame& frame, const SweepPlot& plot, ImVec2 at, float width);

/// Pointer and keyboard over the plot: exact values, and the point that the timeline shows.
void handle_sweep_input(Frame& frame, const SweepPlot& plot, const Axis& axis);

} // namespace gil::ui
