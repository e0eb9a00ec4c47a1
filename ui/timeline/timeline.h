// The parts of the timeline panel; timeline.cpp puts them together.
#pragma once

#include "ui/widgets/widgets.h"

namespace gil::ui {

/// The whole panel. Returns its height.
float draw_timeline(Frame& frame, ImVec2 at, float width);

/// Where the lanes stand on the screen.
struct TimelineArea {
    float label_x = 0;
    float left = 0; ///< of the lanes
    float right = 0;
    float top = 0;
    float pitch = 26; ///< from lane to lane
    int first_lane = 0;
    int lane_count = 0; ///< drawn lanes
    [[nodiscard]] float width() const { return right - left; }
    [[nodiscard]] float lanes_bottom() const { return top + pitch * static_cast<float>(lane_count); }
    [[nodiscard]] float x_of(const TimelineView& view, double time) const {
        return left + static_cast<float>(view.position(time)) * width();
    }
};

inline constexpr float gil_row_height = 18;
inline constexpr float gil_row_pitch = 20;

/// "How it happened", the visible range and the switch between simulated and measured. Returns its height.
float draw_timeline_title(Frame& frame, ImVec2 at, float width);

/// Pills and tools in one row when they fit, else the tools and the range in a row of their own. Returns the height.
float draw_timeline_controls(Frame& frame, ImVec2 at, float width);

/// One stretch of a state from x0 to x1 around `middle`. `tall` and `thin` are half the height of work and of waits;
/// `density` below 1: a share of it.
void draw_state(Frame& frame, State state, float x0, float x1, float middle, float tall, float thin, float density = 1);

/// Labels and intervals of the visible lanes.
void draw_lanes(Frame& frame, const TimelineArea& area, const Trace& trace);

/// The rows that say who holds a GIL, or why there is none. Returns their height.
float draw_gil_rows(Frame& frame, const TimelineArea& area, const Trace& trace, float y);

/// A few round times below the rows. Returns its height.
float draw_axis(Frame& frame, const TimelineArea& area, float y);

/// The states that occur in this trace. Returns its height.
float draw_timeline_legend(Frame& frame, const TimelineArea& area, const Trace& trace, float y);

/// Pointer, wheel and keyboard over the lanes: moves the view, draws the hairline and the tooltip.
/// `gil_top`: where the GIL's rows begin.
void handle_timeline_input(Frame& frame, const TimelineArea& area, const Trace& trace, float gil_top, float bottom);

/// Scrolls the lanes with the wheel, for the item that was drawn last.
void take_lane_wheel(Frame& frame);

/// Steps to the next (+1) or previous (-1) hand-over of the GIL.
void step_to_hand_over(Frame& frame, int direction);

/// The interval of a lane that contains `time`; nullptr outside of the trace.
[[nodiscard]] const Interval* interval_at(const Lane& lane, double time);

/// "let go because the switch interval expired"; empty for ReleaseCause::none.
[[nodiscard]] const char* cause_in_words(ReleaseCause cause);
[[nodiscard]] const char* state_in_words(State state);

} // namespace gil::ui
