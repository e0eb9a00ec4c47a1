#include "native/cli/app_tree.h"

#include <CLI/CLI.hpp>

namespace gil::native {

namespace {

OptionInfo option_info(const CLI::Option& option) {
    OptionInfo info;
    info.positional = option.get_positional();
    if (info.positional) {
        info.names.push_back(option.get_name(true));
        info.value = info.names.front();
    } else {
        for (const std::string& name : option.get_snames()) info.names.push_back("-" + name);
        for (const std::string& name : option.get_lnames()) info.names.push_back("--" + name);
        if (option.get_items_expected_max() > 0) info.value = option.get_type_name();
    }
    info.help = option.get_description();
    if (!option.get_default_str().empty()) info.help += " (default: " + option.get_default_str() + ")";
    info.required = option.get_required();
    info.repeats =
        option.get_items_expected_max() > 1 || option.get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll;
    return info;
}

CommandInfo command_info(const CLI::App& app) {
    CommandInfo info{app.get_name(), app.get_description(), {}};
    for (const CLI::Option* option : app.get_options()) {
        if (!option->get_group().empty()) info.options.push_back(option_info(*option));
    }
    return info;
}

} // namespace

ProgramInfo describe_app(const CLI::App& app) {
    ProgramInfo program{command_info(app), {}, app.get_footer(), app.version()};
    for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
        if (!command->get_group().empty()) program.commands.push_back(command_info(*command));
    }
    return program;
}

std::vector<std::string> usage_words(const CommandInfo& command) {
    std::vector<std::string> words;
    if (!command.name.empty()) words.push_back(command.name);
    for (const bool positional : {true, false}) {
        for (const OptionInfo& option : command.options) {
            if (option.positional != positional || option.names.back() == "--help") continue;
            std::string word = option.names.back();
            if (!positional && !option.value.empty()) word += " " + option.value;
            if (!option.required) word.insert(0, "[").append("]");
            if (option.repeats) word += "...";
            words.push_back(std::move(word));
        }
    }
    return words;
}

} // namespace gil::native
