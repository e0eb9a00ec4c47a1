#include "core/cpython/python_module.h"

#include <algorithm>

#include "core/cpython/scripts.h"

namespace gil::python {

namespace {

constexpr std::string_view quotes = "\"\"\"";
constexpr std::string_view main_guard = "\nif __name__ == \"__main__\"";

/// Takes `length` characters off the front, and the line ends after them.
std::string_view take(std::string_view& text, std::size_t length) {
    const std::string_view taken = text.substr(0, length);
    text.remove_prefix(std::min(text.find_first_not_of('\n', taken.size()), text.size()));
    return taken;
}

std::string_view without_last_line_ends(std::string_view text) {
    return text.substr(0, text.find_last_not_of('\n') + 1);
}

/// How long the import at the front of `text` is; 0 when there is none.
std::size_t import_length(std::string_view text) {
    if (!text.starts_with("import ") && !text.starts_with("from ")) return 0;
    const std::size_t line = std::min(text.find('\n'), text.size());
    if (text.substr(0, line).find('(') == std::string_view::npos) return line;
    return std::min(text.find(')'), text.size() - 1) + 1;
}

/// "kernels/parsing.py" for "from kernels.parsing import work".
const EmbeddedFile* imported_file(std::string_view text) {
    if (!text.starts_with("from ")) return nullptr;
    text.remove_prefix(5);
    const std::string_view module = text.substr(0, text.find(' '));
    const auto same = [](char in_module, char in_file) { return in_module == (in_file == '/' ? '.' : in_file); };
    for (const EmbeddedFile& file : experiment_scripts()) {
        const std::string_view name = file.name.substr(0, file.name.size() - 3);
        if (std::equal(module.begin(), module.end(), name.begin(), name.end(), same)) return &file;
    }
    return nullptr;
}

} // namespace

Module parse_module(std::string_view text) {
    Module module;
    if (text.starts_with(quotes)) {
        const std::size_t end = text.find(quotes, quotes.size());
        module.docstring = take(text, end == std::string_view::npos ? end : end + quotes.size());
    }
    take(text, 0);
    while (const std::size_t length = import_length(text)) {
        const std::string_view import = take(text, length);
        module.imports.push_back({import, imported_file(import)});
    }
    const std::size_t guard = text.find(main_guard);
    if (guard != std::string_view::npos) module.main = without_last_line_ends(text.substr(guard + 1));
    module.code = without_last_line_ends(text.substr(0, guard));
    return module;
}

} // namespace gil::python
