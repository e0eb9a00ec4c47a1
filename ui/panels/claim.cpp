#include "ui/panels/panels.h"
#include "ui/widgets/widgets.h"

namespace gil::ui {

float draw_claim(Frame& frame, ImVec2 at, float width) {
    const Experiment& experiment = *frame.model.experiment;
    const TextStyle title{frame.fonts.semibold, size::title, frame.colours.text};
    const TextStyle claim{frame.fonts.regular, size::large, frame.colours.quiet};
    float y = at.y;
    y += draw_paragraph(frame, {at.x, y}, title, experiment.title, width, 28) + 6;
    y += draw_paragraph(frame, {at.x, y}, claim, experiment.claim, width, 20);
    return y - at.y;
}

} // namespace gil::ui
