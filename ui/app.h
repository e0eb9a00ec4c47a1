// The whole front end, without a window: the caller owns SDL, the ImGui context and its backends.
#pragma once

#include <memory>
#include <optional>

#include "core/base/units.h"
#include "ui/state/engine_client.h"
#include "ui/state/platform.h"

namespace gil::ui {

class App {
  public:
    /// Both must outlive the App. The ImGui context must exist; fonts and style are set here.
    App(EngineClient& engine, Platform& platform);
    ~App();
    App(const App&) = delete;
    App& operator=(const App&) = delete;

    /// Takes what the engine has sent. True when the screen changed and a frame should be drawn.
    [[nodiscard]] bool update();

    /// After so long update() is to be called again even when the engine sends nothing: silence is told, too. Nothing
    /// while no run is under way.
    [[nodiscard]] std::optional<Nanoseconds> update_due_in() const;

    /// Shows the state that the platform's address carries now: the reader has changed it.
    void address_changed();

    /// Draws one frame between ImGui::NewFrame and ImGui::Render. `scale` is device pixels per CSS pixel; ImGui's
    /// coordinates are CSS pixels.
    void draw(float scale);

    /// Frames still wanted with no input (an animation or a progress display under way). 0: draw nothing until input
    /// or update() asks for it.
    [[nodiscard]] int frames_wanted() const;

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace gil::ui
