// A Python file taken apart as far as putting several into one needs it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gil::python {

/// One import at the top of a file.
struct Import {
    std::string text; ///< with its line ends but the last, since parentheses may hold several lines
    std::string
        file; ///< the one of cpython/scripts that it imports names from: "kernels/parsing.py"; empty: a library's
};

/// A file as PEP 8 orders it: docstring, imports, code, and last what runs only in the main program.
struct Module {
    std::string docstring;
    std::vector<Import> imports;
    std::string code; ///< without line ends around it
    std::string main; ///< from `if __name__ == "__main__"` at the left edge to the end; empty in many
};

/// Reads `text`. What it does not know as an import is code. Never fails.
[[nodiscard]] Module parse_module(std::string_view text);

} // namespace gil::python
