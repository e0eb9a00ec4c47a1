// The screen in words, for the live HTML beside the canvas.
#pragma once

#include "core/base/json.h"
#include "ui/state/model.h"

namespace gil::ui {

/// {"title","claim","status","verdict","columns":[...],"rows":[[...]]} as Platform::set_summary wants it: the
/// experiment, or the decision tree while that is open.
[[nodiscard]] Json summary_of(const Model& model);

} // namespace gil::ui
