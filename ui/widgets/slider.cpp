#include "ui/widgets/slider.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include <imgui_internal.h>

#include "ui/view/format.h"
#include "ui/view/slider_scale.h"

namespace gil::ui {

namespace {

constexpr float track_y = 33; ///< middle of the track, from the knob's top
constexpr float thumb_radius = 8;

void begin_edit(Model& model, const Knob& knob) {
    model.edited_knob = knob.name;
    model.edit_is_new = true;
}

/// Text field in place of the value.
void edit_value(Frame& frame, double value, ImVec2 at, float width, SliderAction& action) {
    Model& model = frame.model;
    std::array<char, 32>& buffer = model.edited_text;
    const bool first = model.edit_is_new;
    if (first) {
        model.edit_is_new = false;
        std::snprintf(buffer.data(), buffer.size(), "%s", number_text(value).c_str());
        ImGui::SetKeyboardFocusHere();
    }
    const float field = 84;
    ImGui::PushFont(frame.fonts.mono, std::round(size::normal * mono_box));
    ImGui::PushStyleVar(ImGuiStyleVar_FrameBorderSize, 1);
    ImGui::SetCursorScreenPos({at.x + width - field, at.y - 3});
    ImGui::SetNextItemWidth(field);
    const bool entered = ImGui::InputText("##value", buffer.data(), buffer.size(),
                                          ImGuiInputTextFlags_EnterReturnsTrue | ImGuiInputTextFlags_AutoSelectAll);
    const bool left = ImGui::IsItemDeactivated();
    const bool cancelled = left && ImGui::IsKeyPressed(ImGuiKey_Escape);
    ImGui::PopStyleVar();
    ImGui::PopFont();
    if (!entered && !left) return;
    model.edited_knob.clear();
    if (cancelled) return;
    action.typed = true;
    action.text = buffer.data();
}

void draw_value(Frame& frame, const Knob& knob, const std::string& shown, ImVec2 at, float width) {
    const TextStyle style{frame.fonts.mono, size::normal, frame.colours.text};
    const ImVec2 extent = text_size(style, shown);
    ImGui::SetCursorScreenPos({at.x + width - extent.x - 6, at.y - 4});
    if (ImGui::InvisibleButton("number", {extent.x + 8, 24})) begin_edit(frame.model, knob);
    if (ImGui::IsItemHovered()) {
        ImGui::SetMouseCursor(ImGuiMouseCursor_TextInput);
        frame.draw->AddRectFilled({at.x + width - extent.x - 5, at.y - 3}, {at.x + width + 5, at.y + 18},
                                  frame.colours.hover, 4);
    }
    draw_text_right(frame, at.x + width, at.y, style, shown);
}

void draw_track(Frame& frame, ImVec2 at, float width, float position, const Touch& area) {
    const Palette& colours = frame.colours;
    const float y = at.y + track_y;
    const float x = at.x + thumb_radius + position * (width - 2 * thumb_radius);
    frame.draw->AddRectFilled({at.x, y - 2}, {at.x + width, y + 2}, colours.line, 2);
    frame.draw->AddRectFilled({at.x, y - 2}, {x, y + 2}, colours.accent, 2);
    if (area.hovered || area.held) {
        frame.draw->AddCircleFilled({x, y}, thumb_radius + 6, faded(colours.accent, area.held ? 0.22f : 0.12f));
    }
    if (area.focused) frame.draw->AddCircle({x, y}, thumb_radius + 4, colours.accent, 0, 2);
    frame.draw->AddCircleFilled({x, y}, thumb_radius, colours.background);
    frame.draw->AddCircle({x, y}, thumb_radius - 0.5f, colours.accent, 0, 2);
}

void take_arrow_keys(const Knob& knob, double value, SliderAction& action) {
    // Owning the keys keeps ImGui from moving the focus with them.
    const ImGuiID id = ImGui::GetItemID();
    for (const ImGuiKey key : {ImGuiKey_LeftArrow, ImGuiKey_RightArrow, ImGuiKey_UpArrow, ImGuiKey_DownArrow,
                               ImGuiKey_Home, ImGuiKey_End, ImGuiKey_PageUp, ImGuiKey_PageDown}) {
        ImGui::SetKeyOwner(key, id);
    }
    const auto pressed = [&](ImGuiKey key) { return ImGui::IsKeyPressed(key, ImGuiInputFlags_Repeat, id); };
    double next = value;
    if (pressed(ImGuiKey_RightArrow) || pressed(ImGuiKey_UpArrow)) next = slider_step(knob, next, +1);
    if (pressed(ImGuiKey_LeftArrow) || pressed(ImGuiKey_DownArrow)) next = slider_step(knob, next, -1);
    const auto leap = [&](int direction) {
        for (int step = 0; step < 5; ++step) next = slider_step(knob, next, direction);
    };
    if (pressed(ImGuiKey_PageUp)) leap(+1);
    if (pressed(ImGuiKey_PageDown)) leap(-1);
    if (pressed(ImGuiKey_Home)) next = knob.min;
    if (pressed(ImGuiKey_End)) next = knob.max;
    if (next == value) return;
    action.set = true;
    action.value = next;
}

} // namespace

void draw_knob_title(Frame& frame, const Knob& knob, ImVec2 at, float width) {
    const TextStyle style{frame.fonts.regular, size::normal, frame.colours.quiet};
    draw_text(frame, at, style, shortened(style, knob.title, width));
    // Below that the slider itself begins.
    const ImVec2 corner{at.x + width, at.y + track_y - 20};
    if (!knob.help.empty() && !ImGui::IsAnyItemActive() && ImGui::IsWindowHovered() &&
        ImGui::IsMouseHoveringRect(at, corner)) {
        tooltip(frame, std::string(knob.title) + "\n" + std::string(knob.help));
    }
}

SliderAction slider(Frame& frame, const Knob& knob, double value, const std::string& shown, ImVec2 at, float width) {
    SliderAction action;
    const std::string name(knob.name);
    ImGui::PushID(name.c_str());
    const float value_width = text_size({frame.fonts.mono, size::normal, 0}, shown).x;
    draw_knob_title(frame, knob, at, width - value_width - 10);

    const Touch area = touch("track", {at.x, at.y + track_y - 20}, {width, 40}, false);
    if (area.focused) {
        take_arrow_keys(knob, value, action);
        if (!knob.help.empty()) {
            tooltip_at(frame, {at.x, at.y + track_y}, std::string(knob.title) + "\n" + std::string(knob.help));
        }
    }
    const bool by_mouse = ImGui::GetIO().MouseDown[0];
    // After a double click the button is still down; it must not move what it has just reset.
    static ImGuiID reset_by = 0;
    const ImGuiID id = ImGui::GetItemID();
    if (area.hovered && ImGui::IsMouseDoubleClicked(0)) {
        action.reset = true;
        reset_by = id;
    } else if (area.held && by_mouse && reset_by != id) {
        const float position = (ImGui::GetIO().MousePos.x - at.x - thumb_radius) / (width - 2 * thumb_radius);
        const double wanted = slider_value(knob, static_cast<double>(position));
        action.set = wanted != value;
        action.value = wanted;
        action.dragging = true;
    }
    if (ImGui::IsItemDeactivated()) {
        action.released = true;
        reset_by = 0;
    }
    const bool by_key = area.focused && (ImGui::IsKeyPressed(ImGuiKey_Enter, false) ||
                                         ImGui::IsKeyPressed(ImGuiKey_KeypadEnter, false));
    const double now = action.set ? action.value : value;
    draw_track(frame, at, width, static_cast<float>(slider_position(knob, now)), area);

    if (frame.model.edited_knob == name)
        edit_value(frame, value, at, width, action);
    else
        draw_value(frame, knob, shown, at, width);
    if (by_key) begin_edit(frame.model, knob);
    ImGui::PopID();
    return action;
}

} // namespace gil::ui
