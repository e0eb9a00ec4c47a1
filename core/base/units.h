// Time in this project is a signed 64-bit count of nanoseconds: exact, the same on every platform, 292 years long.
#pragma once

#include <cstdint>

namespace gil {

using Nanoseconds = std::int64_t;

inline constexpr Nanoseconds microsecond = 1'000;
inline constexpr Nanoseconds millisecond = 1'000'000;
inline constexpr Nanoseconds second = 1'000'000'000;

/// Rounds to the nearest nanosecond; the caller has checked that `ms` is finite and in range.
[[nodiscard]] constexpr Nanoseconds from_ms(double ms) {
    return static_cast<Nanoseconds>(ms * 1e6 + (ms < 0 ? -0.5 : 0.5));
}
[[nodiscard]] constexpr double to_ms(Nanoseconds ns) {
    return static_cast<double>(ns) / 1e6;
}

} // namespace gil
