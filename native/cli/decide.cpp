// gilplay decide: the decision tree, asked question by question or walked along the answers given.
#include <CLI/CLI.hpp>

#include <unistd.h>

#include <iostream>
#include <memory>

#include "core/base/text.h"
#include "core/decision/decision_tree.h"
#include "native/cli/command_line.h"
#include "native/cli/output.h"

namespace gil::native {

namespace {

struct DecideOptions {
    std::vector<std::string> answers;
    bool json = false;
    bool tree = false;
};

class Speaker {
  public:
    explicit Speaker(const Terminal& terminal) : terminal_(terminal) {}

    [[nodiscard]] std::string question(const Question& question) const {
        std::size_t widest = 0;
        for (const Answer& answer : question.answers) widest = std::max(widest, answer.id.size());
        std::string text = bold(plain(question.words)) + "\n\n";
        for (std::size_t i = 0; i < question.answers.size(); ++i) {
            const Answer& answer = question.answers[i];
            std::string label = "  " + std::to_string(i + 1) + "  " + std::string(answer.id);
            label.resize(widest + 7, ' ');
            std::string lines = wrapped(plain(answer.words), terminal_.width, static_cast<int>(label.size()));
            text += lines.replace(0, label.size(), label);
        }
        return text;
    }

    [[nodiscard]] std::string advice(const Advice& advice) const {
        const Proof& proof = advice.proof;
        std::string text = bold(plain(advice.headline)) + "\n" + wrapped(plain(advice.why), terminal_.width, 0) + "\n";
        std::string_view code = advice.python;
        while (!code.empty()) {
            const std::string_view line = code.substr(0, code.find('\n'));
            text += line.empty() ? "\n" : "    " + std::string(line) + "\n";
            code.remove_prefix(std::min(line.size() + 1, code.size()));
        }
        text += "\n" + wrapped(plain("Prove it: " + std::string(proof.look) + " Look at " + comparison(proof) + "."),
                               terminal_.width, 0);
        return text + "\n    " + proof_command(proof) + "\n";
    }

  private:
    static std::string comparison(const Proof& proof) {
        std::string text(proof.winner);
        if (proof.against.size() == 1) text += " beside " + std::string(proof.against.front());
        return text;
    }
    [[nodiscard]] std::string plain(std::string_view words) const {
        return terminal_.unicode ? std::string(words) : to_ascii(words);
    }
    [[nodiscard]] std::string bold(const std::string& words) const {
        return terminal_.colour ? "\033[1m" + words + "\033[0m" : words;
    }

    const Terminal& terminal_;
};

Json place_to_json(const DecisionPlace& place, const std::vector<std::string>& answers) {
    Json json{{"answers", answers}};
    if (place.question != nullptr) json["question"] = to_json(*place.question);
    if (place.advice != nullptr) json["advice"] = to_json(*place.advice);
    return json;
}

/// The ids of answers that may have been given as numbers.
std::vector<std::string> ids_of(const std::vector<std::string>& answers) {
    std::vector<std::string> ids;
    for (const std::string& answer : answers) {
        const DecisionPlace place = follow(decision_tree(), ids).value();
        ids.emplace_back(find_answer(*place.question, answer)->id);
    }
    return ids;
}

/// The next place, printed; the answers lead there.
int show_place(const std::vector<std::string>& answers, bool json) {
    const auto place = follow(decision_tree(), answers);
    if (!place) return usage_error(place.error());
    const std::vector<std::string> ids = ids_of(answers);
    if (json) return print_out(dump_json(place_to_json(place.value(), ids), 2) + "\n");
    const Terminal terminal = detect_terminal();
    const Speaker speaker(terminal);
    if (place.value().advice != nullptr) return print_out(speaker.advice(*place.value().advice));
    std::string command = "gilplay decide";
    for (const std::string& id : ids) command += " " + id;
    return print_out(speaker.question(*place.value().question) + "\nGo on with: " + command + " ANSWER\n");
}

/// Asks until the advice is reached. Ctrl-D ends it with status 1.
int ask() {
    const Terminal terminal = detect_terminal();
    const Speaker speaker(terminal);
    DecisionPlace place = follow(decision_tree(), {}).value();
    while (place.question != nullptr) {
        if (const int status = print_out(speaker.question(*place.question) + "\n> ")) return status;
        std::string line;
        if (!std::getline(std::cin, line)) {
            (void)print_out("\n");
            return run_error(Error{"", "no answer, so no advice; `gilplay decide` asks again", ""});
        }
        const std::size_t first = line.find_first_not_of(" \t\r");
        line = first == std::string::npos ? "" : line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
        const auto next = follow(decision_tree(), *place.question, line);
        if (const int status = print_out("\n")) return status;
        if (next) {
            place = next.value();
        } else {
            usage_error(next.error());
        }
    }
    return print_out(speaker.advice(*place.advice));
}

int decide(const DecideOptions& options) {
    if (options.tree) {
        if (!options.answers.empty()) return usage_error(Error{"--tree", "prints the whole tree", "no answers"});
        return print_out(dump_json(to_json(decision_tree()), 2) + "\n");
    }
    const bool terminal = ::isatty(STDIN_FILENO) != 0 && ::isatty(STDOUT_FILENO) != 0;
    if (options.answers.empty() && terminal && !options.json) return ask();
    return show_place(options.answers, options.json);
}

} // namespace

void add_decide(CLI::App& app, Action& action) {
    auto options = std::make_shared<DecideOptions>();
    CLI::App* command = app.add_subcommand("decide", "Find out which tool fits a program, question by question");
    command->add_option("ANSWER", options->answers,
                        "The answers so far, by id or number; without any it asks, on a terminal");
    command->add_flag("--json", options->json, "Print the place as one JSON document");
    command->add_flag("--tree", options->tree, "Print the whole tree as one JSON document");
    command->callback([options, &action] { action = [options] { return decide(*options); }; });
}

} // namespace gil::native
