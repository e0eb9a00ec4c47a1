#include "native/site/site_headers.h"

#include <algorithm>

namespace gil::native {

namespace {

/// site/_headers as it was when this was built.
constexpr std::string_view headers_file =
#include "site_headers.inc"
    ;

std::string_view next_line(std::string_view& text) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

bool isolates(const HeaderField& field) {
    return field.name.starts_with("Cross-Origin-") || field.name == "Document-Isolation-Policy";
}

} // namespace

std::vector<HeaderField> parse_headers_file(std::string_view text) {
    std::vector<HeaderField> fields;
    bool for_all_paths = false;
    while (!text.empty()) {
        const std::string_view line = next_line(text);
        if (line.empty() || line.front() == '#') continue;
        if (line.front() != ' ') {
            for_all_paths = line == "/*";
            continue;
        }
        const std::size_t begin = line.find_first_not_of(' ');
        const std::size_t colon = line.find(": ");
        if (!for_all_paths || begin == std::string_view::npos || colon == std::string_view::npos) continue;
        fields.push_back({std::string(line.substr(begin, colon - begin)), std::string(line.substr(colon + 2))});
    }
    return fields;
}

std::vector<HeaderField> site_headers(bool isolation) {
    std::vector<HeaderField> fields = parse_headers_file(headers_file);
    if (!isolation) std::erase_if(fields, isolates);
    return fields;
}

} // namespace gil::native
