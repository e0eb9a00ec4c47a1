// The visible stretch of a timeline: zooming, moving, ticks. Pure; no ImGui.
#pragma once

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "core/trace/trace.h"
#include "ui/view/format.h"

namespace gil::ui {

/// Nanoseconds as doubles, so that zooming in steps does not drift. 0 <= begin < end <= total always holds.
struct TimelineView {
    double begin = 0;
    double end = 1;
    double total = 1;
    [[nodiscard]] double length() const { return end - begin; }
    [[nodiscard]] bool whole() const { return begin <= 0 && end >= total; }
    /// 0 at the left edge, 1 at the right edge.
    [[nodiscard]] double position(double time) const { return (time - begin) / length(); }
    [[nodiscard]] double time(double position) const { return begin + position * length(); }
};

/// Nobody needs to look at less than this.
inline constexpr double shortest_view = 1'000;

/// Moves the view back into [0, total], keeping its length where it can.
[[nodiscard]] inline TimelineView clamped(TimelineView view) {
    view.total = std::max(view.total, 1.0);
    const double length = std::clamp(view.length(), std::min(shortest_view, view.total), view.total);
    view.begin = std::clamp(view.begin, 0.0, view.total - length);
    view.end = view.begin + length;
    return view;
}

[[nodiscard]] inline TimelineView whole_view(Nanoseconds total) {
    return clamped({0, static_cast<double>(total), static_cast<double>(total)});
}

/// Zooms by `factor` (above 1: closer) so that what stands at `position` (0 to 1) stays there.
[[nodiscard]] inline TimelineView zoomed(TimelineView view, double factor, double position) {
    const double length = std::clamp(view.length() / factor, std::min(shortest_view, view.total), view.total);
    const double anchor = view.time(position);
    view.begin = anchor - position * length;
    view.end = view.begin + length;
    return clamped(view);
}

/// Moves by a share of the visible length; positive: later.
[[nodiscard]] inline TimelineView panned(TimelineView view, double share) {
    const double by = view.length() * share;
    view.begin += by;
    view.end += by;
    return clamped(view);
}

/// Moves, without zooming, so that `time` is visible with some room around it.
[[nodiscard]] inline TimelineView revealing(TimelineView view, double time) {
    const double room = view.length() * 0.1;
    if (time >= view.begin + room && time <= view.end - room) return view;
    const double length = view.length();
    view.begin = time - length / 2;
    view.end = view.begin + length;
    return clamped(view);
}

/// What to show first: the whole run when the GIL changed hands fewer than 40 times, else the first 24 stretches.
[[nodiscard]] inline TimelineView first_view(Nanoseconds total, std::span<const GilHold> holds) {
    const TimelineView whole = whole_view(total);
    int switches = 0;
    for (std::size_t at = 1; at < holds.size(); ++at) {
        if (holds[at].lane == holds[at - 1].lane) continue;
        if (++switches == 24) {
            const TimelineView part = clamped({0, static_cast<double>(holds[at].begin), whole.total});
            const auto hand_overs = std::count_if(holds.begin() + static_cast<std::ptrdiff_t>(at), holds.end(),
                                                  [previous = holds[at - 1].lane](const GilHold& hold) mutable {
                                                      const bool changed = hold.lane != previous;
                                                      previous = hold.lane;
                                                      return changed;
                                                  });
            return 23 + hand_overs < 40 ? whole : part;
        }
    }
    return whole;
}

/// Index of the hold that begins with the first hand-over after `time` (the last before it when `direction` < 0);
/// -1 when there is none.
[[nodiscard]] inline int find_hand_over(std::span<const GilHold> holds, double time, int direction) {
    int found = -1;
    for (std::size_t at = 1; at < holds.size(); ++at) {
        if (holds[at].lane == holds[at - 1].lane) continue;
        const auto begin = static_cast<double>(holds[at].begin);
        if (direction > 0 && begin > time + 0.5) return static_cast<int>(at);
        if (direction < 0 && begin < time - 0.5) found = static_cast<int>(at);
    }
    return found;
}

/// Who held one interpreter's GIL, as a row of the timeline.
struct GilRow {
    int interpreter = 0;
    std::vector<GilHold> holds;
};

/// The GILs that get a row: those that several lanes share, and a single one in any case.
[[nodiscard]] inline std::vector<GilRow> gil_rows_of(const Trace& trace, int& interpreters_with_gil) {
    std::vector<int> interpreters;
    for (const Lane& lane : trace.lanes) {
        if (lane.has_gil) interpreters.push_back(lane.interpreter);
    }
    std::sort(interpreters.begin(), interpreters.end());
    std::vector<GilRow> rows;
    std::vector<int> shared;
    interpreters_with_gil = 0;
    for (auto at = interpreters.begin(); at != interpreters.end(); ++interpreters_with_gil) {
        const auto end = std::upper_bound(at, interpreters.end(), *at);
        if (end - at > 1) shared.push_back(*at);
        at = end;
    }
    if (interpreters_with_gil == 1) shared = {interpreters.front()};
    for (const int interpreter : shared) rows.push_back({interpreter, gil_holds(trace, interpreter)});
    return rows;
}

/// The hand-over after (before, when `direction` < 0) `time` that is nearest, over all rows.
struct HandOver {
    const GilHold* from = nullptr;
    const GilHold* to = nullptr; ///< nullptr: there is none
};
[[nodiscard]] inline HandOver next_hand_over(std::span<const GilRow> rows, double time, int direction) {
    HandOver best;
    for (const GilRow& row : rows) {
        const int found = find_hand_over(row.holds, time, direction);
        if (found < 1) continue;
        const auto at = static_cast<std::size_t>(found);
        const bool nearer =
            !best.to || (direction > 0 ? row.holds[at].begin < best.to->begin : row.holds[at].begin > best.to->begin);
        if (nearer) best = {&row.holds[at - 1], &row.holds[at]};
    }
    return best;
}

/// What stands in a block of the GIL's row: the number a lane's name ends with, or its first letter.
[[nodiscard]] inline std::string lane_mark(const std::string& name) {
    const std::size_t last = name.find_last_not_of("0123456789");
    const std::string number = last == std::string::npos ? name : name.substr(last + 1);
    if (!number.empty() || name.empty()) return number;
    const char first = name.front();
    return std::string(1, first >= 'a' && first <= 'z' ? static_cast<char>(first - 'a' + 'A') : first);
}

struct Tick {
    double time = 0;
    std::string label;
};

/// At most `most` (at least 2) round times inside the view.
[[nodiscard]] inline std::vector<Tick> ticks_of(const TimelineView& view, int most) {
    const double raw = view.length() / std::max(2, most);
    const double unit = std::pow(10.0, std::floor(std::log10(raw)));
    const double step = raw <= unit ? unit : raw <= 2 * unit ? 2 * unit : raw <= 5 * unit ? 5 * unit : 10 * unit;
    std::vector<Tick> ticks;
    for (double time = std::ceil(view.begin / step - 1e-9) * step; time <= view.end + step * 1e-6; time += step) {
        const bool small = view.end < 1e6;
        ticks.push_back({time, number_text(time / (small ? 1e3 : 1e6), 6) + (small ? " µs" : " ms")});
    }
    return ticks;
}

/// "0 to 120 of 1231 ms", or "all 1231 ms".
[[nodiscard]] inline std::string range_text(const TimelineView& view) {
    const bool small = view.total < 1e6;
    const double unit = small ? 1e3 : 1e6;
    const double length = view.length() / unit;
    const int decimals = length >= 100 ? 0 : length >= 10 ? 1 : length >= 1 ? 2 : 4;
    const std::string total =
        number_text(view.total / unit, view.total / unit >= 100 ? 0 : 2) + (small ? " µs" : " ms");
    if (view.whole()) return "all " + total;
    return number_text(view.begin / unit, decimals) + " to " + number_text(view.end / unit, decimals) + " of " + total;
}

} // namespace gil::ui
