#include "core/report.h"

#include <algorithm>

namespace gil {

const VariantReport* find_variant(const Report& report, std::string_view name) {
    for (const VariantReport& variant : report.variants) {
        if (variant.name == name) return variant.unavailable.empty() ? &variant : nullptr;
    }
    return nullptr;
}

VariantReport summarise(const Variant& variant, std::vector<Run> runs, bool outputs_ok) {
    VariantReport report;
    report.name = variant.name;
    report.scenario = variant.scenario;
    report.outputs_ok = outputs_ok;
    for (const Run& run : runs) report.wall_samples_ms.push_back(to_ms(run.trace.end));
    report.wall_ms = spread_of(report.wall_samples_ms);
    const auto median = std::find(report.wall_samples_ms.begin(), report.wall_samples_ms.end(), report.wall_ms.median);
    const auto index = static_cast<std::size_t>(median - report.wall_samples_ms.begin());
    report.median_run = std::move(runs[index]);
    report.metrics = derive_metrics(report.median_run.trace);
    return report;
}

void fill_speedups(Report& report) {
    double sequential = 0;
    for (const VariantReport& variant : report.variants) {
        const bool ran = variant.unavailable.empty();
        if (ran && variant.scenario.model == ExecutionModel::sequential) sequential = variant.wall_ms.median;
    }
    for (VariantReport& variant : report.variants) {
        const double wall = variant.wall_ms.median;
        variant.speedup = sequential > 0 && wall > 0 ? sequential / wall : 0;
    }
}

} // namespace gil
