// gilplay serve, for those builds of gilplay that have an HTTP server.
#pragma once

#include "native/cli/command_line.h"

namespace gil::native {

/// An AddCommand.
void add_serve(CLI::App& app, Action& action);

} // namespace gil::native
