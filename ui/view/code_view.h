// Where the words of a Python file stand in a panel that is narrower than the file.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace gil::ui {

/// A part of one row in one colour.
struct CodePiece {
    int row = 0;
    std::size_t column = 0;
    std::string_view text; ///< of the file
    bool quiet = false;    ///< comments and docstrings
};

struct CodeView {
    std::vector<CodePiece> pieces;
    int rows = 0;
};

/// Lays `text` out in rows of at most `columns` (at least 24). What does not fit goes on below, four columns further in
/// than its line; a comment at the end of such a line has a row of its own. Of several blank lines one is left. Pure.
[[nodiscard]] CodeView code_view(std::string_view text, std::size_t columns);

} // namespace gil::ui
