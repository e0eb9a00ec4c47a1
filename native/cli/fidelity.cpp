// gilplay fidelity: how true the simulator is, beside the engine and beside CPython, over many cases.
#include "native/cli/fidelity_rounds.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>
#include <utility>

#include "core/base/text.h"
#include "native/cli/command_line.h"
#include "native/cli/options.h"
#include "native/python/python_runner.h"

namespace gil::native {

namespace {

constexpr int max_rounds = 20;

struct FidelityOptions {
    std::vector<std::string> experiments;
    std::vector<std::string> interpreters;
    std::string repeats = std::to_string(default_repeats);
    std::string rounds = "1";
    bool defaults_only = false;
    bool json = false;
};

Result<FidelityTask> check_fidelity(const FidelityOptions& options) {
    FidelityTask task;
    const auto repeats = parse_integer("--repeats", options.repeats, 1, max_repeats);
    if (!repeats) return repeats.error();
    task.repeats = static_cast<int>(repeats.value());
    const auto rounds = parse_integer("--rounds", options.rounds, 1, max_rounds);
    if (!rounds) return rounds.error();
    task.rounds = static_cast<int>(rounds.value());
    task.defaults_only = options.defaults_only;
    for (const std::string& id : options.experiments) {
        const auto experiment = experiment_named(id);
        if (!experiment) return experiment.error();
        if (std::find(task.experiments.begin(), task.experiments.end(), experiment.value()) != task.experiments.end()) {
            return Error{"EXPERIMENT", "\"" + id + "\" is named twice", "each at most once"};
        }
        task.experiments.push_back(experiment.value());
    }
    if (task.experiments.empty()) {
        for (const Experiment& experiment : experiments()) task.experiments.push_back(&experiment);
    }
    for (const std::string& name : options.interpreters) {
        auto program = find_program(name);
        if (!program) return program.error();
        task.programs.push_back(std::move(program.value()));
    }
    return task;
}

std::string percent_text(double share) {
    return fixed_number(100 * share, 1) + " %";
}

/// The rows with the largest errors first, and all that are worse than what is aimed at.
std::string rows_text(Fidelity fidelity) {
    constexpr std::size_t shown = 12;
    std::sort(fidelity.rows.begin(), fidelity.rows.end(),
              [](const FidelityRow& a, const FidelityRow& b) { return a.error() > b.error(); });
    std::string text;
    for (std::size_t i = 0; i < std::min(shown, fidelity.rows.size()); ++i) {
        const FidelityRow& row = fidelity.rows[i];
        text += "    " + percent_text(row.error()) + "  " + row.place + ", " + row.variant + ": simulated " +
                fixed_number(row.simulated, 2) + ", " + fixed_number(row.reference, 2) + "\n";
    }
    return text;
}

std::string comparison_text(const Comparison& comparison) {
    const Fidelity fidelity = median_of(comparison.rounds);
    std::string text = "simulated on " + cores_text(comparison.machine) + " against " + comparison.reference + ": " +
                       std::to_string(fidelity.rows.size()) + " speed-ups, error " +
                       percent_text(median_error(fidelity)) + " in the median, " + percent_text(worst_error(fidelity)) +
                       " at worst; " + std::to_string(fidelity.pairs) + " pairs more than 15 % apart, " +
                       std::to_string(fidelity.faults.size()) + " in the wrong order\n  largest errors:\n" +
                       rows_text(fidelity);
    for (const OrderFault& fault : fidelity.faults) {
        text += "  wrong order: " + fault.place + ", " + fault.faster + " is faster than " + fault.slower + " by " +
                percent_text(fault.by) + "\n";
    }
    return text + "\n";
}

std::string disturbed_text(const FidelityRounds& rounds) {
    std::string text = "other programs had some of the cores, or the computer changed, however often it was tried:\n";
    for (const auto& [place, count] : rounds.disturbed()) {
        text += "  " + place + ", " + std::to_string(count) + " of " + counted(rounds.count(), "round") + "\n";
    }
    return text;
}

Json disturbed_json(const FidelityRounds& rounds) {
    Json json = Json::array();
    for (const auto& [place, count] : rounds.disturbed()) json.push_back({{"case", place}, {"rounds", count}});
    return json;
}

int run_fidelity(const FidelityOptions& options) {
    auto task = check_fidelity(options);
    if (!task) return usage_error(task.error());
    auto cases = FidelityRounds::cases_of(task.value());
    if (!cases) return run_error(cases.error());
    FidelityRounds rounds(std::move(task.value()), std::move(cases.value()));
    if (const int status = rounds.run()) return status;
    if (!options.json) {
        std::string text;
        for (const Comparison& comparison : rounds.comparisons()) text += comparison_text(comparison);
        if (!rounds.disturbed().empty()) text += disturbed_text(rounds);
        return print_out(text);
    }
    Json document = Json::array();
    for (const Comparison& comparison : rounds.comparisons()) {
        Json json = to_json(median_of(comparison.rounds));
        json["reference"] = comparison.reference;
        json["machine"] = to_json(comparison.machine);
        document.push_back(std::move(json));
    }
    return print_out(dump_json(Json{{"comparisons", std::move(document)}, {"disturbed", disturbed_json(rounds)}}, 2) +
                     "\n");
}

} // namespace

void add_fidelity(CLI::App& app, Action& action) {
    auto options = std::make_shared<FidelityOptions>();
    CLI::App* command = app.add_subcommand("fidelity", "How far the simulator is from what is measured");
    command->add_option("EXPERIMENT", options->experiments, "Only these; all of them otherwise");
    command
        ->add_option("--interpreter", options->interpreters,
                     "Compare with this Python as well, calibrated first; may be repeated")
        ->type_name("PATH")
        ->expected(1)
        ->allow_extra_args(false)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    command->add_option("--repeats", options->repeats, "Counted runs of every variant, after one warm-up")
        ->type_name("N")
        ->capture_default_str();
    command
        ->add_option("--rounds", options->rounds,
                     "Go through all cases so many times, each time calibrated anew; medians count")
        ->type_name("N")
        ->capture_default_str();
    command->add_flag("--defaults", options->defaults_only, "Only with the knobs' defaults: quicker");
    command->add_flag("--json", options->json, "Print one JSON document and nothing else");
    command->callback([options, &action] { action = [options] { return run_fidelity(*options); }; });
}

} // namespace gil::native
