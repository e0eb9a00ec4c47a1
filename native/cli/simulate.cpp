// gilplay simulate: an experiment on a simulated machine; nothing is measured.
#include <CLI/CLI.hpp>

#include <memory>

#include "core/engine/simulate_report.h"
#include "native/cli/command_line.h"
#include "native/cli/options.h"
#include "native/cli/waiting.h"

namespace gil::native {

namespace {

struct SimulateOptions {
    ChoiceOptions choice;
    SimulationOptions simulation;
    OutputOptions output;
};

int simulate_command(const SimulateOptions& options) {
    const auto choice = check(options.choice);
    if (!choice) return usage_error(choice.error());
    const auto simulation = check(options.simulation);
    if (!simulation) return usage_error(simulation.error());
    auto trace = options.output.open_trace();
    if (!trace) return usage_error(trace.error());
    const Report report = [&] {
        const BusyLine busy("simulating");
        return simulate_experiment(*choice.value().experiment, choice.value().knobs, choice.value().variants,
                                   simulation.value().machine, simulation.value().seed,
                                   simulation.value().budget_for(options.output));
    }();
    return deliver(report, nullptr, options.output, trace.value());
}

} // namespace

void add_simulate(CLI::App& app, Action& action) {
    auto options = std::make_shared<SimulateOptions>();
    CLI::App* command = app.add_subcommand("simulate", "Simulate an experiment; nothing is measured");
    options->choice.add_to(*command);
    options->simulation.add_to(*command);
    options->output.add_to(*command);
    command->callback([options, &action] { action = [options] { return simulate_command(*options); }; });
}

} // namespace gil::native
