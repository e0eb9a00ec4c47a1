// A Python file taken apart as far as putting several into one needs it.
#pragma once

#include <string_view>
#include <vector>

#include "core/base/embedded.h"

namespace gil::python {

/// One import at the top of a file.
struct Import {
    std::string_view text;              ///< several lines where parentheses hold them; without the last line end
    const EmbeddedFile* file = nullptr; ///< the one of experiment_scripts() that it is from; nullptr: a library
};

/// A file as PEP 8 orders it: docstring, imports, code, and last what runs only in the main program. All are parts of
/// its text, without line ends around them.
struct Module {
    std::string_view docstring;
    std::vector<Import> imports;
    std::string_view code;
    std::string_view main; ///< from `if __name__ == "__main__"` at the left edge to the end; empty in many
};

/// Takes `text` apart. What it does not know as an import is code. Never fails.
[[nodiscard]] Module parse_module(std::string_view text);

} // namespace gil::python
