#include "core/experiments/sweep.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace gil {

namespace {

/// log(line / other) over log x, at every x that both lines have.
std::vector<SweepPoint> log_ratios(std::span<const SweepPoint> line, std::span<const SweepPoint> other) {
    std::vector<SweepPoint> ratios;
    for (const SweepPoint& point : line) {
        const auto same_x = [&](const SweepPoint& candidate) { return candidate.x == point.x; };
        const auto match = std::find_if(other.begin(), other.end(), same_x);
        if (match == other.end()) continue;
        ratios.push_back({std::log(point.x), std::log(point.y) - std::log(match->y)});
    }
    return ratios;
}

} // namespace

std::optional<double> break_even(std::span<const SweepPoint> line, std::span<const SweepPoint> other) {
    const std::vector<SweepPoint> ratios = log_ratios(line, other);
    if (ratios.empty() || ratios.back().y >= 0) return std::nullopt;
    std::size_t first_below = ratios.size() - 1;
    while (first_below > 0 && ratios[first_below - 1].y < 0) --first_below;
    if (first_below == 0) return std::exp(ratios.front().x);
    const SweepPoint& above = ratios[first_below - 1];
    const SweepPoint& below = ratios[first_below];
    return std::exp(above.x + (below.x - above.x) * above.y / (above.y - below.y));
}

std::optional<SweepPoint> knee(std::span<const SweepPoint> line, double share) {
    if (line.empty()) return std::nullopt;
    const auto lower = [](const SweepPoint& a, const SweepPoint& b) { return a.y < b.y; };
    const double enough = share * std::max_element(line.begin(), line.end(), lower)->y;
    return *std::find_if(line.begin(), line.end(), [&](const SweepPoint& point) { return point.y >= enough; });
}

} // namespace gil
