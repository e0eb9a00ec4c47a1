// A sweep's report as lines over its x axis, and what to point out on them. Pure; no ImGui.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "core/experiments/experiment.h"
#include "core/experiments/judging.h"
#include "core/experiments/sweep.h"
#include "core/report/report.h"
#include "ui/view/chart_scale.h"

namespace gil::ui {

/// One series in both origins, points in order of x. Points that did not run are left out.
struct SweepLine {
    std::string series;
    std::vector<const VariantReport*> simulated;
    std::vector<const VariantReport*> measured;
    std::vector<const VariantReport*> unmeasured; ///< points that did not run here, and say why
    std::string unavailable;                      ///< why no point of it was measured
    std::size_t style = 0;                        ///< colour and sign: 0 for the plain line, the others count from 1

    /// The measured points when `measured_counts` and there are any, else the simulated ones.
    [[nodiscard]] const std::vector<const VariantReport*>& judged(bool measured_counts) const {
        return measured_counts && !measured.empty() ? measured : simulated;
    }
};

/// The lines in the order of the experiment. Both reports must outlive them.
[[nodiscard]] inline std::vector<SweepLine> sweep_lines(const Report& simulated, const Report* measured) {
    std::vector<SweepLine> lines;
    for (const VariantReport& variant : simulated.variants) {
        const auto same = [&](const SweepLine& line) { return line.series == variant.series; };
        if (variant.series.empty() || std::any_of(lines.begin(), lines.end(), same)) continue;
        SweepLine line{variant.series, points_of(simulated, variant.series), {}, {}, {}, 0};
        const bool plain_first = !lines.empty() && lines.front().style == 0;
        if (line.series != "sequential") line.style = lines.size() + (plain_first ? 0 : 1);
        if (measured) {
            line.measured = points_of(*measured, variant.series);
            for (const VariantReport& point : measured->variants) {
                if (point.series != line.series || point.unavailable.empty()) continue;
                line.unmeasured.push_back(&point);
                if (line.measured.empty()) line.unavailable = point.unavailable;
            }
        }
        lines.push_back(std::move(line));
    }
    return lines;
}

/// Every x of the lines once, rising.
[[nodiscard]] inline std::vector<double> sweep_xs(const std::vector<SweepLine>& lines) {
    std::vector<double> xs;
    for (const SweepLine& line : lines) {
        for (const auto* points : {&line.simulated, &line.measured}) {
            for (const VariantReport* point : *points) xs.push_back(point->x);
        }
    }
    std::sort(xs.begin(), xs.end());
    xs.erase(std::unique(xs.begin(), xs.end()), xs.end());
    return xs;
}

/// The axis that holds all points and their spreads.
[[nodiscard]] inline ChartScale sweep_wall_scale(const std::vector<SweepLine>& lines, const Axis& axis) {
    double low = 0;
    double high = 0;
    for (const SweepLine& line : lines) {
        for (const auto* points : {&line.simulated, &line.measured}) {
            for (const VariantReport* point : *points) {
                const Spread& wall = point->wall_ms;
                const double bottom = wall.samples > 1 ? wall.min : wall.median;
                low = high > 0 ? std::min(low, bottom) : bottom;
                high = std::max({high, wall.median, wall.max});
            }
        }
    }
    return wall_scale(low, high, axis.wall_logarithmic);
}

/// A place on a line that the claim is about.
struct SweepMark {
    std::size_t line = 0;
    double x = 0;
    double y_ms = 0;
    std::string text;
};

/// Wall time of a line at `x`, between two points as a straight line on the chart.
[[nodiscard]] inline double wall_at(const std::vector<const VariantReport*>& points, double x, bool logarithmic) {
    for (std::size_t at = 1; at < points.size(); ++at) {
        const VariantReport& from = *points[at - 1];
        const VariantReport& to = *points[at];
        if (x > to.x && at + 1 < points.size()) continue;
        const double share = scale_over(from.x, to.x, logarithmic).position(x);
        return from.wall_ms.median + (to.wall_ms.median - from.wall_ms.median) * std::clamp(share, 0.0, 1.0);
    }
    return points.empty() ? 0 : points.front()->wall_ms.median;
}

/// The points on both sides of `x`, and the last one: what a mark at `x` stands on.
[[nodiscard]] inline bool is_noisy_about(const std::vector<const VariantReport*>& points, double x) {
    for (std::size_t at = 0; at < points.size(); ++at) {
        const bool before = at + 1 < points.size() && points[at + 1]->x >= x && points[at]->x <= x;
        const bool after = at > 0 && points[at - 1]->x <= x && points[at]->x >= x;
        if ((before || after || at + 1 == points.size()) && is_noisy(*points[at])) return true;
    }
    return false;
}

/// With a sequential line: where the others come below it for good, if that is inside the sweep. Without one: from
/// where on a line is within 10 % of its best. No mark stands on points that are too noisy to be judged.
[[nodiscard]] inline std::vector<SweepMark> sweep_marks(const std::vector<SweepLine>& lines, bool measured_counts,
                                                        const Axis& axis) {
    std::vector<SweepMark> marks;
    const auto plain = std::find_if(lines.begin(), lines.end(), [](const auto& l) { return l.series == "sequential"; });
    for (std::size_t index = 0; index < lines.size(); ++index) {
        const auto& points = lines[index].judged(measured_counts);
        if (points.empty() || lines[index].series == "sequential") continue;
        std::optional<double> x;
        std::string text = "break-even at ";
        if (plain != lines.end()) {
            const auto& theirs = plain->judged(measured_counts);
            x = break_even(wall_line(points), wall_line(theirs));
            const bool open = x && (*x <= points.front()->x || !clearly_faster(*points.back(), *theirs.back()));
            if (open || (x && is_noisy_about(theirs, *x))) x.reset();
        } else {
            std::vector<SweepPoint> speed;
            for (const VariantReport* point : points) speed.push_back({point->x, 1 / point->wall_ms.median});
            if (const auto spot = knee(speed)) x = spot->x;
            text = "within 10 % of the best from ";
        }
        if (!x || is_noisy_about(points, *x)) continue;
        const std::string value = axis_value_words(round_to_digits(*x, 2), axis.unit, axis.title);
        marks.push_back({index, *x, wall_at(points, *x, axis.logarithmic), text + value});
    }
    return marks;
}

/// The point of a sweep that is shown first: the largest x that ran of its first line of processes. nullptr when the
/// report is no sweep.
[[nodiscard]] inline const VariantReport* first_point(const Report& report) {
    const VariantReport* best = nullptr;
    for (const VariantReport& variant : report.variants) {
        if (!variant.series.starts_with("process") || !variant.unavailable.empty()) continue;
        if (!best || (variant.series == best->series && variant.x > best->x)) best = &variant;
    }
    return best;
}

/// The variant of `series` at the x that is nearest to `x`; nullptr when there is no such series.
[[nodiscard]] inline const VariantReport* point_at(const Report& report, std::string_view series, double x) {
    const VariantReport* best = nullptr;
    for (const VariantReport& variant : report.variants) {
        if (variant.series != series) continue;
        if (!best || std::fabs(variant.x - x) < std::fabs(best->x - x)) best = &variant;
    }
    return best;
}

} // namespace gil::ui
