#include <array>

#include "ui/timeline/timeline.h"

namespace gil::ui {

const char* state_in_words(State state) {
    switch (state) {
    case State::starting:
        return "starting";
    case State::running:
        return "running";
    case State::waiting_for_gil:
        return "waiting for the GIL";
    case State::waiting_for_io:
        return "waiting for I/O";
    case State::waiting_for_lock:
        return "waiting for a lock";
    case State::serialising:
        return "serialising data";
    case State::native:
        return "native code, GIL released";
    case State::idle:
        break;
    }
    return "idle";
}

const char* cause_in_words(ReleaseCause cause) {
    switch (cause) {
    case ReleaseCause::interval_expired:
        return "let go because the switch interval expired";
    case ReleaseCause::blocking_call:
        return "let go to wait in a blocking call";
    case ReleaseCause::lock_wait:
        return "let go to wait for a lock";
    case ReleaseCause::native_call:
        return "let go for a native call";
    case ReleaseCause::task_end:
        return "let go because the task ended";
    case ReleaseCause::none:
        break;
    }
    return "";
}

float draw_timeline_legend(Frame& frame, const TimelineArea& area, const Trace& trace, float y) {
    std::array<bool, state_count> present{};
    for (const Lane& lane : trace.lanes) {
        for (const Interval& interval : lane.intervals) present[static_cast<std::size_t>(interval.state)] = true;
    }
    constexpr std::array<State, 7> order = {State::running,        State::native,           State::waiting_for_gil,
                                            State::waiting_for_io, State::waiting_for_lock, State::serialising,
                                            State::starting};
    const TextStyle style{frame.fonts.regular, size::small, frame.colours.quiet};
    // The row starts under the lanes, and at the very left where there is little room.
    const float left = frame.layout.narrow ? area.label_x : area.left;
    float x = left;
    const float top = y;
    for (const State state : order) {
        if (!present[static_cast<std::size_t>(state)]) continue;
        const char* name = state_in_words(state);
        const float width = 22 + text_size(style, name).x;
        if (x > left && x + width > area.right) {
            x = left;
            y += 20;
        }
        draw_state(frame, state, x, x + 15, y + 8, 7, 4);
        draw_text(frame, {x + 22, y}, style, name);
        x += width + 18;
    }
    return y - top + 20;
}

} // namespace gil::ui
