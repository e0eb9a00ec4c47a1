#include "core/documents/report_document.h"

#include <algorithm>
#include <array>

#include "core/base/text.h"
#include "core/experiments/judging.h"

namespace gil {

namespace {

constexpr std::array<std::string_view, 4> judgements{"holds", "does not hold", "cannot be judged", "failed"};

std::string value_text(const Json& value) {
    if (value.is_string()) return value.get<std::string>();
    return value.is_number() ? plain_number(value.get<double>()) : dump_json(value);
}

/// "counter: 812,345 instead of 1,000,000; exit code: -6 instead of 0"
std::string observed(const VariantReport& variant) {
    std::string text;
    for (const Observation& each : variant.median_run.observations) {
        text += (text.empty() ? "" : "; ") + observation_text(each);
    }
    return text;
}

FigureRow row_of(const VariantReport& variant, Origin origin, const Axis& axis) {
    FigureRow row;
    row.variant = variant_label(variant, axis);
    row.origin = to_string(origin);
    if (!variant.unavailable.empty()) {
        row.note = "did not run: " + variant.unavailable;
        return row;
    }
    row.median = time_text(variant.wall_ms.median);
    if (variant.wall_ms.samples > 1)
        row.range = time_text(variant.wall_ms.min) + " to " + time_text(variant.wall_ms.max);
    if (variant.speedup > 0) row.speedup = factor_text(variant.speedup);
    if (knows_trace(variant, origin)) {
        row.gil_switches = std::to_string(variant.metrics.gil_switches);
        row.gil_wait = time_text(to_ms(variant.metrics.gil_wait));
    }
    row.note = observed(variant);
    if (variant.median_run.stop) row.note = stop_text(variant);
    if (!variant.outputs_ok) row.note = row.note.empty() ? "wrong result" : "wrong result; " + row.note;
    return row;
}

const VariantReport* variant_called(const std::optional<Report>& report, std::string_view name) {
    if (!report) return nullptr;
    const auto found = std::find_if(report->variants.begin(), report->variants.end(),
                                    [&](const VariantReport& variant) { return variant.name == name; });
    return found == report->variants.end() ? nullptr : &*found;
}

} // namespace

const Report* first_measured(const ReportDocument& document) {
    for (const ReportEntry& entry : document.entries) {
        if (entry.measured) return &*entry.measured;
    }
    return nullptr;
}

std::string_view verdict_word(const ReportEntry& entry) {
    return entry.measured ? judgements[static_cast<std::size_t>(entry.measured->verdict.holds)] : judgements.back();
}

std::string verdict_counts(const ReportDocument& document) {
    std::string text;
    for (const std::string_view word : judgements) {
        const auto count = std::count_if(document.entries.begin(), document.entries.end(),
                                         [&](const ReportEntry& entry) { return verdict_word(entry) == word; });
        if (count == 0) continue;
        if (!text.empty()) text += ", ";
        text += std::to_string(count) + " ";
        // "3 hold", "1 holds"; "2 do not hold", "1 does not hold".
        if (count > 1 && word == "holds") text += "hold";
        if (count > 1 && word == "does not hold") text += "do not hold";
        if (count == 1 || (word != "holds" && word != "does not hold")) text += word;
    }
    return text;
}

std::string claims_words(const ReportDocument& document) {
    std::string text = "Of " + counted(static_cast<std::int64_t>(document.entries.size()), "claim") + ": " +
                       verdict_counts(document) + ".";
    if (!document.stopped) return text;
    text += " The run was stopped before its end";
    if (document.left_out > 0) {
        text += "; left out: " + counted(static_cast<std::int64_t>(document.left_out), "experiment");
    }
    return text + ".";
}

std::string knobs_text(const Report& report) {
    std::string text;
    for (const auto& [name, value] : report.knobs.items()) {
        text += (text.empty() ? "" : " ") + name + "=" + value_text(value);
    }
    return text;
}

std::string command_of(const ReportEntry& entry) {
    std::string command = "gilplay run " + std::string(entry.experiment->id);
    if (!entry.measured) return command;
    const int repeats = repeats_in(*entry.measured);
    if (repeats > 0 && repeats != default_repeats) command += " --repeats " + std::to_string(repeats);
    const Json defaults = Knobs(entry.experiment->knobs).to_json();
    for (const auto& [name, value] : entry.measured->knobs.items()) {
        if (!defaults.contains(name) || defaults[name] != value) command += " --set " + name + "=" + value_text(value);
    }
    return command;
}

std::vector<FigureRow> figure_rows(const ReportEntry& entry) {
    std::vector<FigureRow> rows;
    const Report* leading = entry.measured ? &*entry.measured : entry.simulated ? &*entry.simulated : nullptr;
    if (leading == nullptr) return rows;
    for (const VariantReport& variant : leading->variants) {
        rows.push_back(row_of(variant, leading->origin, entry.experiment->axis));
        if (!entry.measured) continue;
        const VariantReport* simulated = variant_called(entry.simulated, variant.name);
        if (simulated != nullptr) rows.push_back(row_of(*simulated, entry.simulated->origin, entry.experiment->axis));
    }
    return rows;
}

} // namespace gil
