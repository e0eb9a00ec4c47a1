// gilplay fidelity: how true the simulator is, beside the engine and beside CPython, over many cases.
#include "core/fidelity.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>
#include <utility>

#include "core/names.h"
#include "core/simulate_report.h"
#include "native/cli/command_line.h"
#include "native/cli/options.h"
#include "native/cli/python_session.h"
#include "native/cli/session.h"
#include "native/python_runner.h"

namespace gil::native {

namespace {

struct FidelityOptions {
    std::vector<std::string> experiments;
    std::vector<std::string> interpreters;
    std::string repeats = "3";
    bool defaults_only = false;
    bool json = false;
};

/// What was compared with what.
struct Comparison {
    std::string reference; ///< "measured here", "CPython 3.11.2"
    Machine machine;       ///< what the simulator was told to be
    Fidelity fidelity;
};

struct FidelityTask {
    std::vector<const Experiment*> experiments;
    std::vector<std::string> programs;
    int repeats = 3;
    bool defaults_only = false;
};

Result<FidelityTask> check_fidelity(const FidelityOptions& options) {
    FidelityTask task;
    const auto repeats = parse_integer("--repeats", options.repeats, 1, max_repeats);
    if (!repeats) return repeats.error();
    task.repeats = static_cast<int>(repeats.value());
    task.defaults_only = options.defaults_only;
    for (const std::string& id : options.experiments) {
        const auto experiment = experiment_named(id);
        if (!experiment) return experiment.error();
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

class FidelityCommand {
  public:
    explicit FidelityCommand(FidelityTask task) : task_(std::move(task)) {}

    /// 0, or the exit status.
    int run() {
        if (const int status = prepare_pythons()) return status;
        comparisons_.front().reference = "measured here";
        std::vector<std::pair<const Experiment*, Json>> cases;
        for (const Experiment* experiment : task_.experiments) {
            for (Json& knobs : fidelity_cases(*experiment)) {
                if (task_.defaults_only && !knobs.empty()) break;
                cases.emplace_back(experiment, std::move(knobs));
            }
        }
        for (std::size_t i = 0; i < cases.size(); ++i) {
            const auto& [experiment, settings] = cases[i];
            const std::string place = fidelity_place(*experiment, settings);
            print_progress("case " + std::to_string(i + 1) + " of " + std::to_string(cases.size()) + ": " + place);
            if (const int status = run_case(*experiment, settings, place)) return status;
        }
        return 0;
    }

    [[nodiscard]] const std::vector<Comparison>& comparisons() const { return comparisons_; }

  private:
    int prepare_pythons() {
        if (task_.programs.empty()) return 0;
        FoundPythons found = find_pythons(task_.programs, 0);
        if (found.status != 0) return found.status;
        for (PythonInterpreter& interpreter : found.interpreters) {
            auto machine = calibrate_python(interpreter);
            if (!machine) return run_error(machine.error());
            comparisons_.push_back({describe(interpreter), std::move(machine.value()), {}});
            interpreters_.push_back(std::move(interpreter));
        }
        return 0;
    }

    int run_case(const Experiment& experiment, const Json& settings, const std::string& place) {
        Knobs knobs(experiment.knobs);
        if (const auto taken = knobs.set_all(settings); !taken) return run_error(taken.error());
        const Choice choice{&experiment, knobs, experiment.make(knobs), {}};
        const EngineAnswer answer =
            session_.ask(RunRequest{1, std::string(experiment.id), knobs.to_json(), {}, task_.repeats}, place + ": ");
        if (answer.status != 0) {
            run_error(answer.error);
            return answer.status;
        }
        const auto* measured = std::get_if<ResultEvent>(&*answer.event);
        if (!measured) return run_error(Error{"", "the engine answered something else", ""});
        comparisons_.front().machine = measured->report.machine;
        compare(place, simulate_experiment(experiment, knobs, choice.variants, measured->report.machine),
                measured->report, comparisons_.front().fidelity);
        return compare_pythons(choice, place);
    }

    int compare_pythons(const Choice& choice, const std::string& place) {
        for (std::size_t i = 0; i < interpreters_.size(); ++i) {
            Comparison& comparison = comparisons_[i + 1];
            const Report simulated =
                simulate_experiment(*choice.experiment, choice.knobs, choice.variants, comparison.machine);
            const PythonAnswers pythons =
                run_pythons(std::span(&interpreters_[i], 1), choice, task_.repeats, 0, simulated);
            if (pythons.status > 128) return pythons.status;
            // One whose script failed has been told about; the others go on.
            if (!pythons.answers.empty()) {
                compare(place, simulated, pythons.answers.front().report, comparison.fidelity);
            }
        }
        return 0;
    }

    FidelityTask task_;
    EngineSession session_;
    std::vector<PythonInterpreter> interpreters_;
    std::vector<Comparison> comparisons_ = std::vector<Comparison>(1);
};

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
    const Fidelity& fidelity = comparison.fidelity;
    std::string text = "simulated against " + comparison.reference + ": " + std::to_string(fidelity.rows.size()) +
                       " speed-ups, error " + percent_text(median_error(fidelity)) + " in the median, " +
                       percent_text(worst_error(fidelity)) + " at worst; " + std::to_string(fidelity.pairs) +
                       " pairs more than 15 % apart, " + std::to_string(fidelity.faults.size()) +
                       " in the wrong order\n  largest errors:\n" + rows_text(fidelity);
    for (const OrderFault& fault : fidelity.faults) {
        text += "  wrong order: " + fault.place + ", " + fault.faster + " is faster than " + fault.slower + " by " +
                percent_text(fault.by) + "\n";
    }
    return text + "\n";
}

int run_fidelity(const FidelityOptions& options) {
    auto task = check_fidelity(options);
    if (!task) return usage_error(task.error());
    FidelityCommand command(std::move(task.value()));
    if (const int status = command.run()) return status;
    if (!options.json) {
        std::string text;
        for (const Comparison& comparison : command.comparisons()) text += comparison_text(comparison);
        return print_out(text);
    }
    Json document = Json::array();
    for (const Comparison& comparison : command.comparisons()) {
        Json json = to_json(comparison.fidelity);
        json["reference"] = comparison.reference;
        json["machine"] = to_json(comparison.machine);
        document.push_back(std::move(json));
    }
    return print_out(dump_json(Json{{"comparisons", std::move(document)}}, 2) + "\n");
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
    command->add_flag("--defaults", options->defaults_only, "Only with the knobs' defaults: quicker");
    command->add_flag("--json", options->json, "Print one JSON document and nothing else");
    command->callback([options, &action] { action = [options] { return run_fidelity(*options); }; });
}

} // namespace gil::native
