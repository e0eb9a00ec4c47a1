// The gilplay command: its subcommands, one file each, and what they share.
#pragma once

#include <functional>
#include <span>

namespace CLI {
class App;
}

namespace gil::native {

inline constexpr const char* version = "gilplay 0.1.0";

/// What the chosen subcommand does; returns the exit status: 0 ran, 1 the run failed, 2 bad usage or bad input.
using Action = std::function<int()>;

/// Adds one subcommand; when it is chosen, it sets `action`, which must stay valid until it has run.
using AddCommand = void (*)(CLI::App& app, Action& action);

void add_list(CLI::App& app, Action& action);
void add_run(CLI::App& app, Action& action);
void add_simulate(CLI::App& app, Action& action);
void add_scenario(CLI::App& app, Action& action);
void add_calibrate(CLI::App& app, Action& action);
void add_python(CLI::App& app, Action& action);
void add_fidelity(CLI::App& app, Action& action);
void add_decide(CLI::App& app, Action& action);
void add_serve(CLI::App& app, Action& action);
void add_manual(CLI::App& app, Action& action);
void add_completion(CLI::App& app, Action& action);

/// Parses and runs; `more` are the commands that not every build has. Bad usage is one line on standard error.
[[nodiscard]] int run_command_line(int argc, char** argv, std::span<const AddCommand> more);

} // namespace gil::native
