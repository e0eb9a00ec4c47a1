// Completion scripts for shells. Pure: text out. They carry all names with them and start no program.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "native/cli/app_tree.h"

namespace gil::native {

/// What stands at a place of the command line, told from the name that the help gives it.
enum class ValueKind : std::uint8_t { other, experiment, answer, file, folder, knob, variants, shell };
[[nodiscard]] ValueKind kind_of(std::string_view value_name);

/// Functions in the language that bash and zsh share: each prints the words that are possible somewhere.
[[nodiscard]] std::string shell_tables(const ProgramInfo& program);

[[nodiscard]] std::string bash_completion(const ProgramInfo& program);
[[nodiscard]] std::string zsh_completion(const ProgramInfo& program);
[[nodiscard]] std::string fish_completion(const ProgramInfo& program);

/// `text` in single quotes for bash and zsh.
[[nodiscard]] std::string shell_quoted(std::string_view text);

/// The names of an experiment's variants at its defaults, and its knobs, for all three.
struct ExperimentWords {
    std::string id;
    std::string title;
    std::string knobs;    ///< "tasks= workers= start_method="
    std::string settings; ///< the same with every choice spelled out: "tasks= workers= start_method=fork ..."
    std::string variants; ///< "threads processes"
};
[[nodiscard]] std::vector<ExperimentWords> experiment_words();

/// Names of the shells there are scripts for.
inline constexpr std::string_view shells = "bash zsh fish";

} // namespace gil::native
