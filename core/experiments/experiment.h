// One claim of the post as something a reader can run. Pure data and functions: the page, the command line, the tests
// and the benchmarks all use the one table `experiments()`.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/experiments/knobs.h"
#include "core/report/report.h"
#include "core/scenario/scenario.h"

namespace gil {

/// The x axis of an experiment that is a sweep: its variants are points (Variant::series, Variant::x).
struct Axis {
    std::string_view title; ///< "work per task"; empty: the experiment is no sweep
    std::string_view unit;  ///< "ms"
    bool logarithmic = true;
    bool wall_logarithmic = false; ///< its wall times span decades; not by the data, so that charts stay comparable
};

/// A value on an axis: "256 KiB" where it counts bytes, else the plain number; the axis' title names other units.
[[nodiscard]] std::string axis_value_text(double value, std::string_view unit);

/// The same with its unit: "10 ms", "32 workers" (the title where there is no unit).
[[nodiscard]] std::string axis_value_words(double value, std::string_view unit, std::string_view title);

struct Experiment {
    std::string_view id;     ///< "cpu-bound": command line, URLs
    std::string_view group;  ///< heading in the list: "The lock", "Waiting", "Processes", "Choosing"
    std::string_view label;  ///< short name in the list: "Threads and CPU work"
    std::string_view title;  ///< the claim as a headline: "Threads do not speed up CPU work; processes do"
    std::string_view claim;  ///< the claim in one sentence
    std::string_view why;    ///< two to four sentences: the mechanism
    std::string_view script; ///< the file of cpython/scripts that does the same: "cpu_bound.py"
    std::vector<Knob> knobs;
    /// Settings, besides the defaults, with which the simulator is put to the test: "workers=2 tasks=6".
    std::vector<std::string_view> fidelity{};
    std::string_view about_variants; ///< what their names mean, where they do not say it; may be empty
    Axis axis{};                     ///< only of a sweep
    std::string_view shown;          ///< the variant whose timeline tells most; empty: threads, or else the first one
    std::vector<Variant> (*make)(const Knobs& knobs);
    /// Adds to the observations of a variant that ran, and has been judged, what it says about the claim, whether by a
    /// trace or, from a Python, without one: then in place of the numbers that the judge reads. nullptr: no more than
    /// bars do.
    void (*tell)(VariantReport& variant) = nullptr;
    /// Judges a report of either origin; must be able to answer "does not hold" and "cannot be measured here".
    Verdict (*judge)(const Report& report);
};

/// What is left to do when all variants of `report` are there, whatever its origin: judges and tells.
void conclude(const Experiment& experiment, Report& report);

/// All experiments in the order of the list. Static lifetime.
[[nodiscard]] std::span<const Experiment> experiments();

/// nullptr when there is none of that name.
[[nodiscard]] const Experiment* find_experiment(std::string_view id);

/// The experiment of that id; the error lists what there is.
[[nodiscard]] Result<const Experiment*> experiment_named(std::string_view id);

/// How tables call a variant: by its name, in a sweep by its line and place ("process_pool:pickle, 1 MiB").
[[nodiscard]] std::string variant_label(const VariantReport& variant, const Axis& axis);

/// Why the verdict of `report` is as it is, with each variant called as `label` says, where a judge writes its name in
/// quotation marks.
[[nodiscard]] std::string verdict_why(const Report& report,
                                      const std::function<std::string(const VariantReport&)>& label);
/// The same with variant_label.
[[nodiscard]] std::string verdict_why(const Report& report);

/// Keeps the variants named in `wanted` (all when empty), in the experiment's order. A line of a sweep stands for all
/// its points. An unknown name is an Error.
[[nodiscard]] Result<std::vector<Variant>> select_variants(std::vector<Variant> variants,
                                                           std::span<const std::string> wanted);

} // namespace gil
