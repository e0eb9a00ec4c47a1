// The few colours of the page, light and dark.
#pragma once

#include <imgui.h>

#include "core/report/report.h"
#include "core/trace/trace.h"

namespace gil::ui {

struct Palette {
    bool dark = false;
    ImU32 background, panel, line, text, quiet;
    ImU32 accent, accent_hovered, on_accent;
    ImU32 selection; ///< behind the chosen row, pill or segment
    ImU32 hover;     ///< behind a row under the pointer
    ImU32 simulated; ///< the pale bar
    ImU32 series[5]; ///< lines of a sweep; told apart by their points as well
    ImU32 running, gil_wait, gil_wait_pale, io_wait, lock_wait, serialising, starting, native, native_pale;
    ImU32 gil_row, on_gil_row;
    ImU32 good, good_back, bad, bad_back, unsure, unsure_back;
};

[[nodiscard]] const Palette& palette_of(bool dark);

/// The colour of a state's block or line; idle has none and gives a transparent colour.
[[nodiscard]] ImU32 state_colour(const Palette& palette, State state);

/// Words and background of a verdict.
struct VerdictColours {
    ImU32 words;
    ImU32 back;
};
[[nodiscard]] VerdictColours verdict_colours(const Palette& palette, Holds holds);

/// `colour` with its alpha multiplied.
[[nodiscard]] ImU32 faded(ImU32 colour, float alpha);

/// Sets ImGui's own style (scrollbars, text fields, focus ring) to the palette.
void apply_style(const Palette& palette);

} // namespace gil::ui
