#include <algorithm>

#include "core/cpython/python_script.h"
#include "ui/panels/panels.h"
#include "ui/view/code_view.h"
#include "ui/widgets/widgets.h"

namespace gil::ui {

namespace {

std::string what_follows(std::string_view script, std::string_view shown) {
    const auto lines = std::count(script.begin() + std::ssize(shown), script.end(), '\n');
    std::string text = "and " + std::to_string(lines) + " lines that measure and print: \"copy\" takes them all.";
    if (shown.find("multiprocessing") == shown.npos) return text;
    return text +
           " Python's processes start more slowly than the ones here, and sending them data costs more: run it there "
           "to compare.";
}

} // namespace

float draw_code(Frame& frame, ImVec2 at, std::string_view text, float width, bool draw) {
    const TextStyle plain{frame.fonts.mono, size::small, frame.colours.text};
    const TextStyle comment{frame.fonts.mono, size::small, frame.colours.quiet};
    const float advance = text_size(plain, "0").x;
    const CodeView view = code_view(text, static_cast<std::size_t>(width / advance));
    for (const CodePiece& piece : view.pieces) {
        if (!draw) break;
        const ImVec2 place{at.x + advance * static_cast<float>(piece.column),
                           at.y + small_line_height * static_cast<float>(piece.row)};
        draw_text(frame, place, piece.quiet ? comment : plain, piece.text);
    }
    return small_line_height * static_cast<float>(view.rows);
}

float draw_code_panel(Frame& frame, ImVec2 at, float width, float height) {
    const Palette& colours = frame.colours;
    const Experiment& experiment = *frame.model.experiment;
    const std::string script = python_script(experiment, frame.model.knobs);
    const std::string_view shown = python_essentials(script);
    const std::string more = what_follows(script, shown);
    const TextStyle heading{frame.fonts.semibold, size::large, colours.text};
    const TextStyle why{frame.fonts.regular, size::normal, colours.quiet};
    const float inner = width - 36;
    const float code_width = width - 28; // at least 39 columns; what is longer goes on below
    const float code_height =
        draw_code(frame, at, shown, code_width, false) + 12 + paragraph_height(why, more, inner, 20);
    const float why_height = paragraph_height(why, experiment.why, inner, 20);
    const float needed = 18 + 32 + code_height + 20 + 20 + 28 + why_height + 18;
    const float panel_height = std::max(height, needed);
    frame.draw->AddRectFilled(at, {at.x + width, at.y + panel_height}, colours.panel, 10);

    const float left = at.x + 18;
    float y = at.y + 18;
    draw_text(frame, {left, y}, heading, "The same in Python");
    const bool copied = says_copied(frame, "copy");
    const TextStyle copy_style{frame.fonts.regular, size::normal, copied ? colours.good : colours.accent};
    const char* copy_words = copied ? "copied" : "copy";
    const float copy_x = at.x + width - 18 - text_size(copy_style, copy_words).x;
    if (link(frame, "copy", {copy_x, y}, copy_style, copy_words)) copy(frame, "copy", script);
    y += 32;
    y += draw_code(frame, {left, y}, shown, code_width, true) + 12;
    y += draw_paragraph(frame, {left, y}, why, more, inner, 20) + 20;
    frame.draw->AddRectFilled({left, y}, {left + inner, y + 1}, colours.line);
    y += 20;
    draw_text(frame, {left, y}, heading, "Why");
    y += 28;
    draw_paragraph(frame, {left, y}, why, experiment.why, inner, 20);
    return panel_height;
}

} // namespace gil::ui
