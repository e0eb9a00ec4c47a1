#include <algorithm>
#include <cmath>

#include <imgui_internal.h>

#include "ui/timeline/timeline.h"
#include "ui/view/format.h"

namespace gil::ui {

namespace {

/// The state, its times, why it ended and the task, for the interval under the pointer.
std::string describe(const VariantReport& run, const Lane& lane, const Interval& interval) {
    std::string text = lane.name + ": " + state_in_words(interval.state);
    text += "\nfrom " + exact_time_text(interval.begin) + ", for " + exact_time_text(interval.length());
    const std::string cause = cause_in_words(interval.cause);
    if (!cause.empty()) text += "\nGIL " + cause;
    if (interval.task >= 0) {
        const auto index = static_cast<std::size_t>(interval.task);
        text += "\ntask " + std::to_string(interval.task + 1);
        const std::vector<Task>& tasks = run.scenario.tasks;
        if (index < tasks.size() && !tasks[index].name.empty()) text += ", " + tasks[index].name;
    }
    return text;
}

void set_view(Frame& frame, const TimelineView& view) {
    frame.model.timeline.view = view;
    frame.model.timeline.moved = true;
}

void take_wheel(Frame& frame, const TimelineArea& area) {
    ImGuiIO& io = ImGui::GetIO();
    // A scroll of the page that began elsewhere goes on when the timeline comes under the pointer.
    if (ImGui::GetCurrentContext()->WheelingWindow) return;
    ImGui::SetItemKeyOwner(ImGuiKey_MouseWheelY);
    ImGui::SetItemKeyOwner(ImGuiKey_MouseWheelX);
    const TimelineView& view = frame.model.timeline.view;
    if (io.MouseWheel != 0) {
        const double position = std::clamp(static_cast<double>((io.MousePos.x - area.left) / area.width()), 0.0, 1.0);
        set_view(frame, zoomed(view, std::pow(1.2, static_cast<double>(io.MouseWheel)), position));
    }
    if (io.MouseWheelH != 0) set_view(frame, panned(view, -0.1 * static_cast<double>(io.MouseWheelH)));
}

void take_keys(Frame& frame, const TimelineArea& area, int lanes) {
    const ImGuiID id = ImGui::GetItemID();
    const auto pressed = [&](ImGuiKey key) {
        ImGui::SetKeyOwner(key, id);
        return ImGui::IsKeyPressed(key, ImGuiInputFlags_Repeat, id);
    };
    const TimelineView& view = frame.model.timeline.view;
    if (lanes > area.lane_count) {
        int& first = frame.model.timeline.first_lane;
        if (pressed(ImGuiKey_DownArrow)) ++first;
        if (pressed(ImGuiKey_UpArrow)) --first;
        first = std::clamp(first, 0, lanes - area.lane_count);
    }
    if (pressed(ImGuiKey_LeftArrow)) set_view(frame, panned(view, -0.1));
    if (pressed(ImGuiKey_RightArrow)) set_view(frame, panned(view, 0.1));
    if (pressed(ImGuiKey_Equal) || pressed(ImGuiKey_KeypadAdd)) set_view(frame, zoomed(view, 1.5, 0.5));
    if (pressed(ImGuiKey_Minus) || pressed(ImGuiKey_KeypadSubtract)) set_view(frame, zoomed(view, 1 / 1.5, 0.5));
    if (pressed(ImGuiKey_0) || pressed(ImGuiKey_Keypad0)) {
        set_view(frame, clamped({0, view.total, view.total}));
    }
}

/// Where a replay is.
void draw_replay_line(Frame& frame, const TimelineArea& area, const Trace& trace, float bottom) {
    const TimelineState& timeline = frame.model.timeline;
    if (!timeline.replay.playing) return;
    const auto at = static_cast<double>(replay_time(timeline.replay, ImGui::GetTime(), trace.end));
    if (at < timeline.view.begin || at > timeline.view.end) return;
    const float x = area.x_of(timeline.view, at);
    frame.draw->AddRectFilled({x - 1, area.top - 2}, {x + 1, bottom}, frame.colours.accent);
}

/// Sideways through time, up and down through the lanes.
void take_drag(Frame& frame, const TimelineArea& area) {
    TimelineState& timeline = frame.model.timeline;
    const ImGuiIO& io = ImGui::GetIO();
    if (ImGui::IsMouseClicked(0)) timeline.dragged_lane = timeline.first_lane;
    if (!ImGui::IsMouseDragging(0)) return;
    if (io.MouseDelta.x != 0) {
        ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
        set_view(frame, panned(timeline.view, static_cast<double>(-io.MouseDelta.x / area.width())));
    }
    const float lanes = ImGui::GetMouseDragDelta(0).y / area.pitch;
    timeline.first_lane = std::max(0, timeline.dragged_lane - static_cast<int>(std::lround(lanes)));
}

/// Who holds the GIL of row `row` at `time`, and until when.
void describe_holder(Frame& frame, const Trace& trace, int row, double time) {
    const std::vector<GilRow>& rows = frame.model.timeline.gil_rows;
    if (row < 0 || row >= static_cast<int>(rows.size())) return;
    for (const GilHold& hold : rows[static_cast<std::size_t>(row)].holds) {
        if (static_cast<double>(hold.begin) > time) return;
        if (static_cast<double>(hold.end) <= time) continue;
        std::string text = trace.lanes[static_cast<std::size_t>(hold.lane)].name + " holds the GIL\nfrom " +
                           exact_time_text(hold.begin) + ", for " + exact_time_text(hold.end - hold.begin);
        const std::string cause = cause_in_words(hold.cause);
        if (!cause.empty()) text += "\n" + cause;
        tooltip(frame, text);
        return;
    }
}

void draw_hairline(Frame& frame, float x, float top, float bottom, ImU32 colour) {
    frame.draw->AddRectFilled({x - 0.5f, top}, {x + 0.5f, bottom}, colour);
}

} // namespace

void step_to_hand_over(Frame& frame, int direction) {
    TimelineState& timeline = frame.model.timeline;
    const double from = timeline.hand_over.value_or(direction > 0 ? timeline.view.begin : timeline.view.end);
    const HandOver found = next_hand_over(timeline.gil_rows, from, direction);
    if (!found.to) return;
    timeline.hand_over = static_cast<double>(found.to->begin);
    set_view(frame, revealing(timeline.view, *timeline.hand_over));
}

void take_lane_wheel(Frame& frame) {
    if (ImGui::GetCurrentContext()->WheelingWindow) return;
    ImGui::SetItemKeyOwner(ImGuiKey_MouseWheelY);
    frame.model.timeline.first_lane -= static_cast<int>(std::lround(3 * ImGui::GetIO().MouseWheel));
}

void handle_timeline_input(Frame& frame, const TimelineArea& area, const Trace& trace, float gil_top, float bottom) {
    TimelineState& timeline = frame.model.timeline;
    const Touch lanes = touch("lanes", {area.left, area.top}, {area.width(), bottom - area.top});
    if (lanes.hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Arrow);
    if (lanes.focused) take_keys(frame, area, static_cast<int>(trace.lanes.size()));
    ImGuiIO& io = ImGui::GetIO();
    if (lanes.hovered) take_wheel(frame, area);
    if (lanes.hovered && ImGui::IsMouseDoubleClicked(0)) {
        set_view(frame, clamped({0, timeline.view.total, timeline.view.total}));
    } else if (lanes.held) {
        take_drag(frame, area);
    }
    if (timeline.hand_over) {
        const double at = *timeline.hand_over;
        if (at >= timeline.view.begin && at <= timeline.view.end) {
            draw_hairline(frame, area.x_of(timeline.view, at), area.top - 2, bottom, frame.colours.accent);
        }
    }
    draw_replay_line(frame, area, trace, bottom);
    timeline.pointer.reset();
    if (!lanes.hovered || ImGui::IsMouseDragging(0)) return;
    draw_hairline(frame, io.MousePos.x, area.top - 2, bottom, faded(frame.colours.text, 0.5f));
    const double time = timeline.view.time(static_cast<double>((io.MousePos.x - area.left) / area.width()));
    timeline.pointer = time;
    const VariantReport* run = frame.model.timeline_run();
    if (!run) return;
    if (io.MousePos.y >= gil_top) {
        describe_holder(frame, trace, static_cast<int>((io.MousePos.y - gil_top) / gil_row_pitch), time);
        return;
    }
    const int row = static_cast<int>(std::floor((io.MousePos.y - area.top) / area.pitch));
    if (row < 0 || row >= area.lane_count) return;
    const Lane& lane = trace.lanes[static_cast<std::size_t>(area.first_lane + row)];
    if (const Interval* interval = interval_at(lane, time)) tooltip(frame, describe(*run, lane, *interval));
}

} // namespace gil::ui
