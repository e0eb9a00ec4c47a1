// gilplay run: an experiment measured on this computer, with its simulation beside it.
#include <CLI/CLI.hpp>

#include <memory>
#include <utility>

#include "core/simulate_report.h"
#include "native/cli/command_line.h"
#include "native/cli/options.h"
#include "native/cli/session.h"

namespace gil::native {

namespace {

struct RunOptions {
    ChoiceOptions choice;
    OutputOptions output;
    std::string repeats = "3";
};

int run(const RunOptions& options) {
    const auto choice = check(options.choice);
    if (!choice) return usage_error(choice.error());
    const auto repeats = parse_integer("--repeats", options.repeats, 1, max_repeats);
    if (!repeats) return usage_error(repeats.error());
    auto trace = options.output.open_trace();
    if (!trace) return usage_error(trace.error());

    const Experiment& experiment = *choice.value().experiment;
    const EngineAnswer answer = ask_engine(RunRequest{1, std::string(experiment.id), choice.value().knobs.to_json(),
                                                      choice.value().variant_names, static_cast<int>(repeats.value())});
    if (answer.status != 0) {
        run_error(answer.error);
        return answer.status;
    }
    const auto* result = std::get_if<ResultEvent>(&*answer.event);
    if (!result) return run_error(Error{"", "the engine answered something else", ""});
    const Report simulated =
        simulate_experiment(experiment, choice.value().knobs, choice.value().variants, result->report.machine);
    return deliver(result->report, &simulated, options.output, trace.value());
}

} // namespace

void add_run(CLI::App& app, Action& action) {
    auto options = std::make_shared<RunOptions>();
    CLI::App* command = app.add_subcommand("run", "Measure an experiment on this computer");
    options->choice.add_to(*command);
    command->add_option("--repeats", options->repeats, "Counted runs of every variant, after one warm-up")
        ->type_name("N")
        ->capture_default_str();
    options->output.add_to(*command);
    command->callback([options, &action] { action = [options] { return run(*options); }; });
}

} // namespace gil::native
