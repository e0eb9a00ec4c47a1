#include "native/cli/command_line.h"

#include <CLI/CLI.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "core/base/text.h"
#include "native/cli/output.h"

namespace gil::native {

namespace {

constexpr const char* examples = R"(Examples:
  gilplay list                                  what can be tried
  gilplay run cpu-bound                         measured here, simulated beside it
  gilplay run cpu-bound --set tasks=8 --json    the same for a program to read
  gilplay simulate io-bound --cores 16          what another machine would do
  gilplay run all --out report.html             every experiment, one page to show around
  gilplay decide                                which tool fits my program?
  gilplay run cpu-bound --trace trace.json      open trace.json at ui.perfetto.dev
  gilplay python cpu-bound                      what the Pythons of this computer say
  gilplay serve                                 the page on http://127.0.0.1:8000

Exit status: 0 ran, 1 the run failed, 2 bad usage or bad input.)";

/// The command that was given, with its own subcommand where it has one.
const CLI::App* deepest(const CLI::App& app) {
    const CLI::App* chosen = &app;
    while (!chosen->get_subcommands().empty()) chosen = chosen->get_subcommands().front();
    return chosen;
}

std::vector<std::string> option_names_of(const CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::Option* option : app.get_options()) {
        if (option->get_group().empty()) continue; // hidden
        for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
    return names;
}

std::vector<std::string_view> views_of(const std::vector<std::string>& names) {
    return {names.begin(), names.end()};
}

/// No command was given, or one that there is not.
int refuse_command(const CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::App* each : app.get_subcommands({})) names.push_back(each->get_name());
    std::string commands;
    for (const std::string& name : names) commands += (commands.empty() ? "" : ", ") + name;
    const std::vector<std::string> words = app.remaining();
    if (words.empty()) return usage_error(Error{"", "a command is required; see gilplay --help", commands});
    const std::string& first = words.front();
    const bool is_option = first.starts_with('-');
    std::string what = is_option ? "there is no option " : "there is no command ";
    what += first.empty() ? "\"\"" : printable(first, 60);
    const std::vector<std::string> known = is_option ? option_names_of(app) : names;
    return usage_error(Error{"", what + did_you_mean(first, views_of(known)), commands});
}

/// CLI11's words on one line, made safe for the terminal.
int refuse(const CLI::App& app, const CLI::ParseError& error) {
    if (app.get_subcommands().empty()) return refuse_command(app);
    std::string place = "gilplay";
    for (const CLI::App* chosen : app.get_subcommands()) place += " " + chosen->get_name();
    std::string what = error.what();
    if (const auto* chosen = dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr ? deepest(app) : nullptr) {
        what = "not expected:"; // CLI11 names them from the last to the first
        std::string meant;      // by the first that is nearly an option
        for (const std::string& each : chosen->remaining()) {
            what += " " + each;
            if (meant.empty() && each.starts_with("--"))
                meant = did_you_mean(each.substr(0, each.find('=')), views_of(option_names_of(*chosen)));
        }
        what += meant;
    }
    while (!what.empty() && what.back() == '\n') what.pop_back();
    const std::string see = what.ends_with('?') ? " See " : "; see ";
    return usage_error(Error{"", printable(what, 300) + see + place + " --help", ""});
}

} // namespace

int run_command_line(int argc, char** argv, std::span<const AddCommand> more) {
    CLI::App app("GIL Playground: threads, processes and asyncio in Python, simulated and measured.", "gilplay");
    app.set_version_flag("--version", version, "Print the version");
    app.set_help_flag("-h,--help", "Print this help");
    app.require_subcommand(1);
    // A flag is given or not: "--json=false" would else print no JSON.
    app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::Throw)->disable_flag_override();
    Action action;
    for (const AddCommand add : {add_list, add_run, add_simulate, add_scenario, add_calibrate, add_python, add_fidelity,
                                 add_decide, add_serve}) {
        add(app, action);
    }
    for (const AddCommand add : more) add(app, action);
    add_manual(app, action);
    add_completion(app, action);
    app.footer(examples); // last, or every command would inherit it
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        for (const CLI::App* chosen : app.get_subcommands()) return print_out(chosen->help("gilplay"));
        return print_out(app.help());
    } catch (const CLI::CallForVersion&) {
        return print_out(std::string(version) + "\n");
    } catch (const CLI::ParseError& error) {
        return refuse(app, error);
    }
    return action();
}

} // namespace gil::native
