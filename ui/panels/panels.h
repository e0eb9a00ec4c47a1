// The list of the panels. Each draws at a place it is given and returns the height it took; positions are CSS pixels on
// the screen.
#pragma once

#include <string>

#include "ui/widgets/frame.h"

namespace gil::ui {

/// Name, subline, decide, share, light or dark.
void draw_header(Frame& frame);
/// All experiments, grouped. Returns the height its rows take.
float draw_experiment_list(Frame& frame, ImVec2 at, float width, float height);

float draw_claim(Frame& frame, ImVec2 at, float width);
float draw_knob_panel(Frame& frame, ImVec2 at, float width);
float draw_run_bar(Frame& frame, ImVec2 at, float width);
/// Bars of the variants that are no points of a sweep.
float draw_result_bars(Frame& frame, ImVec2 at, float width);
/// What the names of the variants mean; nothing where they say it themselves.
float draw_about_variants(Frame& frame, ImVec2 at, float width);
float draw_verdict(Frame& frame, ImVec2 at, float width);
/// What image processing has done so far; nothing for other experiments.
float draw_pictures(Frame& frame, ImVec2 at, float width);
/// The equivalent Python and the mechanism in words. `height` 0: as tall as the text.
float draw_code_panel(Frame& frame, ImVec2 at, float width, float height);
/// The decision tree: questions, the advice, and the way to its proof.
float draw_decide(Frame& frame, ImVec2 at, float width);
/// The line under an embedded page that opens the whole.
float draw_open_whole(Frame& frame, ImVec2 at, float width);

/// "share" and "copy": puts `text` on the clipboard and lets button `what` say "copied" for two seconds.
void copy(Frame& frame, const char* what, const std::string& text);
[[nodiscard]] bool says_copied(const Frame& frame, const char* what);
/// The address of the whole page with the present state; empty where there is none.
[[nodiscard]] std::string whole_page_url(const Frame& frame);

} // namespace gil::ui
