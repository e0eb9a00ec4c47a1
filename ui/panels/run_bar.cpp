#include <algorithm>
#include <cctype>

#include "ui/panels/panels.h"
#include "ui/view/format.h"
#include "ui/widgets/widgets.h"

namespace gil::ui {

namespace {

constexpr float button_height = 40;

/// What a reader who wants Python's own times has to know.
constexpr const char* not_python = "CPython's rules for the GIL, this program's own work and costs, not Python's";

/// "Here: 2 cores (calibrated) · CPython's rules for the GIL, ..."
std::string status_text(const Frame& frame) {
    const Model& model = frame.model;
    const std::string& none = frame.platform.info().engine_unavailable;
    if (!none.empty()) return "Simulation only: " + none;
    if (!model.capabilities) return "The engine is starting …";
    if (std::string without = chosen_unavailable(model); !without.empty()) return without;
    const Capabilities& can = *model.capabilities;
    std::string text = model.machine.calibrated ? "Here: " + cores_text(model.machine) : "Not measured here yet";
    if (can.no_threads.empty() && can.no_processes.empty()) {
        if (model.simulated_with_typical_costs())
            return text + ", simulated with some typical costs until you run this";
        return text + " · " + not_python;
    }
    if (can.no_processes.empty()) return text + " · measured here: sequential, asyncio and processes, but no threads";
    if (can.no_threads.empty()) return text + " · measured here: sequential, asyncio and threads, but no processes";
    return text + " · measured here: sequential and asyncio only";
}

bool offers_own_tab(const Frame& frame) {
    const PlatformInfo& info = frame.platform.info();
    if (!info.offers_own_tab || info.embedded) return false;
    const std::optional<Capabilities>& can = frame.model.capabilities;
    return !info.engine_unavailable.empty() || (can && (!can->no_threads.empty() || !can->no_processes.empty()));
}

std::string step_text(const Progress& progress) {
    if (progress.waits_for_engine) return "waiting for the engine to start …";
    if (progress.phase.empty()) return "starting …";
    std::string text = progress.phase;
    if (!progress.variant.empty()) text += " " + words(progress.variant);
    if (progress.total > 0) {
        const int now = std::min(progress.done + 1, progress.total);
        text += ", " + std::to_string(now) + " of " + std::to_string(progress.total);
    }
    return text;
}

/// What is the matter comes first, as the end may not fit.
std::string progress_text(const Progress& progress) {
    if (progress.silence.empty()) return step_text(progress);
    std::string text = progress.silence + " · " + step_text(progress);
    text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
    return text;
}

void draw_button(Frame& frame, ImVec2 at, float width, bool running) {
    const Palette& colours = frame.colours;
    const bool again = frame.model.measured_is_current();
    const char* label = running ? "Stop" : again ? "Run again" : "Run for real";
    const Touch button = touch("run", at, {width, button_height});
    const ImVec2 corner{at.x + width, at.y + button_height};
    if (running) {
        frame.draw->AddRectFilled(at, corner, button.hovered ? colours.hover : colours.panel, 8);
        frame.draw->AddRect(at, corner, colours.quiet, 8, 0, 1.2f);
    } else {
        frame.draw->AddRectFilled(at, corner, button.hovered ? colours.accent_hovered : colours.accent, 8);
    }
    const TextStyle style{frame.fonts.semibold, size::large, running ? colours.text : colours.on_accent};
    const ImVec2 extent = text_size(style, label);
    const float left = at.x + (width - extent.x - 20) / 2;
    const float middle = at.y + button_height / 2;
    if (running)
        frame.draw->AddRectFilled({left, middle - 5}, {left + 10, middle + 5}, style.colour, 2);
    else
        draw_play_sign(frame, {left + 5, middle}, 6, style.colour);
    draw_text(frame, {left + 20, middle - extent.y / 2}, style, label);
    if (!button.pressed) return;
    if (running)
        frame.controller.stop();
    else
        frame.controller.run();
}

void draw_progress(Frame& frame, ImVec2 at, float width) {
    const Progress& progress = *frame.model.progress;
    const bool silent = !progress.silence.empty();
    const TextStyle style{frame.fonts.regular, size::normal, silent ? frame.colours.unsure : frame.colours.text};
    draw_text(frame, {at.x, at.y + 3}, style, shortened(style, progress_text(progress), width));
    const float full = std::min(width, 360.0f);
    const float share =
        progress.total > 0 ? static_cast<float>(progress.done) / static_cast<float>(progress.total) : 0.0f;
    const float y = at.y + 27;
    frame.draw->AddRectFilled({at.x, y}, {at.x + full, y + 4}, frame.colours.line, 2);
    if (share > 0) {
        frame.draw->AddRectFilled({at.x, y}, {at.x + full * std::min(share, 1.0f), y + 4}, frame.colours.accent, 2);
    }
}

/// Whether the claim holds, where the reader looks after pressing the button; why is told below.
void draw_outcome(Frame& frame, ImVec2 at, float width) {
    const Report& report = *frame.model.measured_report();
    const TextStyle style{frame.fonts.semibold, size::normal,
                          verdict_colours(frame.colours, report.verdict.holds).words};
    draw_text(frame, {at.x, at.y + 1}, style, shortened(style, verdict_headline(report), width));
}

/// Outcome and status, or a notice, centred on the button's height when there is room beside it.
void draw_words(Frame& frame, ImVec2 at, float width, float height) {
    const Model& model = frame.model;
    TextStyle style{frame.fonts.regular, size::normal, frame.colours.quiet};
    std::string text = status_text(frame);
    if (!chosen_unavailable(model).empty()) style.colour = frame.colours.unsure;
    if (model.notice) {
        text = model.notice->text;
        style.colour = model.notice->is_error ? frame.colours.bad : frame.colours.unsure;
    }
    const bool tab = !model.notice && offers_own_tab(frame);
    const float words_height = paragraph_height(style, text, width, small_line_height) + (tab ? small_line_height : 0);
    const bool outcome = !model.notice && model.measured_is_current();
    float y = at.y + std::max(0.0f, (height - words_height - (outcome ? small_line_height : 0)) / 2);
    if (outcome) {
        draw_outcome(frame, {at.x, y}, width);
        y += small_line_height;
    }
    y += draw_paragraph(frame, {at.x, y + 1}, style, text, width, small_line_height);
    if (!tab) return;
    style.colour = frame.colours.accent;
    if (link(frame, "own tab", {at.x, y + 1}, style, "open in its own tab ↗")) {
        frame.platform.open_url(whole_page_url(frame));
    }
}

} // namespace

float draw_run_bar(Frame& frame, ImVec2 at, float width) {
    const bool can_run = frame.platform.info().engine_unavailable.empty();
    const bool running = frame.model.progress.has_value();
    const bool below = width < 560;
    const float button_width = can_run ? 156.0f : 0.0f;
    if (can_run) draw_button(frame, at, button_width, running);
    ImVec2 words_at{at.x + (can_run ? button_width + 16 : 0.0f), at.y};
    float words_width = width - (words_at.x - at.x);
    float words_height = button_height;
    if (below && can_run) {
        // Room for two lines is kept, so that nothing moves when the words change.
        words_at = {at.x, at.y + button_height + 8};
        words_width = width;
        words_height = 2 * small_line_height;
    }
    if (running)
        draw_progress(frame, words_at, words_width);
    else
        draw_words(frame, words_at, words_width, words_height);
    // The status takes its room also while progress is shown, so that nothing moves.
    const TextStyle style{frame.fonts.regular, size::normal, 0};
    float need = paragraph_height(style, status_text(frame), words_width, small_line_height);
    if (offers_own_tab(frame)) need += small_line_height;
    if (frame.model.measured_is_current()) need += small_line_height;
    if (frame.model.notice) {
        need = std::max(need, paragraph_height(style, frame.model.notice->text, words_width, small_line_height));
    }
    return words_at.y - at.y + std::max(words_height, need);
}

} // namespace gil::ui
