#include "core/names.h"

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace gil {

std::string one_of(std::span<const std::string_view> names) {
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i > 0) text += i + 1 == names.size() ? " or " : ", ";
        text += names[i];
    }
    return text;
}

std::string plain_number(double value) {
    char buffer[40];
    const bool whole = std::abs(value) < 1e9 && value == std::floor(value);
    std::snprintf(buffer, sizeof buffer, whole ? "%.0f" : "%.6g", value);
    return buffer;
}

std::string fixed_number(double value, int digits) {
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, "%.*f", digits, value);
    return buffer;
}

std::string grouped(std::int64_t number) {
    std::string text = std::to_string(number);
    const std::size_t first_digit = number < 0 ? 1 : 0;
    for (std::size_t at = text.size(); at > first_digit + 3;) text.insert(at -= 3, 1, ',');
    return text;
}

std::string bytes_text(double bytes) {
    constexpr double kib = 1'024;
    const auto to_one_decimal = [](double value) { return plain_number(std::round(10 * value) / 10); };
    if (bytes >= kib * kib) return to_one_decimal(bytes / (kib * kib)) + " MiB";
    return bytes >= kib ? to_one_decimal(bytes / kib) + " KiB" : plain_number(bytes) + " B";
}

std::string counted(std::int64_t number, std::string_view what) {
    return grouped(number) + ' ' + std::string(what) + (number == 1 ? "" : "s");
}

double number_of(std::string_view text) {
    // strtod would also take blanks and hexadecimal digits.
    if (text.empty() || text.find_first_of(" \t\n\v\f\rxX") != std::string_view::npos) return std::nan("");
    const std::string copy(text);
    char* end = nullptr;
    const double value = std::strtod(copy.c_str(), &end);
    return end == copy.c_str() + copy.size() ? value : std::nan("");
}

namespace {

/// Length of the well-formed UTF-8 sequence at the start of `text`, 0 when there is none.
std::size_t utf8_length(std::string_view text) {
    const auto lead = static_cast<unsigned char>(text[0]);
    const std::size_t length = lead < 0x80         ? 1
                               : lead >> 5 == 0x6  ? 2
                               : lead >> 4 == 0xe  ? 3
                               : lead >> 3 == 0x1e ? 4
                                                   : 0;
    if (length == 0 || length > text.size() || lead == 0xc0 || lead == 0xc1 || lead > 0xf4) return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) return 0;
    }
    return length;
}

} // namespace

std::string printable(std::string_view text, std::size_t max) {
    std::string safe;
    while (!text.empty()) {
        if (safe.size() >= max) return safe + "...";
        const std::size_t length = utf8_length(text);
        const bool control = static_cast<unsigned char>(text[0]) < 0x20 || text[0] == 0x7f;
        const std::size_t step = length == 0 ? 1 : length;
        if (length == 0 || control) {
            safe += '?';
        } else {
            safe += text.substr(0, step);
        }
        text.remove_prefix(step);
    }
    return safe;
}

std::string option_place(std::string_view option, std::string_view value) {
    return std::string(option) + " " + (value.empty() ? "\"\"" : printable(value, 200));
}

} // namespace gil
