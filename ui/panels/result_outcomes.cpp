#include <algorithm>

#include "ui/panels/panels.h"
#include "ui/panels/result_rows.h"
#include "ui/view/format.h"

namespace gil::ui {

namespace {

constexpr float origin_width = 76;

/// Puts pairs of words one after another and goes on in the next line when one does not fit.
class Flow {
  public:
    Flow(Frame& frame, ImVec2 at, float right, bool draw)
        : frame_(frame), left_(at.x), x_(at.x), y_(at.y), right_(right), draw_(draw) {}

    void add(const TextStyle& name_style, std::string_view name, const TextStyle& style, std::string_view text) {
        const float name_width = name.empty() ? 0 : text_size(name_style, name).x + 6;
        const float width = name_width + text_size(style, text).x;
        if (width > right_ - left_) return add_paragraph(style, std::string(name) + ' ' + std::string(text));
        if (x_ > left_ && x_ + width > right_) next_line();
        if (draw_) {
            draw_text(frame_, {x_, y_}, name_style, name);
            const float room = right_ - x_ - name_width;
            draw_text(frame_, {x_ + name_width, y_}, style, shortened(style, text, room));
        }
        x_ += width + 18;
        open_ = true;
    }
    /// On lines of its own.
    void add_paragraph(const TextStyle& style, std::string_view text) {
        if (x_ > left_) next_line();
        const float width = right_ - left_;
        const float height = draw_ ? draw_paragraph(frame_, {left_, y_}, style, text, width, small_line_height)
                                   : paragraph_height(style, text, width, small_line_height);
        y_ += height;
        open_ = false;
    }
    [[nodiscard]] float bottom() const { return y_ + (open_ ? small_line_height : 0); }

  private:
    void next_line() {
        x_ = left_;
        y_ += small_line_height;
    }

    Frame& frame_;
    float left_;
    float x_;
    float y_;
    float right_;
    bool draw_;
    bool open_ = true; ///< words may still follow on this line
};

} // namespace

float draw_outcomes(Frame& frame, ImVec2 at, float right, const char* origin, const std::vector<Outcome>& outcomes,
                    bool known, bool draw) {
    const Palette& colours = frame.colours;
    const TextStyle quiet{frame.fonts.regular, size::small, colours.quiet};
    if (draw) draw_text(frame, at, quiet, origin);
    Flow flow(frame, {at.x + origin_width, at.y}, right, draw);
    if (!known) flow.add(quiet, "", quiet, "–");
    if (known && outcomes.empty()) flow.add(quiet, "", quiet, "nothing went wrong");
    const TextStyle good{frame.fonts.regular, size::small, colours.text};
    const TextStyle bad{frame.fonts.semibold, size::small, colours.bad};
    for (const Outcome& outcome : outcomes) {
        if (outcome.is_error)
            flow.add_paragraph(good, outcome.name + ": " + outcome.text);
        else
            flow.add(quiet, outcome.name, outcome.as_expected ? good : bad, outcome.text);
    }
    return flow.bottom() - at.y;
}

std::string details_of(const VariantReport& simulated, const VariantReport* measured) {
    std::string text = words(simulated.name) + "\nsimulated: " + simulated_time_text(simulated);
    const auto add = [&](const VariantReport& run) {
        const bool measured_run = &run == measured;
        if (knows_trace(run, measured_run ? Origin::measured : Origin::simulated))
            text += ", GIL handed over " + std::to_string(run.metrics.gil_switches) + " times";
        if (run.metrics.gil_wait > 0) text += ", " + time_text(to_ms(run.metrics.gil_wait)) + " lost waiting for it";
        if (run.metrics.serialising > 0) text += ", " + time_text(to_ms(run.metrics.serialising)) + " serialising";
        const std::string outcomes = outcome_text(outcomes_of(run));
        if (!outcomes.empty()) text += "\n" + outcomes;
    };
    add(simulated);
    if (measured && !measured->unavailable.empty()) text += "\nnot measured here: " + measured->unavailable;
    if (measured && measured->unavailable.empty()) {
        const Spread& wall = measured->wall_ms;
        text += "\nmeasured: " + time_text(wall.median);
        if (wall.samples > 1) {
            text += " (median of " + std::to_string(wall.samples) + " runs, " + time_text(wall.min) + " to " +
                    time_text(wall.max) + ")";
        }
        add(*measured);
    }
    return text;
}

} // namespace gil::ui
