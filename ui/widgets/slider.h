// One knob on the screen: its title, its value that can be typed over, and a slider or a bar of choices.
#pragma once

#include <string>

#include "ui/widgets/widgets.h"

namespace gil::ui {

/// What a slider did in this frame.
struct SliderAction {
    bool set = false; ///< `value` is wanted
    double value = 0;
    bool dragging = false; ///< more will follow
    bool released = false; ///< a drag ended
    bool reset = false;    ///< double-clicked
    bool typed = false;    ///< `text` was typed
    std::string text;
};

/// Height of a knob with its label.
inline constexpr float knob_height = 52;

/// `shown` is the value with its unit. While `editing` is the knob's name, the value is a text field.
SliderAction slider(Frame& frame, const Knob& knob, double value, const std::string& shown, ImVec2 at, float width);

/// Title on the left, value on the right edge, in the upper 20 px of a knob.
void draw_knob_title(Frame& frame, const Knob& knob, ImVec2 at, float width);

} // namespace gil::ui
