// How each state looks: by height and pattern as well as by colour.
#include <algorithm>
#include <cmath>

#include "ui/timeline/timeline.h"

namespace gil::ui {

namespace {

/// Upright bars in step with all others, on a pale ground.
void draw_bars(ImDrawList* list, ImVec2 min, ImVec2 max, ImU32 colour) {
    constexpr float period = 5;
    list->AddRectFilled(min, max, faded(colour, 0.35f));
    if (max.x - min.x < 3) {
        list->AddRectFilled(min, max, faded(colour, 0.6f));
        return;
    }
    for (float x = std::ceil(min.x / period) * period; x < max.x; x += period) {
        list->AddRectFilled({x, min.y}, {std::min(x + 2, max.x), max.y}, colour);
    }
}

/// Full height like running, but striped along: it computes without the GIL.
void draw_native(ImDrawList* list, const Palette& colours, ImVec2 min, ImVec2 max, float density) {
    const float round = max.x - min.x > 6 ? 2.0f : 0.0f;
    list->AddRectFilled(min, max, faded(colours.native, density), round);
    const float height = max.y - min.y;
    if (height < 8) return;
    for (const float at : {0.25f, 0.5f, 0.75f}) {
        const float y = std::round(min.y + height * at);
        list->AddRectFilled({min.x, y - 1}, {max.x, y + 0.5f}, faded(colours.native_pale, density));
    }
}

} // namespace

void draw_state(Frame& frame, State state, float x0, float x1, float middle, float tall, float thin, float density) {
    const Palette& colours = frame.colours;
    ImDrawList* draw = frame.draw;
    // A hairline of background between neighbours keeps two stretches of one lane apart.
    const float gap = x1 - x0 > 4 ? 0.5f : 0.0f;
    const ImVec2 min{x0, middle - thin};
    const ImVec2 max{x1, middle + thin};
    switch (state) {
    case State::idle:
        return;
    case State::running:
        draw->AddRectFilled({x0 + gap, middle - tall}, {x1 - gap, middle + tall}, faded(colours.running, density),
                            x1 - x0 > 6 ? 2.0f : 0.0f);
        return;
    case State::native:
        draw_native(draw, colours, {x0 + gap, middle - tall}, {x1 - gap, middle + tall}, density);
        return;
    case State::waiting_for_gil:
        draw_hatch(draw, min, max, colours.gil_wait, colours.gil_wait_pale);
        return;
    case State::waiting_for_lock:
        draw_bars(draw, min, max, colours.lock_wait);
        return;
    case State::serialising: {
        const float half = (tall + thin) / 2;
        draw->AddRectFilled({x0 + gap, middle - half}, {x1 - gap, middle + half}, colours.serialising);
        return;
    }
    case State::starting:
        draw->AddRectFilled(min, max, faded(colours.starting, x1 - x0 < 3 ? 0.8f : 0.3f));
        if (x1 - x0 >= 3) draw->AddRect({min.x + 0.5f, min.y}, {max.x - 0.5f, max.y}, colours.starting, 0, 0, 1.2f);
        return;
    case State::waiting_for_io:
        draw->AddRectFilled(min, max, colours.io_wait);
        return;
    }
}

} // namespace gil::ui
