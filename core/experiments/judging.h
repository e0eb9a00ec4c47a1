// What every judge shares: which variants must have run, whether the numbers can be trusted, and the words.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/text.h"
#include "core/experiments/sweep.h"
#include "core/report/report.h"

namespace gil {

/// A variant's repeats may differ by this much of their median before nobody should judge by them.
inline constexpr double too_noisy = 0.35;
[[nodiscard]] inline bool is_noisy(const VariantReport& variant) {
    return variant.wall_ms.relative() > too_noisy;
}

/// The same work, one thread at a time, takes the same running time whoever does it. When it differs by more than this,
/// the core itself was slower or busier in one of the two.
inline constexpr double too_different = 0.2;

/// A model gained by parallelism when it is at least this many times as fast as sequential.
inline constexpr double gain = 1.2;

/// Waits were overlapped when this share of the speed-up was reached that perfect overlap would give.
inline constexpr double good_overlap = 0.6;

/// Nothing when all `needed` variants ran; otherwise the "cannot be judged" verdict that says which did not, and why.
/// For claims about what a run ended with, whatever time it took.
[[nodiscard]] std::optional<Verdict> why_not_run(const Report& report, std::initializer_list<std::string_view> needed);

/// Nothing when all `needed` variants ran and computed the right results. For claims about times that are far apart.
[[nodiscard]] std::optional<Verdict> why_not_right(const Report& report,
                                                   std::initializer_list<std::string_view> needed);

/// Work without waits is done no faster than its workers and the processors allow. Where `variant` was, what it is
/// compared with was slowed: the "cannot be judged" verdict that says so. Measured only.
[[nodiscard]] std::optional<Verdict> why_too_fast(const Report& report, const VariantReport& variant);

/// Nothing when all `needed` variants ran, computed the right results, are not too noisy, not faster than is possible
/// and had a core of the same speed; otherwise the "cannot be judged" verdict that says which and why.
[[nodiscard]] std::optional<Verdict> why_not_judged(const Report& report,
                                                    std::initializer_list<std::string_view> needed);

/// "Cannot be judged" where `variant` has one worker. `so_far` is put before the reason.
[[nodiscard]] std::optional<Verdict> why_alone(const Report& report, const VariantReport& variant,
                                               const std::string& so_far);

/// Nothing when several workers of `variant` can run side by side here; otherwise "cannot be judged" because of one
/// core or one worker. `so_far` is put before the reason.
[[nodiscard]] std::optional<Verdict> why_not_parallel(const Report& report, const VariantReport& variant,
                                                      std::string so_far = {});

/// For `processes` that gained nothing although they could: "cannot be judged" when starting and ending them does not
/// explain the loss, so other programs must have had the cores. Only where measured; `so_far` is put before the reason.
[[nodiscard]] std::optional<Verdict> why_crowded(const Report& report, const VariantReport& processes,
                                                 std::string so_far = {});

/// Where the workers of `parallel`, none of which waits for another, computed for clearly longer in all than the work
/// of `alone` takes on so many cores, other programs had them: the "cannot be judged" verdict that says so after
/// `so_far`. Measured only.
[[nodiscard]] std::optional<Verdict> why_slowed(const Report& report, const VariantReport& parallel,
                                                const VariantReport& alone, std::string so_far);

/// Speed-up when `tasks` equal waits pass `at_once` at a time and nothing else costs anything: tasks / rounds.
[[nodiscard]] double perfect_overlap(int tasks, int at_once);

/// Every repeat of `a` took less time than every repeat of `b`.
[[nodiscard]] bool clearly_faster(const VariantReport& a, const VariantReport& b);

/// The points of one line of a sweep that ran, in order of x.
[[nodiscard]] std::vector<const VariantReport*> points_of(const Report& report, std::string_view series);

/// A line of a sweep: wall time in milliseconds, or speed-up, over x.
[[nodiscard]] std::vector<SweepPoint> wall_line(const std::vector<const VariantReport*>& points);
[[nodiscard]] std::vector<SweepPoint> speedup_line(const std::vector<const VariantReport*>& points);

/// Whether the metrics that come from a trace are known: CPython keeps none, so its verdicts leave them out.
[[nodiscard]] inline bool has_trace(const Report& report) {
    return report.origin != Origin::cpython;
}

/// "Until the last worker had started 12.0 ms of 60.0 ms had passed." Nothing where no trace tells.
[[nodiscard]] std::string about_start(const Report& report, const VariantReport& variant);

/// The verdict with its headline for the report's origin.
[[nodiscard]] Verdict verdict_for(const Report& report, Holds holds, std::string why);

} // namespace gil
