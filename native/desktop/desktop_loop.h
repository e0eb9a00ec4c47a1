// The window's event loop: draws only when something changed.
#pragma once

#include <string>

#include "native/client/engine_process.h"
#include "native/desktop/native_platform.h"
#include "native/desktop/window.h"

namespace gil::native {

/// For tests and pictures; zero and empty: run until the window is closed.
struct LoopLimits {
    int frames = 0;         ///< draw that many frames, one after another, then end
    int seconds = 0;        ///< run that long, then print how many frames were drawn in the last five seconds, and end
    std::string screenshot; ///< PNG of the last frame
};

/// Blocks until the window is closed; the exit status.
[[nodiscard]] int run_desktop_loop(Window& window, EngineProcess& engine, NativePlatform& platform,
                                   const LoopLimits& limits);

} // namespace gil::native
