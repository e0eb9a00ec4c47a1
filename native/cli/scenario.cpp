// gilplay scenario: a hand-written scenario (docs/scenario.md), measured or simulated.
#include <CLI/CLI.hpp>

#include <memory>

#include "core/base/text.h"
#include "core/engine/simulate_report.h"
#include "core/scenario/scenario_json.h"
#include "native/cli/command_line.h"
#include "native/cli/files.h"
#include "native/cli/options.h"
#include "native/cli/session.h"
#include "native/cli/waiting.h"

namespace gil::native {

namespace {

struct ScenarioOptions {
    std::string file;
    bool simulate = false;
    std::string repeats = std::to_string(default_repeats);
    CLI::Option* repeats_option = nullptr;
    SimulationOptions simulation;
    OutputOptions output;
};

Result<Scenario> load(const std::string& file) {
    const std::string name = file == "-" ? "standard input" : file.empty() ? "\"\"" : printable(file, 200);
    const auto text = read_text(file);
    if (!text) return Error{name, text.error().what, text.error().accepted};
    const auto json = parse_json(text.value(), name);
    if (!json) return json.error();
    auto scenario = scenario_from_json(json.value());
    if (scenario) return scenario;
    const std::string place = scenario.error().where.empty() ? name : name + ": " + scenario.error().where;
    return Error{place, scenario.error().what, scenario.error().accepted};
}

int measure(const Scenario& scenario, int repeats, const OutputOptions& output, std::optional<OutFile>& trace) {
    const EngineAnswer answer = ask_engine(ScenarioRequest{1, scenario, repeats});
    const auto* result = answer.event ? std::get_if<ResultEvent>(&*answer.event) : nullptr;
    if (answer.status != 0 && result == nullptr) {
        run_error(answer.error);
        return answer.status;
    }
    if (!result) return run_error(Error{"", "the engine answered something else", ""});
    // The one variant is all that was asked for.
    if (const std::string& reason = result->report.variants.front().unavailable; !reason.empty()) {
        return usage_error(Error{"", "this scenario cannot be measured: " + reason, "--simulate"});
    }
    const Report simulated = simulate_scenario(scenario, result->report.machine);
    return finish(answer, deliver(result->report, &simulated, output, trace));
}

int run_scenario(const ScenarioOptions& options) {
    if (!options.simulate && options.simulation.given()) {
        return usage_error(Error{"", "--cores, --machine, --seed, --max-events and --max-memory need --simulate", ""});
    }
    if (options.simulate && options.repeats_option->count() > 0) {
        return usage_error(Error{"--repeats", "a simulation gives the same answer every time", "not with --simulate"});
    }
    const auto simulation = check(options.simulation);
    if (!simulation) return usage_error(simulation.error());
    const auto repeats = parse_integer("--repeats", options.repeats, 1, max_repeats);
    if (!repeats) return usage_error(repeats.error());
    const auto scenario = load(options.file);
    if (!scenario) return usage_error(scenario.error());
    auto trace = options.output.open_trace();
    if (!trace) return usage_error(trace.error());
    if (!options.simulate) {
        return measure(scenario.value(), static_cast<int>(repeats.value()), options.output, trace.value());
    }
    const Report report = [&] {
        const BusyLine busy("simulating");
        return simulate_scenario(scenario.value(), simulation.value().machine, simulation.value().seed,
                                 simulation.value().budget_for(options.output));
    }();
    return deliver(report, nullptr, options.output, trace.value());
}

} // namespace

void add_scenario(CLI::App& app, Action& action) {
    auto options = std::make_shared<ScenarioOptions>();
    CLI::App* command = app.add_subcommand("scenario", "Run a hand-written scenario, measured or simulated");
    command->add_option("FILE", options->file, "The scenario as JSON; - is standard input")->required();
    command->add_flag("--simulate", options->simulate, "Simulate it instead of measuring it");
    options->repeats_option = command->add_option("--repeats", options->repeats, "Counted runs, after one warm-up")
                                  ->type_name("N")
                                  ->capture_default_str();
    options->simulation.add_to(*command);
    options->output.add_to(*command);
    command->callback([options, &action] { action = [options] { return run_scenario(*options); }; });
}

} // namespace gil::native
