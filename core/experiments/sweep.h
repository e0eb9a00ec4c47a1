// Reading a sweep's lines: where one stays below another, and where a line stops rising. Pure; any thread.
#pragma once

#include <optional>
#include <span>

namespace gil {

struct SweepPoint {
    double x = 0;
    double y = 0;
    bool operator==(const SweepPoint&) const = default;
};

/// The x from which on `line` stays below `other` up to the end of the sweep. Between two points the crossing is
/// interpolated: the logarithm of the ratio over the logarithm of x. The smallest x when it is below everywhere;
/// nothing when it is not below at the last point. Both lines are in order of x with x and y above 0; points that only
/// one of them has are left out.
[[nodiscard]] std::optional<double> break_even(std::span<const SweepPoint> line, std::span<const SweepPoint> other);

/// The first point, in order of x, whose y reaches `share` of the largest y; nothing for an empty line.
[[nodiscard]] std::optional<SweepPoint> knee(std::span<const SweepPoint> line, double share = 0.9);

} // namespace gil
