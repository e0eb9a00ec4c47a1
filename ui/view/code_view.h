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
    std::string_view text; ///< of the file, or the "#" that a row of a filled comment begins with
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

/// How good a place before `rest` is to go on in another row, of code whose last character so far is `last`: worst
/// inside quotes and before "in", best after a comma.
[[nodiscard]] inline int code_break_rank(char before_last, char last, std::string_view rest, bool in_quotes) {
    if (in_quotes || rest.starts_with("in ")) return 0;
    if (last == '(') return 1;
    if (before_last == ',') return 3;
    for (const std::string_view word : {"for ", "if ", "else ", "and ", "or ", "as "}) {
        if (rest.starts_with(word)) return 2;
    }
    return 1;
}

/// Where to break what is longer than `columns`: after a space or an opening parenthesis that fits, at the best place
/// that does not leave most of the row empty, else hard.
[[nodiscard]] inline std::size_t code_break(std::string_view text, std::size_t columns, std::size_t indent) {
    std::size_t best = 0;
    int best_rank = -1;
    char quote = 0;
    for (std::size_t at = 1; at <= columns; ++at) {
        const char last = text[at - 1];
        if (last == '"' || last == '\'') quote = quote == 0 ? last : quote == last ? '\0' : quote;
        if ((last != ' ' && last != '(') || at <= indent + 8) continue;
        const int rank = code_break_rank(at > 1 ? text[at - 2] : ' ', last, text.substr(at), quote != 0);
        const bool early = best < indent + (columns - indent) / 3; // what was found leaves much of the row empty
        if (rank >= best_rank || (early && rank > 0)) {
            best = at;
            best_rank = rank;
        }
    }
    return best > 0 ? best : columns;
}

/// Adds `text` from `column` on, in as many rows as it takes; all but the first begin at `below`.
inline void add_code(CodeView& view, std::string_view text, std::size_t column, std::size_t below,
                     std::size_t columns) {
    std::size_t indent = code_indent(text);
    do {
        const std::size_t room = columns - column;
        const std::size_t length = text.size() <= room ? text.size() : code_break(text, room, indent);
        view.pieces.push_back({view.rows++, column, text.substr(0, length), false});
        text.remove_prefix(length);
        text.remove_prefix(code_indent(text));
        column = below;
        indent = 0;
    } while (!text.empty());
}

/// A comment or a docstring under way: its words flow from row to row, wherever the file breaks its lines.
class CodeProse {
  public:
    CodeProse(CodeView& view, std::size_t columns) : view_(view), columns_(columns) {}

    /// The words of one line. `begins`: they start a row of their own, at `indent`. `mark`: what each row begins with.
    void add(std::string_view words, std::size_t indent, std::string_view mark, bool begins) {
        indent = std::min(indent, columns_ / 2);
        if (begins) start_row(indent);
        while (!words.empty()) {
            const std::string_view word = words.substr(0, words.find(' '));
            words.remove_prefix(word.size());
            words.remove_prefix(code_indent(words));
            add_word(word, indent, mark);
        }
    }

  private:
    void start_row(std::size_t indent) {
        ++view_.rows;
        column_ = indent;
        fresh_ = true;
    }

    void add_word(std::string_view word, std::size_t indent, std::string_view mark) {
        if (!fresh_ && column_ + 1 + word.size() > columns_) {
            start_row(indent);
            if (!mark.empty()) put(mark);
        }
        if (!fresh_) ++column_;
        while (column_ + word.size() > columns_) { // wider than a row
            const std::size_t room = columns_ - column_;
            put(word.substr(0, room));
            word.remove_prefix(room);
            start_row(indent);
        }
        put(word);
    }

    void put(std::string_view text) {
        view_.pieces.push_back({view_.rows - 1, column_, text, true});
        column_ += text.size();
        fresh_ = false;
    }

    CodeView& view_;
    std::size_t columns_;
    std::size_t column_ = 0;
    bool fresh_ = true;
};

/// Lays `text` out in rows of at most `columns` (at least 24). What does not fit goes on below, eight columns further
/// in than its line, where no statement of a block could stand; a comment at the end of such a line has a row of its
/// own. Comments and docstrings are filled anew. Of several blank lines one is left. Pure.
[[nodiscard]] inline CodeView code_view(std::string_view text, std::size_t columns) {
    CodeView view;
    columns = std::max<std::size_t>(columns, 24);
    CodeProse prose(view, columns);
    bool in_docstring = false;
    bool after_blank = false;
    bool flows = false; // the line before was of the same comment or docstring
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        if (line.empty() && after_blank) continue;
        after_blank = line.empty();
        const std::size_t indent = code_indent(line);
        const std::string_view words = line.substr(indent);
        const bool opens = !in_docstring && words.starts_with(python_quotes);
        const bool is_comment = !in_docstring && words.starts_with('#');
        if (in_docstring || opens || is_comment) {
            const bool begins = !flows || words.empty() || words == python_quotes;
            const std::size_t mark = is_comment && !begins ? 1 + code_indent(words.substr(1)) : 0;
            prose.add(words.substr(mark), indent, is_comment ? "#" : "", begins);
            if (is_comment) {
                flows = true;
            } else {
                in_docstring = words.find(python_quotes, opens ? python_quotes.size() : 0) == words.npos;
                flows = in_docstring && !words.empty();
            }
            continue;
        }
        flows = false;
        const std::size_t below = std::min(indent + 8, columns / 2);
        const std::size_t comment = line.find("  # ");
        add_code(view, line.substr(0, comment), 0, below, columns);
        if (comment == line.npos) continue;
        if (line.size() <= columns) { // beside the code
            view.pieces.push_back({view.rows - 1, comment + 2, line.substr(comment + 2), true});
        } else {
            prose.add(line.substr(comment + 2), below, "#", true);
        }
    }
    return view;
}

} // namespace gil::ui
