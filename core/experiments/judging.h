// What every judge shares: which variants must have run, whether the numbers can be trusted, and the words.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "core/report.h"

namespace gil {

/// A variant's repeats may differ by this much of their median before nobody should judge by them.
inline constexpr double too_noisy = 0.35;

/// The same work, one thread at a time, takes the same running time whoever does it. When it differs by more than this,
/// the core itself was slower or busier in one of the two.
inline constexpr double too_different = 0.2;

/// Nothing when all `needed` variants ran, computed the right results, are not too noisy and had a core of the same
/// speed; otherwise the "cannot be judged" verdict that says which and why.
[[nodiscard]] std::optional<Verdict> why_not_judged(const Report& report,
                                                    std::initializer_list<std::string_view> needed);

/// The verdict with its headline for the report's origin.
[[nodiscard]] Verdict verdict_for(const Report& report, Holds holds, std::string why);

/// "1.90×"
[[nodiscard]] std::string times(double ratio);
/// "98 %"
[[nodiscard]] std::string percent(double share);
/// "51.2 ms"
[[nodiscard]] std::string in_ms(double ms);

} // namespace gil
