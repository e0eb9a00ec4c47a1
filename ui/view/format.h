// Numbers as the screen shows them, and typed numbers read back. Pure; no ImGui.
#pragma once

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/text.h"
#include "core/base/units.h"

namespace gil::ui {

/// `value` with at most `decimals` digits after the point and no trailing zeros: "300", "0.5".
[[nodiscard]] inline std::string number_text(double value, int decimals = 3) {
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, "%.*f", decimals, value);
    std::string text = buffer;
    if (text.find('.') != std::string::npos) {
        while (text.back() == '0') text.pop_back();
        if (text.back() == '.') text.pop_back();
    }
    return text == "-0" ? "0" : text;
}

/// Rounds to `digits` significant digits, so that a logarithmic slider stops at 320 and not at 318.7.
[[nodiscard]] inline double round_to_digits(double value, int digits) {
    if (value == 0 || !std::isfinite(value)) return value;
    const double unit = std::pow(10.0, std::floor(std::log10(std::fabs(value))) - (digits - 1));
    const double rounded = std::round(value / unit) * unit;
    return unit < 1 ? std::round(rounded * 1e9) / 1e9 : rounded;
}

/// A number as text with its thousands set apart: "1000000" becomes "1,000,000", "2.5" stays.
[[nodiscard]] inline std::string grouped_number(std::string text) {
    const std::size_t first = text.find_first_of("0123456789");
    const std::size_t end = text.find_first_not_of("0123456789", first);
    if (first == std::string::npos || end != std::string::npos) return text;
    for (std::size_t at = text.size(); at > first + 3;) {
        at -= 3;
        text.insert(at, 1, ',');
    }
    return text;
}

/// A moment or a length inside a timeline, exact to the microsecond: "45.123 ms", small ones "12.3 µs".
[[nodiscard]] inline std::string exact_time_text(Nanoseconds time) {
    char buffer[64];
    const Nanoseconds size = time < 0 ? -time : time;
    if (size >= millisecond) {
        std::snprintf(buffer, sizeof buffer, "%.3f ms", to_ms(time));
    } else {
        std::snprintf(buffer, sizeof buffer, "%.1f µs", static_cast<double>(time) / 1e3);
    }
    return buffer;
}

/// "1.90×"; empty when there is nothing to compare with.
[[nodiscard]] inline std::string speedup_text(double speedup) {
    return speedup > 0 ? factor_text(speedup) : std::string();
}

/// True for a comma that sets thousands apart, as in "1,000", and not for the one in "1,5" or "0,125".
[[nodiscard]] inline bool is_group_comma(std::string_view text, std::size_t at) {
    const auto digit = [&](std::size_t i) { return i < text.size() && text[i] >= '0' && text[i] <= '9'; };
    if (at == 0 || !digit(at - 1) || (at == 1 && text[0] == '0')) return false;
    return digit(at + 1) && digit(at + 2) && digit(at + 3) && !digit(at + 4);
}

/// A number somebody typed, with or without a unit behind it: "300", " 0.5 ms", "1_000", "1,000", "1,5". Nothing when
/// it is none.
[[nodiscard]] inline std::optional<double> parse_number(std::string_view typed) {
    std::string digits;
    std::size_t at = 0;
    for (; at < typed.size(); ++at) {
        const char c = typed[at];
        if (c == '_' || c == ' ' || (c == ',' && is_group_comma(typed, at))) continue;
        const bool exponent = (c == 'e' || c == 'E') && at + 1 < typed.size() &&
                              (typed[at + 1] == '-' || (typed[at + 1] >= '0' && typed[at + 1] <= '9'));
        if ((c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || exponent)
            digits += c;
        else if (c == ',')
            digits += '.';
        else
            break;
    }
    for (const char c : typed.substr(at)) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (static_cast<unsigned char>(c) & 0x80);
        if (!letter && c != ' ' && c != '%') return std::nullopt;
    }
    if (digits.empty()) return std::nullopt;
    char* end = nullptr;
    const double value = std::strtod(digits.c_str(), &end);
    if (end != digits.c_str() + digits.size() || !std::isfinite(value)) return std::nullopt;
    return value;
}

/// A variant's or a state's name as words: "free_threaded" becomes "free-threaded", "process_pool:fork" becomes
/// "process-pool, fork".
[[nodiscard]] inline std::string words(std::string_view name) {
    std::string text;
    for (const char c : name) {
        if (c == '_')
            text += '-';
        else if (c == ':')
            text += ", ";
        else
            text += c;
    }
    return text;
}

} // namespace gil::ui
