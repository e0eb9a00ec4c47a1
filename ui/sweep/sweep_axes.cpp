#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "ui/sweep/sweep_chart.h"

namespace gil::ui {

ImU32 line_colour(const Frame& frame, std::size_t style) {
    return frame.colours.series[style % std::size(frame.colours.series)];
}

void draw_point_sign(Frame& frame, ImVec2 centre, std::size_t style, float radius, bool hollow, float alpha) {
    const ImU32 colour = faded(line_colour(frame, style), alpha);
    const ImU32 fill = hollow ? frame.colours.background : colour;
    const float r = radius;
    const ImVec2 c = centre;
    ImDrawList* draw = frame.draw;
    const auto polygon = [&](std::initializer_list<ImVec2> points) {
        for (const ImVec2& point : points) draw->PathLineTo({c.x + point.x * r, c.y + point.y * r});
        draw->AddConvexPolyFilled(draw->_Path.Data, draw->_Path.Size, fill);
        draw->PathStroke(colour, ImDrawFlags_Closed, 1.4f);
    };
    switch (style % 5) {
    case 0:
        draw->AddCircleFilled(c, r, fill);
        draw->AddCircle(c, r, colour, 0, 1.4f);
        break;
    case 1:
        polygon({{-0.9f, -0.9f}, {0.9f, -0.9f}, {0.9f, 0.9f}, {-0.9f, 0.9f}});
        break;
    case 2:
        polygon({{0, -1.2f}, {1.15f, 0.85f}, {-1.15f, 0.85f}});
        break;
    case 3:
        polygon({{0, -1.3f}, {1.3f, 0}, {0, 1.3f}, {-1.3f, 0}});
        break;
    default:
        polygon({{-1.15f, -0.85f}, {1.15f, -0.85f}, {0, 1.2f}});
    }
}

void draw_dashed(ImDrawList* list, ImVec2 from, ImVec2 to, ImU32 colour, float thickness) {
    constexpr float dash = 5;
    constexpr float period = 9;
    const float length = std::hypot(to.x - from.x, to.y - from.y);
    if (length <= 0) return;
    const ImVec2 step{(to.x - from.x) / length, (to.y - from.y) / length};
    for (float at = 0; at < length; at += period) {
        const float end = std::min(at + dash, length);
        list->AddLine({from.x + step.x * at, from.y + step.y * at}, {from.x + step.x * end, from.y + step.y * end},
                      colour, thickness);
    }
}

namespace {

/// A value below the axis.
struct XValue {
    float left = 0;
    float right = 0;
    std::string text;
};

/// All values, "256 KiB" or, to save room, "256KiB".
std::vector<XValue> x_values(const SweepPlot& plot, const Axis& axis, const TextStyle& style, bool spaced) {
    std::vector<XValue> values;
    for (const double x : plot.xs) {
        std::string text = axis_value_text(x, axis.unit);
        if (!spaced) std::erase(text, ' ');
        const float width = text_size(style, text).x;
        const float left = std::min(plot.x_of(x) - width / 2, plot.right - width);
        values.push_back({left, left + width, std::move(text)});
    }
    return values;
}

constexpr float between_values = 6;

bool all_fit(const std::vector<XValue>& values) {
    for (std::size_t at = 1; at < values.size(); ++at) {
        if (values[at].left < values[at - 1].right + between_values) return false;
    }
    return true;
}

/// Values that do not fit are left out; the first and the last one always stand there.
void draw_x_values(Frame& frame, const SweepPlot& plot, const Axis& axis, const TextStyle& style) {
    std::vector<XValue> values = x_values(plot, axis, style, true);
    if (!all_fit(values)) values = x_values(plot, axis, style, false);
    float free_from = plot.left - 40;
    for (std::size_t at = 0; at < values.size(); ++at) {
        const float x = plot.x_of(plot.xs[at]);
        frame.draw->AddRectFilled({x - 0.5f, plot.bottom}, {x + 0.5f, plot.bottom + 4}, frame.colours.quiet);
        const XValue& value = values[at];
        const bool last = at + 1 == values.size();
        if (value.left < free_from || (!last && value.right + between_values > values.back().left)) continue;
        draw_text(frame, {value.left, plot.bottom + 6}, style, value.text);
        free_from = value.right + between_values;
    }
}

} // namespace

float draw_sweep_axes(Frame& frame, const SweepPlot& plot, const Axis& axis) {
    const Palette& colours = frame.colours;
    const TextStyle number{frame.fonts.mono, size::small, colours.quiet};
    const TextStyle title{frame.fonts.regular, size::small, colours.quiet};
    const int most = static_cast<int>((plot.bottom - plot.top) / 32);
    for (const double tick : chart_ticks(plot.y, most)) {
        const float y = plot.y_of(tick);
        frame.draw->AddRectFilled({plot.left, y - 0.5f}, {plot.right, y + 0.5f}, faded(colours.line, 0.8f));
        draw_text_right(frame, plot.left - 8, y - 8, number, wall_tick_text(tick));
    }
    frame.draw->AddRectFilled({plot.left, plot.bottom - 0.5f}, {plot.right, plot.bottom + 0.5f}, colours.quiet);
    draw_x_values(frame, plot, axis, number);
    std::string below(axis.title);
    if (!axis.unit.empty() && axis.unit != "bytes") below += ", " + std::string(axis.unit);
    if (plot.x.logarithmic) below += " (logarithmic)";
    draw_text(frame, {(plot.left + plot.right - text_size(title, below).x) / 2, plot.bottom + 24}, title, below);
    const char* above = plot.y.logarithmic ? "wall time (logarithmic), less is better" : "wall time, less is better";
    draw_text(frame, {plot.left - 62, plot.top - 24}, title, above);
    return 44;
}

float draw_sweep_legend(Frame& frame, const SweepPlot& plot, ImVec2 at, float width) {
    const Palette& colours = frame.colours;
    TextStyle style{frame.fonts.regular, size::small, colours.text};
    float x = at.x;
    float y = at.y;
    const auto next = [&](float own) {
        if (x > at.x && x + own > at.x + width) {
            x = at.x;
            y += 20;
        }
    };
    for (std::size_t index = 0; index < plot.lines.size(); ++index) {
        const SweepLine& line = plot.lines[index];
        draw_point_sign(frame, {x + 6, y + 8}, line.style, 4.5f, false);
        const std::string name = words(line.series);
        draw_text(frame, {x + 18, y}, style, name);
        // What stands out on this line, beside its name: words among the lines would hide them.
        for (const SweepMark& mark : plot.marks) {
            if (mark.line != index) continue;
            const TextStyle strong{frame.fonts.semibold, size::small, line_colour(frame, line.style)};
            float left = x + 18 + text_size(style, name).x + 12;
            if (left + text_size(strong, mark.text).x > at.x + width) {
                left = x + 18;
                y += 18;
            }
            draw_text(frame, {left, y}, strong, shortened(strong, mark.text, at.x + width - left));
        }
        y += 20;
    }
    y -= 20;
    const Report* report = frame.model.measured_report();
    std::string measured = "measured";
    if (!report) {
        const bool possible = frame.platform.info().engine_unavailable.empty();
        measured = possible ? "measured: press Run" : "measured: not possible here";
    } else if (plot.stale) {
        measured = "measured with other knobs – run again";
    } else {
        int samples = 0;
        for (const VariantReport& variant : report->variants) samples = std::max(samples, variant.wall_ms.samples);
        if (samples > 1) measured = "measured, median of " + std::to_string(samples) + " runs, fastest to slowest";
    }
    style.colour = colours.quiet;
    x = at.x;
    y += 20;
    draw_dashed(frame.draw, {x, y + 8}, {x + 23, y + 8}, colours.text, 1.3f);
    draw_text(frame, {x + 30, y}, style, "simulated");
    x += 30 + text_size(style, "simulated").x + 20;
    next(30 + text_size(style, measured).x);
    frame.draw->AddLine({x, y + 8}, {x + 23, y + 8}, colours.text, 2.2f);
    frame.draw->AddCircleFilled({x + 11.5f, y + 8}, 4, colours.text);
    if (plot.stale) style = {frame.fonts.semibold, size::small, colours.unsure};
    draw_text(frame, {x + 30, y}, style, measured);
    return y - at.y + 20;
}

} // namespace gil::ui
