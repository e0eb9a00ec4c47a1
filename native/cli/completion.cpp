#include "native/cli/completion.h"

#include <CLI/CLI.hpp>

#include <array>
#include <memory>
#include <utility>

#include "core/base/text.h"
#include "core/decision/decision_tree.h"
#include "core/experiments/experiment.h"
#include "native/cli/command_line.h"
#include "native/cli/output.h"

namespace gil::native {

namespace {

void add_word(std::string& words, std::string_view word) {
    if (!words.empty()) words += ' ';
    words += word;
}

/// One function that prints words for what its arguments say.
class CaseTable {
  public:
    explicit CaseTable(std::string name) : text_(std::move(name) + "() {\n    case \"$*\" in\n") {}

    void add(const std::string& pattern, const std::string& words) {
        if (!words.empty()) text_ += "    " + pattern + ") echo " + shell_quoted(words) + " ;;\n";
    }
    [[nodiscard]] std::string text() const { return text_ + "    esac\n}\n"; }

  private:
    std::string text_;
};

std::string option_names(const CommandInfo& command) {
    std::string names;
    for (const OptionInfo& option : command.options) {
        if (option.positional) continue;
        for (const std::string& name : option.names) add_word(names, name);
    }
    return names;
}

std::string kind_word(ValueKind kind) {
    static constexpr std::array<const char*, 8> words{"other",  "experiment", "answer",   "file",
                                                      "folder", "knob",       "variants", "shell"};
    return words[static_cast<std::size_t>(kind)];
}

std::string experiment_tables() {
    CaseTable knobs("_gilplay_knobs");
    CaseTable variants("_gilplay_variants");
    CaseTable choices("_gilplay_choices");
    for (const ExperimentWords& words : experiment_words()) {
        knobs.add(shell_quoted(words.id), words.knobs);
        variants.add(shell_quoted(words.id), words.variants);
    }
    for (const Experiment& experiment : experiments()) {
        for (const Knob& knob : experiment.knobs) {
            std::string names;
            for (const std::string_view choice : knob.choices)
                names += (names.empty() ? "" : " ") + std::string(choice);
            choices.add(shell_quoted(std::string(experiment.id) + " " + std::string(knob.name)), names);
        }
    }
    return knobs.text() + variants.text() + choices.text();
}

std::string decision_tables() {
    CaseTable answers("_gilplay_answers");
    CaseTable next("_gilplay_next");
    for (const Question& question : decision_tree().questions) {
        std::string ids;
        for (std::size_t i = 0; i < question.answers.size(); ++i) {
            const Answer& answer = question.answers[i];
            add_word(ids, answer.id);
            const std::string from = std::string(question.id) + " ";
            next.add(shell_quoted(from + std::string(answer.id)) + " | " + shell_quoted(from + std::to_string(i + 1)),
                     std::string(answer.leads_to));
        }
        answers.add(shell_quoted(question.id), ids);
    }
    return answers.text() + next.text();
}

using Script = std::string (*)(const ProgramInfo&);
constexpr std::array<std::pair<std::string_view, Script>, 3> scripts{
    {{"bash", bash_completion}, {"zsh", zsh_completion}, {"fish", fish_completion}}};

int complete(const CLI::App& app, const std::string& shell) {
    std::vector<std::string_view> names;
    for (const auto& [name, script] : scripts) {
        if (shell == name) return print_out(script(describe_app(app)));
        names.push_back(name);
    }
    return usage_error(Error{
        "", "there is no completion for \"" + printable(shell, 40) + "\"" + did_you_mean(shell, names), one_of(names)});
}

} // namespace

ValueKind kind_of(std::string_view value_name) {
    static constexpr std::array<std::pair<std::string_view, ValueKind>, 8> kinds{{
        {"EXPERIMENT", ValueKind::experiment},
        {"ANSWER", ValueKind::answer},
        {"FILE", ValueKind::file},
        {"PATH", ValueKind::file},
        {"DIR", ValueKind::folder},
        {"KNOB=VALUE", ValueKind::knob},
        {"NAME,NAME", ValueKind::variants},
        {"SHELL", ValueKind::shell},
    }};
    for (const auto& [name, kind] : kinds) {
        if (name == value_name) return kind;
    }
    return ValueKind::other;
}

std::vector<ExperimentWords> experiment_words() {
    std::vector<ExperimentWords> all;
    for (const Experiment& experiment : experiments()) {
        ExperimentWords words{std::string(experiment.id), std::string(experiment.title), {}, {}, {}};
        for (const Knob& knob : experiment.knobs) {
            const std::string name = std::string(knob.name) + "=";
            add_word(words.knobs, name);
            if (knob.choices.empty()) add_word(words.settings, name);
            for (const std::string_view choice : knob.choices) add_word(words.settings, name + std::string(choice));
        }
        for (const Variant& variant : experiment.make(Knobs(experiment.knobs))) add_word(words.variants, variant.name);
        all.push_back(std::move(words));
    }
    return all;
}

std::string shell_quoted(std::string_view text) {
    std::string quoted = "'";
    for (const char c : text) quoted += c == '\'' ? "'\\''" : std::string(1, c);
    return quoted + "'";
}

std::string shell_tables(const ProgramInfo& program) {
    std::string command_names;
    CaseTable options("_gilplay_options");
    CaseTable kinds("_gilplay_kind"); // of what follows an option, or of a command's plain words
    for (const CommandInfo& command : program.commands) {
        add_word(command_names, command.name);
        options.add(command.name, option_names(command));
        for (const OptionInfo& option : command.options) {
            if (option.value.empty()) continue;
            const std::string word = option.positional ? "" : " " + option.names.back();
            kinds.add(shell_quoted(command.name + word), kind_word(kind_of(option.value)));
        }
    }
    std::string ids;
    for (const ExperimentWords& words : experiment_words()) add_word(ids, words.id);
    CaseTable experiments_of("_gilplay_experiments"); // `run` takes one name more
    experiments_of.add("run", ids + " all");
    experiments_of.add("*", ids);
    options.add("''", option_names(program.self));
    return "_gilplay_commands() { echo " + shell_quoted(command_names) + "; }\n" + options.text() + kinds.text() +
           experiments_of.text() + experiment_tables() + decision_tables();
}

void add_completion(CLI::App& app, Action& action) {
    auto shell = std::make_shared<std::string>();
    CLI::App* command = app.add_subcommand("completion", "Print a script that completes words for a shell");
    command->add_option("SHELL", *shell, "bash, zsh or fish")->required();
    command->callback([shell, &app, &action] { action = [shell, &app] { return complete(app, *shell); }; });
}

} // namespace gil::native
