#include "native/desktop/desktop.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <optional>

#include "core/base/text.h"
#include "native/cli/options.h"
#include "native/client/engine_process.h"
#include "native/desktop/desktop_loop.h"
#include "native/desktop/native_platform.h"
#include "native/desktop/window.h"
#include "native/http/delay_server.h"
#include "ui/state/controller.h"

namespace gil::native {

namespace {

struct DesktopOptions {
    std::string experiment;
    CLI::Option* experiment_option = nullptr;
    std::string frames = "0";
    std::string seconds = "0";
    std::string screenshot;
};

int desktop(const DesktopOptions& options) {
    // "cpu-bound?tasks=8" carries knobs as an address of the page does; what the window would only tell is refused
    // here.
    if (options.experiment_option->count() > 0) {
        if (const auto sound = ui::check_state(options.experiment); !sound) {
            Error error = sound.error();
            if (!error.where.empty()) error.where = option_place("EXPERIMENT", error.where);
            return usage_error(error);
        }
    }
    const auto frames = parse_integer("--frames", options.frames, 0, 100'000);
    if (!frames) return usage_error(frames.error());
    const auto seconds = parse_integer("--seconds", options.seconds, 0, 3'600);
    if (!seconds) return usage_error(seconds.error());

    // The engine before any thread or window: what it forks stays clean.
    auto server = DelayServer::open();
    EngineProcess::Options engine_options;
    if (server) engine_options.delay_port = server.value()->port();
    EngineProcess engine(engine_options);
    if (server && !server.value()->start()) {
        server.value().reset(); // without its thread it would let everybody wait
        engine.restart_without_delays();
    }
    NativePlatform platform(options.experiment, engine);
    auto window = Window::open("GIL Playground", 1'280, 860);
    if (!window) return run_error(window.error());
    const LoopLimits limits{static_cast<int>(frames.value()), static_cast<int>(seconds.value()), options.screenshot};
    return run_desktop_loop(*window.value(), engine, platform, limits);
}

} // namespace

void add_desktop(CLI::App& app, Action& action) {
    auto options = std::make_shared<DesktopOptions>();
    CLI::App* command = app.add_subcommand("desktop", "Open the window");
    options->experiment_option = command->add_option("EXPERIMENT", options->experiment, "What to open with");
    // For tests: draw N frames or run S seconds, then end.
    command->add_option("--frames", options->frames)->group("");
    command->add_option("--seconds", options->seconds)->group("");
    command->add_option("--screenshot", options->screenshot)->group("");
    command->callback([options, &action] { action = [options] { return desktop(*options); }; });
}

} // namespace gil::native
