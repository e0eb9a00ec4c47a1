// An SDL2 window with OpenGL and ImGui in it.
#pragma once

#include <memory>
#include <string>

#include "core/base/result.h"

struct SDL_Window;
union SDL_Event;

namespace gil::native {

/// UI thread only. One at a time: SDL and the ImGui context are made and ended with it.
class Window {
  public:
    /// Size in CSS pixels. No display or no OpenGL is an Error.
    [[nodiscard]] static Result<std::unique_ptr<Window>> open(const char* title, int width, int height);
    ~Window();
    Window(const Window&) = delete;
    Window& operator=(const Window&) = delete;

    /// Hands input to ImGui, in CSS pixels.
    void process(const SDL_Event& event);

    /// Begins an ImGui frame; ends and draws it; shows what was drawn.
    void begin_frame();
    void end_frame();
    void show();

    /// Device pixels per CSS pixel.
    [[nodiscard]] float scale() const { return scale_; }
    /// False when minimised or hidden: then there is nothing to draw for.
    [[nodiscard]] bool visible() const;

    /// What was drawn last and is not shown yet, as a PNG file.
    [[nodiscard]] Result<Nothing> save_screenshot(const std::string& path) const;

  private:
    Window() = default;
    void measure();

    SDL_Window* window_ = nullptr;
    void* context_ = nullptr; ///< SDL_GLContext
    bool has_backend_ = false;
    float scale_ = 1;        ///< drawable pixels per CSS pixel
    float window_scale_ = 1; ///< SDL's window units per CSS pixel
};

} // namespace gil::native
