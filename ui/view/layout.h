// Where the parts of the page stand for a window's size. Pure; no ImGui.
#pragma once

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

namespace gil::ui {

/// A part of the window in CSS pixels; width 0 means that it is not shown.
struct Area {
    float x = 0;
    float y = 0;
    float width = 0;
    float height = 0;
    [[nodiscard]] bool shown() const { return width > 0; }
};

struct Layout {
    bool narrow = false;     ///< one column, the list behind a menu
    bool code_below = false; ///< code and reason follow the main column instead of standing beside it
    bool embedded = false;
    float margin = 24; ///< left and right of the main column's content
    Area header;
    Area list;
    Area main;
    Area code;
};

inline constexpr float wide_from = 1100;
inline constexpr float narrow_below = 700;
inline constexpr float header_height = 52;
/// Lines longer than this are hard to read and bars longer than this say no more.
inline constexpr float widest_content = 920;
inline constexpr float widest_reading = 720;

[[nodiscard]] inline Layout layout_of(float width, float height, bool embedded) {
    Layout layout;
    layout.embedded = embedded;
    layout.narrow = width < narrow_below;
    layout.code_below = width < wide_from;
    layout.margin = layout.narrow ? 16.0f : embedded ? 20.0f : 32.0f;
    if (embedded) {
        layout.main = {0, 0, width, height};
        layout.code_below = false;
        return layout;
    }
    layout.header = {0, 0, width, header_height};
    const float rest = std::max(1.0f, height - header_height);
    const float list_width = layout.narrow ? 0.0f : 232.0f;
    // Code wants long lines, but only of what the main column does not need.
    const float code_width = layout.code_below ? 0.0f : std::clamp(348.0f + (width - 1280) / 2, 348.0f, 520.0f);
    layout.list = {0, header_height, list_width, rest};
    // Beside a main column that needs no more, the code does not go to the far end of a very wide window.
    const float widest_main = layout.code_below ? width : widest_content + 2 * layout.margin;
    const float main_width = std::min(width - list_width - code_width, widest_main);
    layout.main = {list_width, header_height, main_width, rest};
    layout.code = {list_width + main_width, header_height, code_width, rest};
    return layout;
}

/// Columns for `count` knobs on `width` pixels: at least 160 px each, at most four, rows filled evenly.
[[nodiscard]] inline int knob_columns(float width, int count, float gap = 24) {
    const int fit = std::clamp(static_cast<int>(std::floor((width + gap) / (160 + gap))), 1, 4);
    const int rows = std::max(1, (count + fit - 1) / fit);
    return std::max(1, (count + rows - 1) / rows);
}

/// Where a knob stands in the panel's grid.
struct KnobCell {
    int row = 0;
    int column = 0;
    int span = 1; ///< columns
};

/// Knobs row by row; one that needs more than a column gets several, at most all. A later knob fills a gap that is left
/// before it. `needs[i]` is the width that knob i cannot do without.
[[nodiscard]] inline std::vector<KnobCell> knob_cells(std::span<const float> needs, float width, float gap = 24) {
    const int columns = knob_columns(width, static_cast<int>(needs.size()), gap);
    const float column = (width - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns);
    std::vector<KnobCell> cells;
    std::vector<int> used; ///< columns of each row; a row fills from the left
    for (const float need : needs) {
        const int span = std::clamp(static_cast<int>(std::ceil((need + gap) / (column + gap) - 0.001f)), 1, columns);
        std::size_t row = 0;
        while (row < used.size() && used[row] + span > columns) ++row;
        if (row == used.size()) used.push_back(0);
        cells.push_back({static_cast<int>(row), used[row], span});
        used[row] += span;
    }
    return cells;
}

/// Breaks a row of parts into as few lines of at most `width` as possible, about equally long: how many parts stand on
/// each line, at least one.
[[nodiscard]] inline std::vector<int> lines_of_parts(std::span<const float> parts, float width) {
    const auto broken = [&](float room) {
        std::vector<int> lines;
        float used = 0;
        for (const float part : parts) {
            if (lines.empty() || used + part > room) {
                lines.push_back(0);
                used = 0;
            }
            ++lines.back();
            used += part;
        }
        return lines;
    };
    const std::vector<int> fewest = broken(width);
    if (fewest.size() < 2) return fewest;
    for (float room = 16; room < width; room += 16) {
        std::vector<int> lines = broken(room);
        if (lines.size() == fewest.size()) return lines;
    }
    return fewest;
}

} // namespace gil::ui
