// What every panel gets to draw one frame with.
#pragma once

#include <imgui.h>

#include "ui/state/controller.h"
#include "ui/state/model.h"
#include "ui/state/platform.h"
#include "ui/view/layout.h"
#include "ui/widgets/fonts.h"
#include "ui/widgets/theme.h"

namespace gil::ui {

struct Frame {
    Model& model;
    Controller& controller;
    Platform& platform;
    const Fonts& fonts;
    const Palette& colours;
    Layout layout;
    ImDrawList* draw = nullptr; ///< of the column that is being drawn
};

} // namespace gil::ui
