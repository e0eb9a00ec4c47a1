// The canvas as a window: SDL2 (keyboard, cursors, WebGL 2 context) with Dear ImGui's backends. Sizes are ours, not
// SDL's: ImGui's coordinates are CSS pixels, the canvas has device pixels.
#pragma once

#include <string>

struct SDL_Window;

namespace gil::web {

class Window {
  public:
    Window() = default;
    ~Window();
    Window(const Window&) = delete;
    Window& operator=(const Window&) = delete;

    /// Makes the window, the WebGL 2 context and the ImGui context. Empty on success, else what failed.
    [[nodiscard]] std::string open();

    /// Size of the canvas; `pixel_*` are device pixels.
    void resize(double css_width, double css_height, int pixel_width, int pixel_height);

    /// Device pixels per CSS pixel.
    [[nodiscard]] float scale() const { return scale_; }

    /// From the keys that have arrived to ImGui::NewFrame.
    void begin_frame();
    /// ImGui::Render, to the canvas.
    void end_frame();

    /// After end_frame: -1 or +1 when Tab has gone past the first or last widget, +2 when Escape had nothing to close,
    /// else 0. The page then moves the focus on, so that the canvas is no trap.
    [[nodiscard]] int leaving();

    /// True while ImGui still has input to spread over further frames.
    [[nodiscard]] bool has_queued_input() const;

  private:
    SDL_Window* window_ = nullptr;
    void* context_ = nullptr;
    float width_ = 1;
    float height_ = 1;
    int pixel_width_ = 1;
    int pixel_height_ = 1;
    float scale_ = 1;
    bool escape_is_free_ = false; ///< Escape was pressed while nothing in the UI would take it
};

} // namespace gil::web
