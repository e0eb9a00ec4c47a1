// One claim of the post as something a reader can run. Pure data and functions: the page, the command line, the tests
// and the benchmarks all use the one table `experiments()`.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/knobs.h"
#include "core/report.h"
#include "core/scenario.h"

namespace gil {

/// The x axis of an experiment that is a sweep: its variants are points (Variant::series, Variant::x).
struct Axis {
    std::string_view title; ///< "work per task"; empty: the experiment is no sweep
    std::string_view unit;  ///< "ms"
    bool logarithmic = true;
};

struct Experiment {
    std::string_view id;    ///< "cpu-bound": command line, URLs
    std::string_view group; ///< heading in the list: "The lock", "Waiting", "Processes", "Choosing"
    std::string_view label; ///< short name in the list: "Threads and CPU work"
    std::string_view title; ///< the claim as a headline: "Threads do not speed up CPU-bound Python"
    std::string_view claim; ///< the claim in one sentence
    std::string_view why;   ///< two to four sentences: the mechanism
    std::vector<Knob> knobs;
    std::string_view about_variants; ///< what their names mean, where they do not say it; may be empty
    Axis axis{};                     ///< only of a sweep
    std::vector<Variant> (*make)(const Knobs& knobs);
    /// Judges a report of either origin; must be able to answer "does not hold" and "cannot be measured here".
    Verdict (*judge)(const Report& report);
};

/// All experiments in the order of the list. Static lifetime.
[[nodiscard]] std::span<const Experiment> experiments();

/// nullptr when there is none of that name.
[[nodiscard]] const Experiment* find_experiment(std::string_view id);

/// Keeps the variants named in `wanted` (all when empty), in the experiment's order; an unknown name is an Error.
[[nodiscard]] Result<std::vector<Variant>> select_variants(std::vector<Variant> variants,
                                                           std::span<const std::string> wanted);

} // namespace gil
