#include "native/cli/table_text.h"

#include <algorithm>

#include "core/base/text.h"

namespace gil::native {

namespace {

std::string padding(std::string_view text, std::size_t width) {
    const std::size_t used = columns(text);
    return std::string(used < width ? width - used : 0, ' ');
}

} // namespace

std::size_t columns(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string left(std::string_view text, std::size_t width) {
    return std::string(text) + padding(text, width);
}

std::string right(std::string_view text, std::size_t width) {
    return padding(text, width) + std::string(text);
}

} // namespace gil::native
