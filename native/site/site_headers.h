// The header fields of every answer: those that site/_headers has for all paths, which static hosts read, too.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gil::native {

struct HeaderField {
    std::string name;
    std::string value;
};

/// The fields of the section "/*" of a file in the form of site/_headers.
[[nodiscard]] std::vector<HeaderField> parse_headers_file(std::string_view text);

/// Those of this build's site/_headers; without `isolation` those are left out that isolate a page.
[[nodiscard]] std::vector<HeaderField> site_headers(bool isolation);

} // namespace gil::native
