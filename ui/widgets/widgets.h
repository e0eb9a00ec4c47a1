// The small parts that panels are made of: text, links, buttons, pills, shapes. All are drawn, none is ImGui's own.
#pragma once

#include <string>
#include <string_view>

#include "ui/widgets/frame.h"

namespace gil::ui {

/// A text's face, size and colour.
struct TextStyle {
    ImFont* font;
    float size;
    ImU32 colour;
};

/// `wrap` 0: one line.
[[nodiscard]] ImVec2 text_size(const TextStyle& style, std::string_view text, float wrap = 0);
void draw_text(Frame& frame, ImVec2 at, const TextStyle& style, std::string_view text, float wrap = 0);
/// Ends at `right`.
void draw_text_right(Frame& frame, float right, float y, const TextStyle& style, std::string_view text);
/// Paragraph with more room between its lines than ImGui gives. Returns its height.
float draw_paragraph(Frame& frame, ImVec2 at, const TextStyle& style, std::string_view text, float width,
                     float line_height);
/// The same without drawing.
[[nodiscard]] float paragraph_height(const TextStyle& style, std::string_view text, float width, float line_height);
inline constexpr float small_line_height = 19; ///< from line to line of small text
/// `text`, cut with "…" to fit into `width`.
[[nodiscard]] std::string shortened(const TextStyle& style, std::string_view text, float width);

/// Python as it stands in a file, in rows that fit (code_view.h). Returns the height; `draw` false: only that.
float draw_code(Frame& frame, ImVec2 at, std::string_view text, float width, bool draw);

/// What happened to a touchable area in this frame.
struct Touch {
    bool pressed = false;
    bool hovered = false;
    bool held = false;
    bool focused = false; ///< by the keyboard
};
/// An area that takes clicks, Tab, Enter and Space. Shows the hand and a focus ring.
/// `ring` false: the caller shows the focus in its own way.
Touch touch(const char* id, ImVec2 at, ImVec2 size, bool ring = true);

/// Words that act when clicked; the touch area is 40 px high around them. `at` is the text's upper left corner.
bool link(Frame& frame, const char* id, ImVec2 at, const TextStyle& style, std::string_view text);

/// A row of choices of which one is on, drawn as one rounded bar. `labels` fit into `width`, or are as wide as they
/// need when `width` is 0. Returns the pressed index or -1. `disabled[i]`: not empty = cannot be chosen, shown as a
/// tooltip.
struct Segment {
    std::string label;
    std::string disabled;
};
int segmented(Frame& frame, const char* id, ImVec2 at, float width, float height, const std::vector<Segment>& segments,
              int chosen);
[[nodiscard]] float segmented_width(const Frame& frame, const std::vector<Segment>& segments);
/// The narrowest at which every label is still whole.
[[nodiscard]] float tightest_width(const Frame& frame, const std::vector<Segment>& segments);

/// A pill with a word in it. Returns true when pressed. `width` is what pill_width says.
bool pill(Frame& frame, const char* id, ImVec2 at, std::string_view label, bool chosen);
[[nodiscard]] float pill_width(const Frame& frame, std::string_view label);
inline constexpr float pill_height = 28;

/// A panel of text beside the pointer, above everything else. Lines are separated by '\n'; the first one is strong.
void tooltip(Frame& frame, std::string_view text);
/// The same beside a place on the screen, for the keyboard.
void tooltip_at(Frame& frame, ImVec2 place, std::string_view text);

/// The circle that is half filled: light or dark.
void draw_half_circle(Frame& frame, ImVec2 centre, float radius, ImU32 colour);
/// Three lines: the menu.
void draw_menu_sign(Frame& frame, ImVec2 centre, ImU32 colour);
/// A triangle that points right: run.
void draw_play_sign(Frame& frame, ImVec2 centre, float radius, ImU32 colour);
/// Diagonal stripes inside a rectangle, in step with all others; `pale` fills the gaps.
void draw_hatch(ImDrawList* list, ImVec2 min, ImVec2 max, ImU32 strong, ImU32 pale);

} // namespace gil::ui
