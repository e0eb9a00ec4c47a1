// The axes of a chart: where a value stands, and round values to write beside it. Pure; no ImGui.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ui/view/format.h"

namespace gil::ui {

/// From `low` (position 0) to `high` (position 1). Logarithmic only with 0 < low.
struct ChartScale {
    double low = 0;
    double high = 1;
    bool logarithmic = false;

    [[nodiscard]] double position(double value) const {
        if (!(high > low)) return 0.5;
        if (logarithmic) return value > 0 ? std::log(value / low) / std::log(high / low) : 0.0;
        return (value - low) / (high - low);
    }
};

/// An axis of exactly the given range; not logarithmic when the range does not allow it.
[[nodiscard]] inline ChartScale scale_over(double low, double high, bool logarithmic) {
    return {low, high, logarithmic && low > 0 && high > low};
}

/// The axis for wall times from `low` to `high`: from 0 on, or logarithmic. Some room is left at the ends.
[[nodiscard]] inline ChartScale wall_scale(double low, double high, bool logarithmic) {
    if (!(high > 0)) return {0, 1, false};
    if (logarithmic && low > 0) return {low / 1.25, high * 1.25, true};
    return {0, high * 1.08, false};
}

/// 1, 2 or 5 times a power of ten, at least `rough`.
[[nodiscard]] inline double round_step(double rough) {
    const double decade = std::pow(10.0, std::floor(std::log10(rough)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (factor * decade >= rough * (1 - 1e-9)) return factor * decade;
    }
    return 10 * decade;
}

/// Round values inside the scale, rising, at most about `most`.
[[nodiscard]] inline std::vector<double> chart_ticks(const ChartScale& scale, int most) {
    std::vector<double> ticks;
    if (!(scale.high > scale.low)) return {scale.low};
    if (!scale.logarithmic) {
        const double step = round_step((scale.high - scale.low) / std::max(most, 1));
        for (double index = std::ceil(scale.low / step - 1e-9); index * step <= scale.high * (1 + 1e-9); ++index) {
            ticks.push_back(index * step);
        }
        return ticks;
    }
    const double decades = std::log10(scale.high / scale.low);
    // Few decades get values in between, many of them lose some.
    const int every = std::max(1, static_cast<int>(std::ceil(decades / most)));
    const bool between = decades * 3 <= most;
    for (int exponent = static_cast<int>(std::floor(std::log10(scale.low))); exponent <= 15; exponent += every) {
        for (const double factor : {1.0, 2.0, 5.0}) {
            if (factor > 1 && !between) break;
            const double tick = factor * std::pow(10.0, exponent);
            if (tick >= scale.low * (1 - 1e-9) && tick <= scale.high * (1 + 1e-9)) ticks.push_back(tick);
        }
    }
    return ticks;
}

/// A round wall time: "0", "50 ms", "2 s", "200 µs".
[[nodiscard]] inline std::string wall_tick_text(double ms) {
    if (ms == 0) return "0";
    if (ms >= 1'000) return number_text(ms / 1'000, 3) + " s";
    return ms >= 1 ? number_text(ms, 3) + " ms" : number_text(ms * 1'000, 3) + " µs";
}

/// Index of the value that stands nearest to `position` (0 to 1); `values` is not empty.
[[nodiscard]] inline std::size_t nearest_value(const ChartScale& scale, std::span<const double> values,
                                               double position) {
    std::size_t nearest = 0;
    for (std::size_t at = 1; at < values.size(); ++at) {
        if (std::fabs(scale.position(values[at]) - position) < std::fabs(scale.position(values[nearest]) - position)) {
            nearest = at;
        }
    }
    return nearest;
}

} // namespace gil::ui
