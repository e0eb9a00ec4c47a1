// Where a knob's value stands on its slider, and which values a slider or an arrow key can reach. Pure; no ImGui.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>

#include "core/experiments/knobs.h"
#include "ui/view/format.h"

namespace gil::ui {

/// A logarithmic knob whose range begins at 0 cannot divide by it; its lowest step then stands for 0.
[[nodiscard]] inline double log_floor(const Knob& knob) {
    return knob.min > 0 ? knob.min : std::max(knob.max / 10'000, knob.kind == KnobKind::integer ? 1.0 : 0.001) / 2;
}

/// 0 at the left end, 1 at the right end.
[[nodiscard]] inline double slider_position(const Knob& knob, double value) {
    if (knob.max <= knob.min) return 0;
    if (!knob.logarithmic) return std::clamp((value - knob.min) / (knob.max - knob.min), 0.0, 1.0);
    const double low = log_floor(knob);
    return std::clamp(std::log(std::max(value, low) / low) / std::log(knob.max / low), 0.0, 1.0);
}

/// The value under a position, at two significant digits when logarithmic and at a hundredth of the range otherwise.
[[nodiscard]] inline double slider_value(const Knob& knob, double position) {
    const double at = std::clamp(position, 0.0, 1.0);
    if (at <= 0) return knob.min;
    if (at >= 1) return knob.max;
    double value = 0;
    if (knob.logarithmic) {
        const double low = log_floor(knob);
        value = round_to_digits(low * std::pow(knob.max / low, at), 2);
    } else {
        value = knob.min + at * (knob.max - knob.min);
        if (knob.kind == KnobKind::real) value = round_to_digits(value, 2);
    }
    if (knob.kind == KnobKind::integer) value = std::round(value);
    return std::clamp(value, knob.min, knob.max);
}

/// The next value for an arrow key; `direction` is +1 or -1. Logarithmic knobs climb 1, 1.2, 1.5, 2, 2.5, 3, 4, 5,
/// 6, 8.
[[nodiscard]] inline double slider_step(const Knob& knob, double value, int direction) {
    if (!knob.logarithmic) {
        const double step = knob.kind == KnobKind::integer ? 1.0 : (knob.max - knob.min) / 100;
        return std::clamp(value + direction * step, knob.min, knob.max);
    }
    constexpr std::array<double, 10> ladder = {1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8};
    const double low = log_floor(knob);
    double best = direction > 0 ? knob.max : knob.min;
    for (int exponent = static_cast<int>(std::floor(std::log10(low))); exponent <= 12; ++exponent) {
        for (const double rung : ladder) {
            double candidate = rung * std::pow(10.0, exponent);
            if (knob.kind == KnobKind::integer) candidate = std::round(candidate);
            if (candidate < knob.min || candidate > knob.max) continue;
            if (direction > 0 && candidate > value * (1 + 1e-9)) return candidate;
            if (direction < 0 && candidate < value * (1 - 1e-9)) best = candidate;
        }
    }
    return best;
}

} // namespace gil::ui
