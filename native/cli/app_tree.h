// The argument parser's own knowledge of commands and options as plain data: manual and completion are made from it, so
// they cannot differ from what is parsed.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace gil::native {

struct OptionInfo {
    std::vector<std::string> names; ///< "-h", "--help"; of a positional its one name, "EXPERIMENT"
    std::string value;              ///< "KNOB=VALUE"; empty: a flag. Of a positional its name
    std::string help;
    bool positional = false;
    bool required = false;
    bool repeats = false; ///< may be given several times
};

struct CommandInfo {
    std::string name;
    std::string help;
    std::vector<OptionInfo> options;
};

struct ProgramInfo {
    CommandInfo self; ///< what can be given without a command
    std::vector<CommandInfo> commands;
    std::string footer;
    std::string version;
};

/// Everything that `--help` shows; hidden options are left out.
[[nodiscard]] ProgramInfo describe_app(const CLI::App& app);

/// "gilplay run EXPERIMENT [--set KNOB=VALUE]... [--json]" without the name of the program.
[[nodiscard]] std::vector<std::string> usage_words(const CommandInfo& command);

} // namespace gil::native
