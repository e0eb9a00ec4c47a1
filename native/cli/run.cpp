// gilplay run: an experiment measured on this computer, with its simulation beside it.
#include <CLI/CLI.hpp>

#include <memory>
#include <utility>

#include "core/names.h"
#include "core/simulate_report.h"
#include "native/cli/command_line.h"
#include "native/cli/options.h"
#include "native/cli/run_all.h"
#include "native/cli/session.h"

namespace gil::native {

namespace {

constexpr std::string_view every_experiment = "all";

struct RunOptions {
    ChoiceOptions choice;
    OutputOptions output;
    std::string repeats = "3";
    std::string out_file;
    CLI::Option* out_option = nullptr;
    std::string only; ///< for tests: ids of a few experiments instead of all
};

/// What only makes sense for one experiment, or only for all of them.
Result<Nothing> check_combination(const RunOptions& options) {
    const bool all = options.choice.experiment == every_experiment;
    if (!all && options.out_option->count() > 0) {
        return Error{"--out " + printable(options.out_file), "one experiment has no document of its own",
                     "only with `run all`; --json, --csv and --trace are for one"};
    }
    const bool single = !options.choice.sets.empty() || options.choice.variants_option->count() > 0 ||
                        options.output.json || options.output.csv || options.output.trace_option->count() > 0;
    if (all && single) return Error{"run all", "it takes no other options", "--out and --repeats"};
    return Nothing{};
}

/// Those whose ids are in `only`, separated by commas; all when it is empty.
std::vector<Experiment> experiments_among(const std::string& only) {
    std::vector<Experiment> table;
    for (const Experiment& experiment : experiments()) {
        const bool named = ("," + only + ",").find("," + std::string(experiment.id) + ",") != std::string::npos;
        if (named || only.empty()) table.push_back(experiment);
    }
    return table;
}

int run(const RunOptions& options) {
    if (const auto sound = check_combination(options); !sound) return usage_error(sound.error());
    const auto repeats = parse_integer("--repeats", options.repeats, 1, max_repeats);
    if (!repeats) return usage_error(repeats.error());
    if (options.choice.experiment == every_experiment) {
        return run_all(experiments_among(options.only),
                       options.out_option->count() > 0 ? std::optional(options.out_file) : std::nullopt,
                       static_cast<int>(repeats.value()));
    }
    const auto choice = check(options.choice);
    if (!choice) return usage_error(choice.error());
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
    CLI::App* command = app.add_subcommand("run", "Measure an experiment, or all, on this computer");
    options->choice.add_to(*command);
    command->get_option("EXPERIMENT")->description("One of those that `gilplay list` names, or all");
    options->out_option =
        command->add_option("--out", options->out_file, "With `all`: the report, Markdown (.md) or a page (.html)")
            ->type_name("FILE");
    command->add_option("--only", options->only)->group("");
    command->add_option("--repeats", options->repeats, "Counted runs of every variant, after one warm-up")
        ->type_name("N")
        ->capture_default_str();
    options->output.add_to(*command);
    command->callback([options, &action] { action = [options] { return run(*options); }; });
}

} // namespace gil::native
