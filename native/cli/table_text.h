// Cells of the tables that the command line prints. Pure functions; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gil::native {

/// Width in columns: continuation bytes of UTF-8 take no room.
[[nodiscard]] std::size_t columns(std::string_view text);

/// `text` at the left or right of a cell of `width` columns; a longer text is not cut.
[[nodiscard]] std::string left(std::string_view text, std::size_t width);
[[nodiscard]] std::string right(std::string_view text, std::size_t width);

} // namespace gil::native
