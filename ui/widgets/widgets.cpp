#include "ui/widgets/widgets.h"

#include <algorithm>
#include <cfloat>
#include <cmath>

namespace gil::ui {

namespace {

/// ImGui's size is a font's ascent plus descent; ours is the em, as in CSS. Whole pixels keep glyphs crisp.
float box_of(const TextStyle& style) {
    const bool is_mono = style.font == ImGui::GetIO().Fonts->Fonts.back();
    return std::round(style.size * (is_mono ? mono_box : inter_box));
}

const char* begin_of(std::string_view text) {
    return text.data();
}
const char* end_of(std::string_view text) {
    return text.data() + text.size();
}

/// True when a line may end before the space at `at`: a number keeps its "×" or "%".
bool may_break(std::string_view text, std::size_t at) {
    const std::string_view rest = text.substr(at + 1);
    return text[at] == ' ' && !rest.starts_with("×") && !rest.starts_with('%');
}

/// Bytes of `text` that fit on one line of `width`. Breaks at spaces only (ImGui would also break after a decimal
/// point), and inside a word when it alone is too long.
std::size_t line_length(const TextStyle& style, std::string_view text, float width) {
    const char* rest = nullptr;
    static_cast<void>(style.font->CalcTextSizeA(box_of(style), width, 0, begin_of(text), end_of(text), &rest));
    const auto fits = static_cast<std::size_t>(rest - text.data());
    if (fits >= text.size()) return text.size();
    for (std::size_t at = fits; at > 0; --at) {
        if (may_break(text, at)) return at;
    }
    return std::max<std::size_t>(fits, 1);
}

/// Calls `line(text, index)` for each wrapped line; returns how many there were. The marks around code that Markdown
/// wants ("`+=`") are left out.
template<class Line>
int for_each_line(const TextStyle& style, std::string_view marked, float width, Line line) {
    std::string plain(marked);
    std::erase(plain, '`');
    std::string_view text = plain;
    int count = 0;
    while (!text.empty()) {
        const std::string_view paragraph = text.substr(0, text.find('\n'));
        const std::size_t length = line_length(style, paragraph, width);
        line(paragraph.substr(0, length), count++);
        text.remove_prefix(length);
        if (length == paragraph.size() && !text.empty())
            text.remove_prefix(1); // the line break
        else
            while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    }
    return count;
}

} // namespace

ImVec2 text_size(const TextStyle& style, std::string_view text, float wrap) {
    return style.font->CalcTextSizeA(box_of(style), FLT_MAX, wrap, begin_of(text), end_of(text));
}

void draw_text(Frame& frame, ImVec2 at, const TextStyle& style, std::string_view text, float wrap) {
    if (text.empty()) return;
    frame.draw->AddText(style.font, box_of(style), at, style.colour, begin_of(text), end_of(text), wrap);
}

void draw_text_right(Frame& frame, float right, float y, const TextStyle& style, std::string_view text) {
    draw_text(frame, {right - text_size(style, text).x, y}, style, text);
}

float draw_paragraph(Frame& frame, ImVec2 at, const TextStyle& style, std::string_view text, float width,
                     float line_height) {
    const int lines = for_each_line(style, text, width, [&](std::string_view line, int index) {
        draw_text(frame, {at.x, at.y + static_cast<float>(index) * line_height}, style, line);
    });
    return static_cast<float>(lines) * line_height;
}

float paragraph_height(const TextStyle& style, std::string_view text, float width, float line_height) {
    return static_cast<float>(for_each_line(style, text, width, [](std::string_view, int) {})) * line_height;
}

std::string shortened(const TextStyle& style, std::string_view text, float width) {
    if (text_size(style, text).x <= width) return std::string(text);
    const char* rest = nullptr;
    const float room = width - text_size(style, "…").x;
    static_cast<void>(
        style.font->CalcTextSizeA(box_of(style), std::max(room, 1.0f), 0, begin_of(text), end_of(text), &rest));
    return std::string(text.substr(0, static_cast<std::size_t>(rest - text.data()))) + "…";
}

Touch touch(const char* id, ImVec2 at, ImVec2 size, bool ring) {
    ImGui::SetCursorScreenPos(at);
    Touch result;
    if (!ring) ImGui::PushStyleColor(ImGuiCol_NavCursor, 0);
    result.pressed =
        ImGui::InvisibleButton(id, {std::max(size.x, 1.0f), std::max(size.y, 1.0f)}, ImGuiButtonFlags_EnableNav);
    if (!ring) ImGui::PopStyleColor();
    result.held = ImGui::IsItemActive();
    // A finger that has left the screen still has a position, but points at nothing.
    const ImGuiIO& io = ImGui::GetIO();
    const bool finger_is_up = io.MouseSource == ImGuiMouseSource_TouchScreen && !io.MouseDown[0];
    result.hovered = ImGui::IsItemHovered() && !finger_is_up;
    result.focused = ImGui::IsItemFocused() && ImGui::GetIO().NavVisible;
    if (result.hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    return result;
}

bool link(Frame& frame, const char* id, ImVec2 at, const TextStyle& style, std::string_view text) {
    const ImVec2 extent = text_size(style, text);
    const Touch area = touch(id, {at.x - 6, at.y + extent.y / 2 - 20}, {extent.x + 12, 40});
    draw_text(frame, at, style, text);
    if (area.hovered) {
        frame.draw->AddLine({at.x, at.y + extent.y + 1}, {at.x + extent.x, at.y + extent.y + 1}, style.colour, 1);
    }
    return area.pressed;
}

float segmented_width(const Frame& frame, const std::vector<Segment>& segments) {
    float width = 4;
    for (const Segment& segment : segments) {
        width += text_size({frame.fonts.regular, size::small, 0}, segment.label).x + 20;
    }
    return width;
}

float tightest_width(const Frame& frame, const std::vector<Segment>& segments) {
    // The chosen label is bold, and any of them may be chosen.
    float width = 4;
    for (const Segment& segment : segments) {
        width += text_size({frame.fonts.semibold, size::small, 0}, segment.label).x + 7;
    }
    return width;
}

int segmented(Frame& frame, const char* id, ImVec2 at, float width, float height, const std::vector<Segment>& segments,
              int chosen) {
    const Palette& colours = frame.colours;
    const float natural = segmented_width(frame, segments);
    const float total = width > 0 ? width : natural;
    const float extra = (total - natural) / static_cast<float>(std::max<std::size_t>(segments.size(), 1));
    frame.draw->AddRectFilled(at, {at.x + total, at.y + height}, colours.dark ? colours.panel : colours.hover, 8);
    int pressed = -1;
    float x = at.x + 2;
    ImGui::PushID(id);
    for (std::size_t index = 0; index < segments.size(); ++index) {
        const Segment& segment = segments[index];
        const bool on = static_cast<int>(index) == chosen;
        TextStyle style{on ? frame.fonts.semibold : frame.fonts.regular, size::small,
                        on ? colours.accent : colours.text};
        if (!segment.disabled.empty() && !on) style.colour = faded(colours.quiet, 0.75f);
        const float own = text_size({frame.fonts.regular, size::small, 0}, segment.label).x + 20 + extra;
        const Touch area = touch(std::to_string(index).c_str(), {x, at.y + height / 2 - 20}, {own, 40});
        if (on) {
            frame.draw->AddRectFilled({x, at.y + 2}, {x + own, at.y + height - 2},
                                      colours.dark ? colours.selection : colours.background, 6);
            frame.draw->AddRect({x, at.y + 2}, {x + own, at.y + height - 2}, faded(colours.accent, 0.5f), 6);
        } else if (area.hovered && segment.disabled.empty()) {
            frame.draw->AddRectFilled({x, at.y + 2}, {x + own, at.y + height - 2}, faded(colours.line, 0.6f), 6);
        }
        const std::string label = shortened(style, segment.label, own);
        const ImVec2 extent = text_size(style, label);
        draw_text(frame, {x + (own - extent.x) / 2, at.y + (height - extent.y) / 2}, style, label);
        if (!segment.disabled.empty() && area.hovered) tooltip(frame, "Not here\n" + segment.disabled);
        if (area.pressed && segment.disabled.empty()) pressed = static_cast<int>(index);
        x += own;
    }
    ImGui::PopID();
    return pressed;
}

float pill_width(const Frame& frame, std::string_view label) {
    return text_size({frame.fonts.semibold, size::small, 0}, label).x + 24;
}

bool pill(Frame& frame, const char* id, ImVec2 at, std::string_view label, bool chosen) {
    const Palette& colours = frame.colours;
    const float width = pill_width(frame, label);
    const Touch area = touch(id, {at.x, at.y + pill_height / 2 - 20}, {width, 40});
    const ImVec2 corner{at.x + width, at.y + pill_height};
    const ImU32 back = chosen         ? (colours.dark ? colours.selection : colours.accent)
                       : area.hovered ? colours.hover
                                      : (colours.dark ? colours.panel : colours.panel);
    frame.draw->AddRectFilled(at, corner, back, pill_height / 2);
    if (!chosen) frame.draw->AddRect(at, corner, colours.line, pill_height / 2);
    const TextStyle style{frame.fonts.semibold, size::small,
                          chosen ? (colours.dark ? colours.text : colours.on_accent) : colours.quiet};
    const ImVec2 extent = text_size(style, label);
    draw_text(frame, {at.x + (width - extent.x) / 2, at.y + (pill_height - extent.y) / 2}, style, label);
    return area.pressed;
}

void tooltip(Frame& frame, std::string_view text) {
    tooltip_at(frame, ImGui::GetIO().MousePos, text);
}

void tooltip_at(Frame& frame, ImVec2 place, std::string_view text) {
    const std::size_t newline = text.find('\n');
    const std::string_view first = text.substr(0, newline);
    const std::string_view rest = newline == std::string_view::npos ? "" : text.substr(newline + 1);
    const TextStyle strong{frame.fonts.semibold, size::small, frame.colours.text};
    const TextStyle plain{frame.fonts.regular, size::small, frame.colours.text};
    const float widest = std::min(400.0f, ImGui::GetIO().DisplaySize.x - 40);
    float width = text_size(strong, first).x;
    for_each_line(plain, rest, widest,
                  [&](std::string_view line, int) { width = std::max(width, text_size(plain, line).x); });
    width = std::min(width + 2, widest);
    const float line_height = 18;
    const float height = line_height + paragraph_height(plain, rest, width + 2, line_height) + 14;
    const ImVec2 screen = ImGui::GetIO().DisplaySize;
    ImVec2 at{place.x + 14, place.y + 18};
    at.x = std::max(4.0f, std::min(at.x, screen.x - width - 28));
    if (at.y + height > screen.y - 4) at.y = place.y - height - 10;
    ImDrawList* below = frame.draw;
    frame.draw = ImGui::GetForegroundDrawList();
    const ImVec2 corner{at.x + width + 24, at.y + height};
    frame.draw->AddRectFilled({at.x + 1, at.y + 3}, {corner.x + 1, corner.y + 3}, IM_COL32(0, 0, 0, 30), 8);
    frame.draw->AddRectFilled(at, corner, frame.colours.dark ? frame.colours.hover : frame.colours.background, 8);
    frame.draw->AddRect(at, corner, frame.colours.line, 8);
    draw_text(frame, {at.x + 12, at.y + 8}, strong, first);
    draw_paragraph(frame, {at.x + 12, at.y + 8 + line_height}, plain, rest, width + 2, line_height);
    frame.draw = below;
}

} // namespace gil::ui
