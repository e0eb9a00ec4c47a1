#include <algorithm>

#include "ui/panels/panels.h"
#include "ui/widgets/widgets.h"

namespace gil::ui {

namespace {

constexpr float group_height = 40;

std::string upper(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return result;
}

/// Fingers get 40 px; a long list on a low window gets tighter rows, but never below 32.
float row_height(Frame& frame, float height) {
    if (frame.layout.narrow) return 44;
    std::string_view group;
    float groups = 0;
    for (const Experiment& experiment : experiments()) {
        if (experiment.group != group) ++groups;
        group = experiment.group;
    }
    const auto rows = static_cast<float>(experiments().size());
    return std::clamp((height - groups * group_height - 32) / std::max(rows, 1.0f), 32.0f, 40.0f);
}

void draw_row(Frame& frame, const Experiment& experiment, ImVec2 at, float width, float height) {
    const Palette& colours = frame.colours;
    const bool chosen = frame.model.experiment == &experiment && !frame.model.decide.open;
    const std::string id(experiment.id);
    const Touch row = touch(id.c_str(), at, {width, height});
    const ImVec2 corner{at.x + width, at.y + height - 2};
    if (chosen)
        frame.draw->AddRectFilled({at.x, at.y + 2}, corner, colours.selection, 6);
    else if (row.hovered)
        frame.draw->AddRectFilled({at.x, at.y + 2}, corner, colours.hover, 6);
    const TextStyle style{chosen ? frame.fonts.semibold : frame.fonts.regular, size::large,
                          chosen ? colours.accent : colours.text};
    const std::string label = shortened(style, experiment.label, width - 40);
    const ImVec2 extent = text_size(style, label);
    draw_text(frame, {at.x + 12, at.y + (height - extent.y) / 2}, style, label);
    // A claim that was measured keeps its answer in sight.
    const auto measured = frame.model.measured.find(id);
    if (measured != frame.model.measured.end()) {
        const Holds holds = measured->second.verdict.holds;
        const TextStyle sign{frame.fonts.semibold, size::normal, verdict_colours(colours, holds).words};
        const char* text = holds == Holds::yes ? "✓" : holds == Holds::no ? "✗" : "?";
        draw_text_right(frame, at.x + width - 10, at.y + (height - extent.y) / 2, sign, text);
    }
    if (chosen && frame.model.reveal_in_list) {
        frame.model.reveal_in_list = false;
        if (!ImGui::IsItemVisible() || corner.y > ImGui::GetWindowPos().y + ImGui::GetWindowHeight()) {
            ImGui::SetScrollHereY(0.5f);
        }
    }
    if (row.pressed) frame.controller.select(experiment);
}

} // namespace

float draw_experiment_list(Frame& frame, ImVec2 at, float width, float height) {
    const float row = row_height(frame, height);
    const float left = at.x + 12;
    float y = at.y + 8;
    std::string_view group;
    for (const Experiment& experiment : experiments()) {
        if (experiment.group != group) {
            group = experiment.group;
            const TextStyle style{frame.fonts.semibold, size::small, frame.colours.quiet};
            draw_text(frame, {left + 12, y + group_height - 22}, style, upper(group));
            y += group_height;
        }
        draw_row(frame, experiment, {left, y}, width - 24, row);
        y += row;
    }
    return y - at.y + 16;
}

} // namespace gil::ui
