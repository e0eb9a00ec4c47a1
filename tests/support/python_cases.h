// Every experiment that there is a script for, with its knobs and the names of its variants (of its lines, in a sweep).
// Described once more, so that a script is tested before and apart from its experiment.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "core/experiments/experiment.h"

namespace gil::test {

struct ScriptCase {
    Experiment experiment; ///< only id and knobs
    std::vector<std::string_view> variants;
    bool sweep = false;
};

[[nodiscard]] std::span<const ScriptCase> script_cases();
/// Asserts that there is one.
[[nodiscard]] const ScriptCase& script_case(std::string_view id);

} // namespace gil::test
