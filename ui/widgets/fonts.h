// The page's two typefaces, embedded in the program.
#pragma once

#include <imgui.h>

namespace gil::ui {

struct Fonts {
    ImFont* regular = nullptr;  ///< Inter
    ImFont* semibold = nullptr; ///< Inter SemiBold
    ImFont* mono = nullptr;     ///< JetBrains Mono: numbers and code
};

/// The four sizes of the page, CSS pixels.
namespace size {
inline constexpr float title = 23;
inline constexpr float large = 15;
inline constexpr float normal = 14;
inline constexpr float small = 13; ///< nothing is smaller
} // namespace size

/// Height of a face's line box in ems (ascent plus descent of its hhea table), which is what ImGui calls a font's size.
inline constexpr float inter_box = 1.21f;
inline constexpr float mono_box = 1.32f;

/// Adds the fonts to the current context, the monospaced one last. ImGui draws each glyph at the window's own pixel
/// density when it is needed.
[[nodiscard]] Fonts load_fonts();

} // namespace gil::ui
