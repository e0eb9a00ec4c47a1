#include "ui/summary.h"

#include "ui/format.h"

namespace gil::ui {

namespace {

std::string status_of(const Model& model) {
    if (model.progress) {
        if (model.progress->variant.empty()) return "A run is under way.";
        // Not every step: a screen reader would never fall silent.
        return "Running " + words(model.progress->variant) + ".";
    }
    if (model.notice) return model.notice->text;
    if (model.measured_is_current()) return "Measured on this computer.";
    if (model.measured_report()) return "Measured with other settings; run again to measure these.";
    return "Simulated for " + std::to_string(model.simulated_cores()) + " cores; not measured yet.";
}

Json row_of(const VariantReport& simulated, const Report* measured) {
    Json row = Json::array({words(simulated.name), time_text(simulated.wall_ms.median)});
    std::string time = "not measured";
    double speedup = simulated.speedup;
    if (measured) {
        for (const VariantReport& variant : measured->variants) {
            if (variant.name != simulated.name) continue;
            speedup = variant.speedup;
            time = variant.unavailable.empty() ? time_text(variant.wall_ms.median) : "not here: " + variant.unavailable;
        }
    }
    row.push_back(time);
    row.push_back(speedup_text(speedup));
    return row;
}

} // namespace

Json summary_of(const Model& model) {
    const Report& judged = model.judged();
    const Report* measured = model.measured_is_current() ? model.measured_report() : nullptr;
    Json summary = Json::object();
    summary["title"] = std::string(model.experiment->title);
    summary["claim"] = std::string(model.experiment->claim);
    summary["status"] = status_of(model);
    summary["verdict"] = verdict_headline(judged) + " " + judged.verdict.why;
    summary["columns"] = Json::array({"variant", "simulated", "measured", "speed-up against sequential"});
    summary["rows"] = Json::array();
    for (const VariantReport& variant : model.simulated.variants) {
        summary["rows"].push_back(row_of(variant, measured));
    }
    return summary;
}

} // namespace gil::ui
