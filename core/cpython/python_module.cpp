#include "core/cpython/python_module.h"

#include <algorithm>

#include "core/cpython/scripts.h"

namespace gil::python {

namespace {

constexpr std::string_view quotes = "\"\"\"";
constexpr std::string_view main_guard = "\nif __name__ == \"__main__\"";

void skip_line_ends(std::string_view& text) {
    text.remove_prefix(std::min(text.find_first_not_of('\n'), text.size()));
}

/// Takes `length` characters off the front, and the line ends after them.
std::string take(std::string_view& text, std::size_t length) {
    std::string taken(text.substr(0, length));
    text.remove_prefix(std::min(length, text.size()));
    skip_line_ends(text);
    return taken;
}

/// How long the import at the front of `text` is; 0 when there is none.
std::size_t import_length(std::string_view text) {
    if (!text.starts_with("import ") && !text.starts_with("from ")) return 0;
    const std::size_t line = std::min(text.find('\n'), text.size());
    if (text.substr(0, line).find('(') == std::string_view::npos) return line;
    return std::min(text.find(')'), text.size() - 1) + 1;
}

/// "kernels/parsing.py" of "from kernels.parsing import work".
std::string imported_file(std::string_view text) {
    if (!text.starts_with("from ")) return {};
    text.remove_prefix(5);
    std::string file(text.substr(0, text.find(' ')));
    std::replace(file.begin(), file.end(), '.', '/');
    file += ".py";
    return script_file(file).empty() ? std::string() : file;
}

} // namespace

Module parse_module(std::string_view text) {
    Module module;
    if (text.starts_with(quotes)) {
        const std::size_t end = text.find(quotes, quotes.size());
        module.docstring = take(text, end == std::string_view::npos ? end : end + quotes.size());
    }
    skip_line_ends(text);
    while (const std::size_t length = import_length(text)) {
        std::string import = take(text, length);
        std::string file = imported_file(import);
        module.imports.push_back({std::move(import), std::move(file)});
    }
    const std::size_t guard = text.find(main_guard);
    if (guard != std::string_view::npos) module.main = text.substr(guard + 1);
    module.code = text.substr(0, guard);
    module.code.erase(module.code.find_last_not_of('\n') + 1);
    return module;
}

} // namespace gil::python
