// gilplay desktop: the front end in a window of its own.
#pragma once

#include "native/cli/command_line.h"

namespace gil::native {

/// Adds the subcommand. It starts the engine process first, then the window; exit status 1 when there is no display.
void add_desktop(CLI::App& app, Action& action);

} // namespace gil::native
