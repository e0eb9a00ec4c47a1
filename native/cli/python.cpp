// gilplay python: the equivalent script, printed, or run in the CPythons of this computer beside simulated and
// measured.
#include <CLI/CLI.hpp>

#include <memory>
#include <utility>

#include "core/base/text.h"
#include "core/cpython/python_script.h"
#include "core/engine/simulate_report.h"
#include "native/cli/command_line.h"
#include "native/cli/options.h"
#include "native/cli/python_session.h"
#include "native/cli/python_table.h"
#include "native/cli/session.h"
#include "native/python/python_runner.h"

namespace gil::native {

namespace {

struct PythonOptions {
    ChoiceOptions choice;
    std::vector<std::string> interpreters;
    std::string repeats = std::to_string(default_repeats);
    std::string time_limit;
    CLI::Option* interpreter_option = nullptr;
    CLI::Option* time_limit_option = nullptr;
    bool print = false;
    bool json = false;
};

/// What has been checked before anything runs.
struct PythonTask {
    Choice choice;
    int repeats = default_repeats;
    Nanoseconds time_limit = 0; ///< per interpreter; 0: by the size of the task
    std::vector<std::string> programs;
};

Result<PythonTask> check_python(const PythonOptions& options) {
    auto choice = check(options.choice);
    if (!choice) return choice.error();
    PythonTask task{std::move(choice.value()), default_repeats, 0, {}};
    const auto repeats = parse_integer("--repeats", options.repeats, 1, max_repeats);
    if (!repeats) return repeats.error();
    task.repeats = static_cast<int>(repeats.value());
    if (options.time_limit_option->count() > 0) {
        const auto limit = parse_integer("--time-limit", options.time_limit, 1, 86'400);
        if (!limit) return limit.error();
        task.time_limit = limit.value() * second;
    }
    for (const std::string& name : options.interpreters) {
        auto program = find_program(name);
        if (!program) return program.error();
        task.programs.push_back(std::move(program.value()));
    }
    return task;
}

class PythonCommand {
  public:
    PythonCommand(PythonTask task, bool json) : task_(std::move(task)), json_(json) {}

    int run() {
        FoundPythons found = find_pythons(task_.programs, task_.time_limit);
        if (found.status != 0) return found.status;
        const Experiment& experiment = *task_.choice.experiment;
        const EngineAnswer answer = ask_engine(RunRequest{1, std::string(experiment.id), task_.choice.knobs.to_json(),
                                                          task_.choice.variant_names, task_.repeats});
        if (answer.status != 0) {
            run_error(answer.error);
            return answer.status;
        }
        const auto* measured = std::get_if<ResultEvent>(&*answer.event);
        if (!measured) return run_error(Error{"", "the engine answered something else", ""});
        const Report simulated =
            simulate_experiment(experiment, task_.choice.knobs, task_.choice.variants, measured->report.machine);
        PythonAnswers pythons =
            run_pythons(found.interpreters, task_.choice, task_.repeats, task_.time_limit, simulated);
        if (pythons.status != 0) return pythons.status;
        answers_ = std::move(pythons.answers);
        return deliver_all(simulated, measured->report);
    }

  private:
    [[nodiscard]] int deliver_all(const Report& simulated, const Report& measured) const {
        if (!json_) return print_out(python_table(simulated, measured, answers_, detect_terminal()));
        Json pythons = Json::array();
        for (const CpythonAnswer& answer : answers_) {
            Json json = to_json(answer.report);
            json["interpreter"] = to_json(answer.interpreter);
            pythons.push_back(std::move(json));
        }
        const Json document{{"experiment", measured.experiment},
                            {"knobs", measured.knobs},
                            {"simulated", to_json(simulated)},
                            {"measured", to_json(measured)},
                            {"cpython", std::move(pythons)}};
        return print_out(dump_json(document, 2) + "\n");
    }

    PythonTask task_;
    bool json_;
    std::vector<CpythonAnswer> answers_;
};

int run_python(const PythonOptions& options) {
    auto task = check_python(options);
    if (!task) return usage_error(task.error());
    const Choice& choice = task.value().choice;
    if (options.print) return print_out(python_script(*choice.experiment, choice.knobs));
    return PythonCommand(std::move(task.value()), options.json).run();
}

} // namespace

void add_python(CLI::App& app, Action& action) {
    auto options = std::make_shared<PythonOptions>();
    CLI::App* command = app.add_subcommand("python", "The same in real CPython, beside simulated and measured");
    options->choice.add_to(*command);
    CLI::Option* print = command->add_flag("--print", options->print, "Print the script and run nothing");
    options->interpreter_option =
        command->add_option("--interpreter", options->interpreters, "Run it in this Python; may be repeated")
            ->type_name("PATH")
            ->expected(1)
            ->allow_extra_args(false)
            ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    command->add_option("--repeats", options->repeats, "Counted runs of every variant, after one warm-up")
        ->type_name("N")
        ->capture_default_str();
    options->time_limit_option =
        command->add_option("--time-limit", options->time_limit, "Seconds that one interpreter may take")
            ->type_name("S");
    command->add_flag("--json", options->json, "Print one JSON document and nothing else")->excludes(print);
    command->callback([options, &action] { action = [options] { return run_python(*options); }; });
}

} // namespace gil::native
