// The document that the parsing kernel reads: records of an imaginary shop, one JSON object per line. Whoever writes a
// field counts its worth, and whoever parses it has to arrive at the same sum.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace gil::json_document {

/// What a field is worth, by its value.
namespace worth {
inline constexpr std::uint64_t null = 1;
inline constexpr std::uint64_t yes = 3;
inline constexpr std::uint64_t no = 2;
[[nodiscard]] inline std::uint64_t number(std::int64_t value) {
    return static_cast<std::uint64_t>(value);
}
/// Fractions have at most three digits; whatever a parser's last bit is, the thousandths are the same.
[[nodiscard]] inline std::uint64_t fraction(std::int64_t thousandths) {
    return static_cast<std::uint64_t>(thousandths);
}
/// Bytes of UTF-8 after unescaping. Names of fields count as well.
[[nodiscard]] inline std::uint64_t text(std::string_view bytes) {
    std::uint64_t sum = 0;
    for (const char byte : bytes) sum = sum * 3 + static_cast<unsigned char>(byte);
    return sum;
}
} // namespace worth

inline constexpr std::size_t records = 256;
inline constexpr std::size_t max_record_bytes = 320;

struct Document {
    std::string text;                  ///< the lines, each with its line feed
    std::vector<std::size_t> begins;   ///< of each line, and the end of the last
    std::vector<std::uint64_t> worths; ///< of each record

    /// Without its line feed.
    [[nodiscard]] std::string_view line(std::size_t record) const {
        return std::string_view(text).substr(begins[record], begins[record + 1] - begins[record] - 1);
    }
};

/// Made once per process. Any thread.
[[nodiscard]] const Document& document();

} // namespace gil::json_document
