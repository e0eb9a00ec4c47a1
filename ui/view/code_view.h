// Where the words of a Python file stand in a panel that is narrower than the file.
#pragma once

#include <algorithm>
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

inline constexpr std::string_view python_quotes = "\"\"\"";

/// Columns of leading spaces.
[[nodiscard]] inline std::size_t code_indent(std::string_view line) {
    return std::min(line.find_first_not_of(' '), line.size());
}

/// Where to break what is longer than `columns`: after the last space, comma or parenthesis that fits, else hard.
[[nodiscard]] inline std::size_t code_break(std::string_view text, std::size_t columns, std::size_t indent) {
    for (std::size_t at = columns; at > indent + 8; --at) {
        if (text[at - 1] == ' ' || text[at - 1] == ',' || text[at - 1] == '(') return at;
    }
    return columns;
}

/// Adds `text` from `column` on, in as many rows as it takes; all but the first begin at `below`.
inline void add_code(CodeView& view, std::string_view text, std::size_t column, std::size_t below, std::size_t columns,
                     bool quiet) {
    std::size_t indent = code_indent(text);
    do {
        const std::size_t room = columns - column;
        const std::size_t length = text.size() <= room ? text.size() : code_break(text, room, indent);
        view.pieces.push_back({view.rows++, column, text.substr(0, length), quiet});
        text.remove_prefix(length);
        text.remove_prefix(code_indent(text));
        column = below;
        indent = 0;
    } while (!text.empty());
}

/// Lays `text` out in rows of at most `columns` (at least 24). What does not fit goes on below, four columns further in
/// than its line; a comment at the end of such a line has a row of its own. Of several blank lines one is left. Pure.
[[nodiscard]] inline CodeView code_view(std::string_view text, std::size_t columns) {
    CodeView view;
    columns = std::max<std::size_t>(columns, 24);
    bool in_docstring = false;
    bool after_blank = false;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        if (line.empty() && after_blank) continue;
        after_blank = line.empty();
        const std::size_t indent = code_indent(line);
        const std::string_view words = line.substr(indent);
        const bool quotes = words.starts_with(python_quotes);
        const bool quiet = in_docstring || quotes || words.starts_with('#');
        if (in_docstring || quotes) {
            in_docstring = words.find(python_quotes, in_docstring ? 0 : python_quotes.size()) == words.npos;
        }
        const std::size_t below = std::min(indent + 4, columns / 2);
        const std::size_t comment = quiet ? line.npos : line.find("  # ");
        add_code(view, line.substr(0, comment), 0, below, columns, quiet);
        if (comment == line.npos) continue;
        const bool fits = line.size() <= columns;
        if (fits) --view.rows; // beside the code
        add_code(view, line.substr(comment + 2), fits ? comment + 2 : below, below, columns, true);
    }
    return view;
}

} // namespace gil::ui
