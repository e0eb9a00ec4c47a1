#include <algorithm>

#include "ui/format.h"
#include "ui/result_rows.h"

namespace gil::ui {

namespace {

constexpr float line_height = 19;
constexpr float origin_width = 76;

/// Puts words one after another and goes on in the next line when one does not fit.
class Flow {
  public:
    Flow(Frame& frame, ImVec2 at, float right, bool draw)
        : frame_(frame), left_(at.x), x_(at.x), y_(at.y), right_(right), draw_(draw) {}

    /// `text` stays whole where a line is long enough for it.
    void add(const TextStyle& style, std::string_view text, float gap) {
        const float width = text_size(style, text).x;
        if (x_ > left_ && x_ + width > right_) next_line();
        if (width > right_ - left_) {
            const float height = draw_ ? draw_paragraph(frame_, {x_, y_}, style, text, right_ - left_, line_height)
                                       : paragraph_height(style, text, right_ - left_, line_height);
            y_ += height - line_height;
            x_ = right_;
            return;
        }
        if (draw_) draw_text(frame_, {x_, y_}, style, text);
        x_ += width + gap;
    }
    [[nodiscard]] float bottom() const { return y_ + line_height; }

  private:
    void next_line() {
        x_ = left_;
        y_ += line_height;
    }

    Frame& frame_;
    float left_;
    float x_;
    float y_;
    float right_;
    bool draw_;
};

} // namespace

float draw_outcomes(Frame& frame, ImVec2 at, float right, const char* origin, const std::vector<Outcome>& outcomes,
                    bool known, bool draw) {
    const Palette& colours = frame.colours;
    const TextStyle quiet{frame.fonts.regular, size::small, colours.quiet};
    if (draw) draw_text(frame, at, quiet, origin);
    Flow flow(frame, {at.x + origin_width, at.y}, right, draw);
    if (!known) flow.add(quiet, "–", 0);
    if (known && outcomes.empty()) flow.add(quiet, "nothing went wrong", 0);
    for (const Outcome& outcome : outcomes) {
        const TextStyle value{outcome.as_expected ? frame.fonts.regular : frame.fonts.semibold, size::small,
                              outcome.as_expected ? colours.text : colours.bad};
        const bool failed = outcome.name.ends_with("failed");
        flow.add(failed ? value : quiet, outcome.name + (failed ? ":" : ""), 6);
        flow.add(value, outcome.text, 18);
    }
    return flow.bottom() - at.y;
}

std::string details_of(const VariantReport& simulated, const VariantReport* measured) {
    std::string text = words(simulated.name) + "\nsimulated: " + time_text(simulated.wall_ms.median);
    const auto add = [&](const VariantReport& run) {
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
