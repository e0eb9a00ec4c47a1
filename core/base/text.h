// Enumerators and their names: one array per enum, in enum order, serves output, input and error lines.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace gil {

/// The enumerator called `name`, if there is one.
template<class Enum>
[[nodiscard]] std::optional<Enum> enum_from(std::string_view name, std::span<const std::string_view> names) {
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i] == name) return static_cast<Enum>(i);
    }
    return std::nullopt;
}

/// "a, b or c", for error lines.
[[nodiscard]] std::string one_of(std::span<const std::string_view> names);

/// "; did you mean cpu-bound?" where `given` is nearly one of `names`: some letters are wrong, swapped, missing or too
/// many, or it is the beginning of only one of them. Empty otherwise. For error lines that say what there is no such
/// thing of.
[[nodiscard]] std::string did_you_mean(std::string_view given, std::span<const std::string_view> names);

/// A number as a person writes it: no trailing zeros, no exponent where it can be avoided ("300", "0.5", "1e+09").
[[nodiscard]] std::string plain_number(double value);

/// `value` with exactly `digits` digits after the point ("1.90").
[[nodiscard]] std::string fixed_number(double value, int digits);

/// A time to about three digits, wherever one is told: "12.4 s", "1231 ms", "63.3 ms", "1.25 ms", "850 µs", "30 ns", "0
/// ms".
[[nodiscard]] std::string time_text(double ms);

/// The digits of a time in a column whose unit is the millisecond: "1231", "63.3", "0.85".
[[nodiscard]] std::string ms_number(double ms);

/// How many times as much: "1.90×", "12.3×", "150×".
[[nodiscard]] std::string factor_text(double factor);

/// A share between 0 and 1: "37 %". What is below or above counts as the bound.
[[nodiscard]] std::string percent_text(double share);

/// "1,000,000"
[[nodiscard]] std::string grouped(std::int64_t number);

/// Bytes in their largest unit, to one decimal: "17 B", "256 KiB", "1.5 MiB".
[[nodiscard]] std::string bytes_text(double bytes);

/// "1 worker", "4 workers"
[[nodiscard]] std::string counted(std::int64_t number, std::string_view what);

/// The decimal number that `text` spells from its first to its last character ("0.5", "1e9", "inf"); NaN when it spells
/// none.
[[nodiscard]] double number_of(std::string_view text);

/// Text from outside made safe for one line of output: control characters and bytes that are not UTF-8 become '?',
/// more than `max` bytes are cut with "...".
[[nodiscard]] std::string printable(std::string_view text, std::size_t max = 80);

/// Where an error is: "--set tasks=0"; an empty value shows as "".
[[nodiscard]] std::string option_place(std::string_view option, std::string_view value);

} // namespace gil
