// gilplay manual: the man page, made from the argument parser and the experiments.
#include <CLI/CLI.hpp>

#include <string>

#include "core/experiments/experiment.h"
#include "native/cli/app_tree.h"
#include "native/cli/command_line.h"
#include "native/cli/output.h"

namespace gil::native {

namespace {

/// Text that roff prints as it is.
std::string roff(std::string_view text) {
    std::string safe;
    for (const char c : to_ascii(text)) {
        if ((c == '.' || c == '\'') && (safe.empty() || safe.back() == '\n')) safe += "\\&";
        if (c == '\\') {
            safe += "\\e";
        } else if (c == '-') {
            safe += "\\-";
        } else {
            safe += c;
        }
    }
    return safe;
}

std::string in_bold(std::string_view text) {
    return "\\fB" + roff(text) + "\\fR";
}

/// The name of a section is one argument of the macro.
std::string section(std::string_view title) {
    return ".SH \"" + roff(title) + "\"\n";
}

std::string paragraph(std::string_view tag, std::string_view text) {
    return ".TP\n" + std::string(tag) + "\n" + roff(text) + "\n";
}

/// Lines that are kept as they are.
std::string verbatim(std::string_view text) {
    return ".nf\n" + roff(text) + "\n.fi\n";
}

std::string option_tag(const OptionInfo& option) {
    std::string tag;
    for (const std::string& name : option.names) tag += (tag.empty() ? "" : ", ") + in_bold(name);
    return option.positional || option.value.empty() ? tag : tag + " \\fI" + roff(option.value) + "\\fR";
}

std::string synopsis(const ProgramInfo& program) {
    std::string text = section("SYNOPSIS");
    for (const CommandInfo& command : program.commands) {
        text += ".HP\n" + in_bold(program.self.name);
        for (const std::string& word : usage_words(command)) text += " " + roff(word);
        text += "\n";
    }
    return text;
}

std::string commands(const ProgramInfo& program) {
    std::string text = section("COMMANDS");
    for (const CommandInfo& command : program.commands) {
        text += ".SS \"" + roff(command.name) + "\"\n" + roff(command.help) + ".\n";
        for (const OptionInfo& option : command.options) {
            if (option.names.back() != "--help") text += paragraph(option_tag(option), option.help + ".");
        }
    }
    text += section("OPTIONS");
    for (const OptionInfo& option : program.self.options) text += paragraph(option_tag(option), option.help + ".");
    return text;
}

std::string experiment_list() {
    std::string text = section("EXPERIMENTS");
    for (const Experiment& experiment : experiments()) {
        std::string knobs;
        for (const Knob& knob : experiment.knobs) knobs += (knobs.empty() ? "" : ", ") + std::string(knob.name);
        text += paragraph(in_bold(experiment.id), std::string(experiment.title) + ". Knobs: " + knobs + ".");
    }
    return text;
}

/// The help's last words: "Examples:" and lines, then a paragraph "Exit status: ...".
std::string footer(const std::string& text) {
    std::string page;
    const std::size_t gap = std::min(text.find("\n\n"), text.size());
    const std::size_t first = text.find('\n');
    if (first < gap) page += section("EXAMPLES") + verbatim(std::string_view(text).substr(first + 1, gap - first - 1));
    const std::size_t colon = text.find(": ", gap);
    if (colon != std::string::npos) page += section("EXIT STATUS") + roff(text.substr(colon + 2)) + "\n";
    return page;
}

std::string man_page(const ProgramInfo& program) {
    std::string text = ".TH GILPLAY 1 \"\" \"" + roff(program.version) + "\" \"User Commands\"\n.ad l\n.nh\n";
    text += section("NAME") + roff(program.self.name) +
            " \\- threads, processes and asyncio in Python, simulated and " + "measured\n";
    text += synopsis(program);
    text += section("DESCRIPTION") +
            roff("Every claim about Python's threads, processes and the GIL is an experiment: gilplay measures it with "
                 "real threads and processes, simulates the same scenario, and says whether the claim holds on this "
                 "machine.") +
            "\n";
    text += commands(program) + experiment_list();
    text += section("ENVIRONMENT") +
            paragraph(in_bold("NO_COLOR"), "When it is set and not empty, no colours are used, on a terminal either.");
    return text + footer(program.footer);
}

} // namespace

void add_manual(CLI::App& app, Action& action) {
    CLI::App* command = app.add_subcommand("manual", "Print the man page: gilplay manual > gilplay.1");
    command->callback([&app, &action] { action = [&app] { return print_out(man_page(describe_app(app))); }; });
}

} // namespace gil::native
