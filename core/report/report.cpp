#include "core/report/report.h"

#include <algorithm>

namespace gil {

bool has_failed(const VariantReport& variant) {
    return variant.unavailable.starts_with(failure_mark);
}

const VariantReport* find_stopped(const Report& report) {
    const auto found = std::find_if(report.variants.begin(), report.variants.end(), [](const VariantReport& variant) {
        return variant.unavailable.empty() && variant.median_run.stop.has_value();
    });
    return found == report.variants.end() ? nullptr : &*found;
}

std::string stop_text(const VariantReport& variant) {
    return variant.median_run.stop ? stop_text(*variant.median_run.stop, variant.scenario.tasks.size()) : "";
}

int repeats_in(const Report& report) {
    int samples = 0;
    for (const VariantReport& variant : report.variants) samples = std::max(samples, variant.wall_ms.samples);
    return samples;
}

std::string repeats_text(int repeats) {
    return repeats == 1 ? "one run each (no spread)" : "medians of " + std::to_string(repeats) + " runs";
}

const VariantReport* find_variant(const Report& report, std::string_view name) {
    for (const VariantReport& variant : report.variants) {
        if (variant.name == name) return variant.unavailable.empty() ? &variant : nullptr;
    }
    return nullptr;
}

VariantReport report_without_run(const Variant& variant) {
    VariantReport report;
    report.name = variant.name;
    report.scenario = variant.scenario;
    report.series = variant.series;
    report.x = variant.x;
    return report;
}

VariantReport summarise(const Variant& variant, std::vector<Run> runs, bool outputs_ok) {
    VariantReport report = report_without_run(variant);
    report.outputs_ok = outputs_ok;
    for (const Run& run : runs) report.wall_samples_ms.push_back(to_ms(run.trace.end));
    report.wall_ms = spread_of(report.wall_samples_ms);
    const auto median = std::find(report.wall_samples_ms.begin(), report.wall_samples_ms.end(), report.wall_ms.median);
    const auto index = static_cast<std::size_t>(median - report.wall_samples_ms.begin());
    report.median_run = std::move(runs[index]);
    report.metrics = derive_metrics(report.median_run.trace);
    return report;
}

bool knows_trace(const VariantReport& variant, Origin origin) {
    if (origin != Origin::measured) return origin == Origin::simulated;
    const Observation* code = find_observation(variant.median_run, "exit code");
    const bool died = find_observation(variant.median_run, "end") != nullptr; // where there are no exit codes
    return !died && (code == nullptr || code->value == 0);
}

namespace {

/// "cpu" of "process_pool:cpu@4"; empty when there is none.
std::string_view suffix_of(std::string_view name) {
    name = name.substr(0, name.find('@'));
    const std::size_t colon = name.find(':');
    return colon == std::string_view::npos ? std::string_view() : name.substr(colon + 1);
}

/// The same number of tasks with as much to compute and to wait for.
bool same_work(const Scenario& a, const Scenario& b) {
    return a.tasks.size() == b.tasks.size() && total_work(a) == total_work(b) && total_wait(a) == total_wait(b);
}

/// What `variant` is compared with: the sequential run of the same work and suffix and, in a sweep, of the same x.
const VariantReport* baseline_of(const Report& report, const VariantReport& variant) {
    const VariantReport* found = nullptr;
    for (const VariantReport& other : report.variants) {
        if (other.scenario.model != ExecutionModel::sequential || !other.unavailable.empty()) continue;
        if (other.median_run.stop) continue;
        if (!other.series.empty() && other.x != variant.x) continue;
        if (!same_work(other.scenario, variant.scenario)) continue;
        if (suffix_of(other.name) == suffix_of(variant.name)) return &other;
        if (found == nullptr) found = &other;
    }
    return found;
}

} // namespace

void fill_speedups(Report& report) {
    for (VariantReport& variant : report.variants) {
        const VariantReport* baseline = baseline_of(report, variant);
        const double wall = variant.wall_ms.median;
        variant.speedup =
            baseline != nullptr && wall > 0 && !variant.median_run.stop ? baseline->wall_ms.median / wall : 0;
    }
}

} // namespace gil
