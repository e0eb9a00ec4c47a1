#include "core/experiments/experiment.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "core/base/text.h"
#include "core/experiments/judging.h"

namespace gil {

#define GIL_EXPERIMENT(name) Experiment name##_experiment();
#include "core/experiments/experiments.def"
#undef GIL_EXPERIMENT

std::span<const Experiment> experiments() {
    static const std::vector<Experiment> table = {
#define GIL_EXPERIMENT(name) name##_experiment(),
#include "core/experiments/experiments.def"
#undef GIL_EXPERIMENT
    };
    return table;
}

void conclude(const Experiment& experiment, Report& report) {
    if (const VariantReport* stopped = find_stopped(report)) {
        report.verdict =
            verdict_for(report, Holds::cannot_tell,
                        "\"" + stopped->name + "\" was not simulated to its end: " + stop_text(*stopped) + ".");
        return;
    }
    report.verdict = experiment.judge(report);
    if (experiment.tell == nullptr) return;
    for (VariantReport& variant : report.variants) {
        const bool can_tell = report.origin == Origin::cpython || knows_trace(variant, report.origin);
        if (variant.unavailable.empty() && can_tell) experiment.tell(variant);
    }
}

const Experiment* find_experiment(std::string_view id) {
    for (const Experiment& experiment : experiments()) {
        if (experiment.id == id) return &experiment;
    }
    return nullptr;
}

Result<const Experiment*> experiment_named(std::string_view id) {
    if (const Experiment* found = find_experiment(id)) return found;
    std::vector<std::string_view> ids;
    for (const Experiment& experiment : experiments()) ids.push_back(experiment.id);
    return Error{"", "there is no experiment \"" + printable(id) + "\"" + did_you_mean(id, ids), one_of(ids)};
}

std::string axis_value_text(double value, std::string_view unit) {
    if (unit == "bytes") return bytes_text(value);
    const bool whole = std::abs(value) < 1e15 && value == std::floor(value);
    return whole ? grouped(static_cast<std::int64_t>(value)) : plain_number(value);
}

std::string axis_value_words(double value, std::string_view unit, std::string_view title) {
    if (unit == "bytes") return axis_value_text(value, unit);
    if (unit.empty() && value == 1 && title.ends_with('s')) title.remove_suffix(1);
    return axis_value_text(value, unit) + " " + std::string(unit.empty() ? title : unit);
}

std::string variant_label(const VariantReport& variant, const Axis& axis) {
    if (variant.series.empty()) return variant.name;
    return variant.series + ", " + axis_value_words(variant.x, axis.unit, axis.title);
}

std::string verdict_why(const Report& report, const std::function<std::string(const VariantReport&)>& label) {
    std::string text = report.verdict.why;
    for (const VariantReport& variant : report.variants) {
        const std::string name = '"' + variant.name + '"';
        for (std::size_t at = text.find(name); at != text.npos; at = text.find(name, at)) {
            const std::string ours = label(variant);
            text.replace(at, name.size(), ours);
            at += ours.size();
        }
    }
    return text;
}

std::string verdict_why(const Report& report) {
    const Experiment* experiment = find_experiment(report.experiment);
    if (experiment == nullptr) return report.verdict.why;
    return verdict_why(report, [&](const VariantReport& variant) { return variant_label(variant, experiment->axis); });
}

namespace {

bool is_called(const Variant& variant, std::string_view name) {
    return variant.name == name || (!name.empty() && variant.series == name);
}

/// `wanted` is none of those that can be picked: points of a sweep by their line.
Error not_pickable(const std::vector<Variant>& variants, std::string_view wanted) {
    std::vector<std::string_view> names;
    std::string_view point;
    for (const Variant& variant : variants) {
        if (!variant.series.empty()) point = variant.name;
        const std::string_view name = variant.series.empty() ? variant.name : variant.series;
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
    return Error{"variants", "there is no \"" + printable(wanted, 40) + "\" here" + did_you_mean(wanted, names),
                 one_of(names) + (point.empty() ? "" : "; one point of a line: " + std::string(point))};
}

} // namespace

Result<std::vector<Variant>> select_variants(std::vector<Variant> variants, std::span<const std::string> wanted) {
    if (wanted.empty()) return variants;
    for (const std::string& name : wanted) {
        if (std::none_of(variants.begin(), variants.end(), [&](const Variant& v) { return is_called(v, name); })) {
            return not_pickable(variants, name);
        }
        if (std::count(wanted.begin(), wanted.end(), name) > 1) {
            return Error{"variants", "\"" + printable(name, 40) + "\" is named twice", "each at most once"};
        }
    }
    std::erase_if(variants, [&](const Variant& variant) {
        return std::none_of(wanted.begin(), wanted.end(), [&](const auto& name) { return is_called(variant, name); });
    });
    return variants;
}

} // namespace gil
