// The files of cpython/scripts, as they were when the program was built.
#pragma once

#include <span>
#include <string_view>

#include "core/base/embedded.h"

namespace gil {

/// The experiments and what they import: "cpu_bound.py", "kernels/parsing.py". Static.
[[nodiscard]] std::span<const EmbeddedFile> experiment_scripts();

/// costs.py alone, which the page has no use for. Static.
[[nodiscard]] std::span<const EmbeddedFile> cost_scripts();

/// The one of the experiment_scripts() of that name; nullptr when there is none.
[[nodiscard]] const EmbeddedFile* script_file(std::string_view name);

} // namespace gil
