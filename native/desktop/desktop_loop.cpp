#include "native/desktop/desktop_loop.h"

#include <SDL.h>

#include <algorithm>
#include <deque>
#include <optional>

#include "native/base/event_loop.h"
#include "native/cli/output.h"
#include "native/desktop/engine_watcher.h"
#include "ui/app.h"

namespace gil::native {

namespace {

/// ImGui needs a frame to see the input, one to act on it and one to settle.
constexpr int frames_after_input = 3;
constexpr Nanoseconds frame_time = 16 * millisecond;

class DesktopLoop {
  public:
    DesktopLoop(Window& window, EngineProcess& engine, NativePlatform& platform, const LoopLimits& limits)
        : window_(window), engine_(engine), platform_(platform), limits_(limits), app_(engine, platform) {}

    int run() {
        if (const auto watching = watcher_.start(engine_.fd()); !watching) return run_error(watching.error());
        const Nanoseconds start = monotonic_now();
        while (!closed_) {
            take_events();
            if (closed_) break;
            if (due_ > 0 && window_.visible()) draw();
            if (limits_.frames > 0 && total_ >= limits_.frames) break;
            if (limits_.seconds > 0 && monotonic_now() - start >= limits_.seconds * second) break;
        }
        return report();
    }

  private:
    [[nodiscard]] bool always() const { return limits_.frames > 0; }

    /// Sleeps until there is something to do, at most until the next frame of an animation is due.
    [[nodiscard]] int patience_ms() {
        const bool helpers = platform_.reap_helpers();
        if (due_ > 0 && window_.visible()) {
            const Nanoseconds since = monotonic_now() - last_frame_;
            return since >= frame_time ? 0 : static_cast<int>((frame_time - since) / millisecond);
        }
        if (helpers || limits_.seconds > 0) return 500;
        const std::optional<Nanoseconds> update = app_.update_due_in();
        return update ? static_cast<int>(*update / millisecond) : -1;
    }

    void take_events() {
        due_ = std::max({due_, app_.frames_wanted(), always() ? 1 : 0});
        SDL_Event event;
        const int patience = patience_ms();
        // SDL wakes on any of its events, also on those that the watcher pushes.
        int got = patience < 0 ? SDL_WaitEvent(&event) : SDL_WaitEventTimeout(&event, patience);
        for (; got != 0; got = SDL_PollEvent(&event)) take(event);
        if (app_.update_due_in() && app_.update()) due_ = std::max(due_, 1);
    }

    void take(const SDL_Event& event) {
        if (event.type == SDL_QUIT) {
            closed_ = true;
        } else if (event.type == watcher_.event_type()) {
            if (app_.update()) due_ = std::max(due_, 1);
            watcher_.rearm();
        } else {
            window_.process(event);
            due_ = std::max(due_, frames_after_input);
        }
    }

    void draw() {
        last_frame_ = monotonic_now();
        window_.begin_frame();
        app_.draw(window_.scale());
        window_.end_frame();
        window_.show();
        --due_;
        ++total_;
        drawn_.push_back(last_frame_);
        while (last_frame_ - drawn_.front() > 5 * second) drawn_.pop_front();
    }

    int report() {
        const Nanoseconds now = monotonic_now();
        if (limits_.seconds > 0) {
            const auto recent =
                std::count_if(drawn_.begin(), drawn_.end(), [now](Nanoseconds at) { return now - at <= 5 * second; });
            if (print_out("frames drawn: " + std::to_string(total_) + ", in the last 5 s: " + std::to_string(recent) +
                          "\n") != 0) {
                return 1;
            }
        }
        if (limits_.screenshot.empty()) return 0;
        window_.begin_frame();
        app_.draw(window_.scale());
        window_.end_frame();
        const auto saved = window_.save_screenshot(limits_.screenshot);
        return saved ? 0 : usage_error(saved.error());
    }

    Window& window_;
    EngineProcess& engine_;
    NativePlatform& platform_;
    const LoopLimits& limits_;
    ui::App app_;
    EngineWatcher watcher_;
    bool closed_ = false;
    int due_ = frames_after_input; ///< frames to draw before the loop may sleep
    int total_ = 0;
    Nanoseconds last_frame_ = 0;
    std::deque<Nanoseconds> drawn_; ///< when, the last five seconds
};

} // namespace

int run_desktop_loop(Window& window, EngineProcess& engine, NativePlatform& platform, const LoopLimits& limits) {
    return DesktopLoop(window, engine, platform, limits).run();
}

} // namespace gil::native
