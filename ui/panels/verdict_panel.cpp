#include "ui/panels/panels.h"
#include "ui/view/outcome.h"
#include "ui/widgets/widgets.h"

namespace gil::ui {

float draw_verdict(Frame& frame, ImVec2 at, float width) {
    const Report& report = frame.model.judged();
    const Holds holds = report.verdict.holds;
    const VerdictColours colours = verdict_colours(frame.colours, holds);
    const TextStyle headline{frame.fonts.semibold, size::large, colours.words};
    const TextStyle why{frame.fonts.regular, size::normal, frame.colours.text};
    const char* sign = holds == Holds::yes ? "✓" : holds == Holds::no ? "✗" : "?";
    const float inner = width - 32;
    const std::string first = verdict_headline(report);
    const float first_height = paragraph_height(headline, first, inner - 18, 20);
    const std::string reason = verdict_words(report, frame.model.experiment->axis);
    const float why_height = paragraph_height(why, reason, inner, 19);
    // Room for the usual two lines is kept, so that the timeline does not jump while a slider moves.
    const float kept = frame.layout.narrow ? 57.0f : 38.0f;
    const float height = 10 + first_height + 2 + (why_height > kept ? why_height : kept) + 9;
    frame.draw->AddRectFilled(at, {at.x + width, at.y + height}, colours.back, 8);
    draw_text(frame, {at.x + 16, at.y + 10}, headline, sign);
    draw_paragraph(frame, {at.x + 34, at.y + 10}, headline, first, inner - 18, 20);
    draw_paragraph(frame, {at.x + 16, at.y + 10 + first_height + 2}, why, reason, inner, 19);
    return height;
}

} // namespace gil::ui
