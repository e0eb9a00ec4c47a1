#include "core/base/text.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

namespace gil {

std::string one_of(std::span<const std::string_view> names) {
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i > 0) text += i + 1 == names.size() ? " or " : ", ";
        text += names[i];
    }
    return text;
}

namespace {

/// As names are compared: "IO_bound" is meant as "io-bound".
std::string folded(std::string_view name) {
    std::string text(name);
    for (char& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        if (c == '_') c = '-';
    }
    return text;
}

/// How many letters have to be changed, put in, left out or swapped with their neighbour.
std::size_t edits_between(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before_last(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        before_last.swap(last);
        last.swap(row);
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + change});
            const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
        }
    }
    return row[b.size()];
}

/// The one of `names` that begins with `given`; empty when there is none or more than one.
std::string_view only_one_beginning(std::string_view given, std::span<const std::string_view> names) {
    std::string_view found;
    for (const std::string_view name : names) {
        if (!folded(name).starts_with(given)) continue;
        if (!found.empty()) return {};
        found = name;
    }
    return found;
}

} // namespace

std::string did_you_mean(std::string_view given, std::span<const std::string_view> names) {
    constexpr std::size_t longest = 60;
    if (given.size() < 2 || given.size() > longest) return {};
    const std::string meant = folded(given);
    std::size_t fewest = given.size() <= 4 ? 2 : given.size() <= 8 ? 3 : 4; // fewer than that are a near miss
    std::string_view nearest;
    for (const std::string_view name : names) {
        const std::size_t edits = edits_between(meant, folded(name));
        if (edits >= fewest) continue;
        fewest = edits;
        nearest = name;
    }
    if (nearest.empty() && given.size() >= 3) nearest = only_one_beginning(meant, names);
    return nearest.empty() ? std::string() : "; did you mean " + std::string(nearest) + "?";
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

namespace {

/// Three digits as far as two decimals give them.
std::string three_digits(double value) {
    const double size = std::fabs(value);
    return fixed_number(value, size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2);
}

} // namespace

std::string time_text(double ms) {
    const double size = std::fabs(ms);
    if (size >= 9'999.5) return fixed_number(ms / 1'000, 1) + " s";
    if (size >= 0.9995) return three_digits(ms) + " ms";
    if (size >= 0.001) return fixed_number(ms * 1'000, 0) + " µs";
    return size > 0 ? fixed_number(ms * 1e6, 0) + " ns" : "0 ms";
}

std::string ms_number(double ms) {
    return three_digits(ms);
}

std::string factor_text(double factor) {
    return three_digits(factor) + "×";
}

std::string percent_text(double share) {
    return fixed_number(100 * std::clamp(share, 0.0, 1.0), 0) + " %";
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
