#include "ui/view/code_view.h"

#include <algorithm>
#include <utility>

namespace gil::ui {

namespace {

constexpr std::size_t hanging = 4;
constexpr std::string_view quotes = "\"\"\"";

/// Columns of leading spaces.
std::size_t code_indent(std::string_view line) {
    const std::size_t text = line.find_first_not_of(' ');
    return text == std::string_view::npos ? 0 : text;
}

/// Where to break what is longer than `columns`: after the last space, comma or parenthesis that fits, else hard.
std::size_t code_break(std::string_view text, std::size_t columns, std::size_t indent) {
    for (std::size_t at = columns; at > indent + 8; --at) {
        if (text[at - 1] == ' ' || text[at - 1] == ',' || text[at - 1] == '(') return at;
    }
    return columns;
}

class CodeLayout {
  public:
    explicit CodeLayout(std::size_t columns) : columns_(columns) {}

    void add_line(std::string_view line) {
        const std::size_t indent = code_indent(line);
        const bool blank = indent == line.size() || line.empty();
        if (blank && blank_before_) return;
        blank_before_ = blank;
        const std::string_view words = line.substr(indent);
        const bool starts_docstring = !in_docstring_ && words.starts_with(quotes);
        const bool quiet = in_docstring_ || starts_docstring || words.starts_with('#');
        if (in_docstring_ || starts_docstring) {
            const std::size_t closing = words.find(quotes, starts_docstring ? quotes.size() : 0);
            in_docstring_ = closing == std::string_view::npos;
        }
        const std::size_t comment = quiet ? std::string_view::npos : line.find("  # ");
        if (comment == std::string_view::npos) {
            add_wrapped(line, 0, indent, quiet);
        } else if (line.size() <= columns_) {
            view_.pieces.push_back({view_.rows, 0, line.substr(0, comment), false});
            view_.pieces.push_back({view_.rows++, comment + 2, line.substr(comment + 2), true});
        } else {
            add_wrapped(line.substr(0, comment), 0, indent, false);
            add_wrapped(line.substr(comment + 2), shift_of(indent), 0, true);
        }
    }

    [[nodiscard]] CodeView take() { return std::move(view_); }

  private:
    [[nodiscard]] std::size_t shift_of(std::size_t indent) const { return std::min(indent + hanging, columns_ / 2); }

    /// `indent` is that of `text`, which begins at `column`.
    void add_wrapped(std::string_view text, std::size_t column, std::size_t indent, bool quiet) {
        const std::size_t below = column > 0 ? column : shift_of(indent);
        do {
            const std::size_t room = columns_ - column;
            const std::size_t length = text.size() <= room ? text.size() : code_break(text, room, indent);
            view_.pieces.push_back({view_.rows++, column, text.substr(0, length), quiet});
            text.remove_prefix(length);
            text.remove_prefix(std::min(code_indent(text), text.size()));
            column = below;
            indent = 0;
        } while (!text.empty());
    }

    std::size_t columns_;
    bool blank_before_ = false;
    bool in_docstring_ = false;
    CodeView view_;
};

} // namespace

CodeView code_view(std::string_view text, std::size_t columns) {
    CodeLayout layout(std::max<std::size_t>(columns, 24));
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        layout.add_line(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return layout.take();
}

} // namespace gil::ui
