// gilplay run: an experiment measured on this computer, with its simulation beside it.
#include <CLI/CLI.hpp>

#include <memory>
#include <utility>

#include "core/base/text.h"
#include "core/engine/simulate_report.h"
#include "native/cli/command_line.h"
#include "native/cli/options.h"
#include "native/cli/other_load.h"
#include "native/cli/output.h"
#include "native/cli/run_all.h"
#include "native/cli/session.h"

namespace gil::native {

namespace {

constexpr std::string_view every_experiment = "all";

struct RunOptions {
    ChoiceOptions choice;
    OutputOptions output;
    std::string repeats = std::to_string(default_repeats);
    std::string out_file;
    CLI::Option* out_option = nullptr;
    std::string only; ///< ids, separated by commas
    CLI::Option* only_option = nullptr;
};

/// What only makes sense for one experiment, or only for all of them.
Result<Nothing> check_combination(const RunOptions& options) {
    const bool all = options.choice.experiment == every_experiment;
    if (!all && options.out_option->count() > 0) {
        return Error{option_place("--out", options.out_file), "one experiment has no document of its own",
                     "only with `run all`; --json, --csv and --trace are for one"};
    }
    const bool single = !options.choice.sets.empty() || options.choice.variants_option->count() > 0 ||
                        options.output.json || options.output.csv || options.output.trace_option->count() > 0;
    if (!all && options.only_option->count() > 0) {
        return Error{option_place("--only", options.only), "one experiment has nothing to choose from",
                     "only with `run all`"};
    }
    if (all && single) return Error{"run all", "it takes no other options", "--only, --out and --repeats"};
    return Nothing{};
}

/// Those that `--only` names, or all without it.
Result<std::vector<Experiment>> wanted_experiments(const RunOptions& options) {
    if (options.only_option->count() == 0) return std::vector<Experiment>(experiments().begin(), experiments().end());
    std::vector<Experiment> table;
    for (const std::string& id : split(options.only, ',')) {
        const auto experiment = experiment_named(id);
        if (!experiment) return Error{"--only", experiment.error().what, experiment.error().accepted};
        table.push_back(*experiment.value());
    }
    return table;
}

int run(const RunOptions& options) {
    if (const auto sound = check_combination(options); !sound) return usage_error(sound.error());
    const auto repeats = parse_integer("--repeats", options.repeats, 1, max_repeats);
    if (!repeats) return usage_error(repeats.error());
    if (options.choice.experiment == every_experiment) {
        const auto table = wanted_experiments(options);
        if (!table) return usage_error(table.error());
        return run_all(table.value(), options.out_option->count() > 0 ? std::optional(options.out_file) : std::nullopt,
                       static_cast<int>(repeats.value()));
    }
    const auto choice = check(options.choice);
    if (!choice) return usage_error(choice.error());
    auto trace = options.output.open_trace();
    if (!trace) return usage_error(trace.error());

    const Experiment& experiment = *choice.value().experiment;
    const OtherLoad load;
    const EngineAnswer answer = ask_engine(RunRequest{1, std::string(experiment.id), choice.value().knobs.to_json(),
                                                      choice.value().variant_names, static_cast<int>(repeats.value())});
    const auto* result = answer.event ? std::get_if<ResultEvent>(&*answer.event) : nullptr;
    if (answer.status != 0 && result == nullptr) {
        run_error(answer.error);
        return answer.status;
    }
    if (!result) return run_error(Error{"", "the engine answered something else", ""});
    const Report simulated =
        simulate_experiment(experiment, choice.value().knobs, choice.value().variants, result->report.machine);
    const std::string others = load.words(result->report.machine.processors);
    if (!others.empty() && options.output.is_for_people()) {
        print_progress("note: " + others + " meanwhile: what is measured here may be too slow, and not alike");
    }
    return finish(answer, deliver(result->report, &simulated, options.output, trace.value()));
}

} // namespace

void add_run(CLI::App& app, Action& action) {
    auto options = std::make_shared<RunOptions>();
    CLI::App* command = app.add_subcommand("run", "Measure an experiment, or all, on this computer");
    options->choice.add_to(*command);
    command->get_option("EXPERIMENT")->description("One of those that `gilplay list` names, or all");
    options->out_option =
        command->add_option("--out", options->out_file, "With `all`: the report, Markdown (.md) or a page (.html)")
            ->type_name("FILE");
    options->only_option =
        command->add_option("--only", options->only, "With `all`: these experiments")->type_name("ID,ID");
    command->add_option("--repeats", options->repeats, "Counted runs of every variant, after one warm-up")
        ->type_name("N")
        ->capture_default_str();
    options->output.add_to(*command);
    command->callback([options, &action] { action = [options] { return run(*options); }; });
}

} // namespace gil::native
