#include "ui/state/summary.h"

#include <algorithm>

#include "ui/view/format.h"
#include "ui/view/outcome.h"
#include "ui/view/sweep_view.h"

namespace gil::ui {

namespace {

bool any_ran(const Report& report) {
    return std::any_of(report.variants.begin(), report.variants.end(),
                       [](const VariantReport& variant) { return variant.unavailable.empty(); });
}

std::string status_of(const Model& model) {
    if (model.progress) {
        if (const std::string& silence = model.progress->silence; !silence.empty()) {
            return "A run is under way, but " + silence + ".";
        }
        if (model.progress->variant.empty()) return "A run is under way.";
        // Not every step: a screen reader would never fall silent.
        return "Running " + words(model.progress->variant.substr(0, model.progress->variant.find('@'))) + ".";
    }
    if (model.notice) return model.notice->text;
    if (model.measured_is_current()) {
        if (!any_ran(*model.measured_report())) return "None of this can be measured here.";
        return model.measured_report()->stopped ? "Measured on this computer until it was stopped."
                                                : "Measured on this computer.";
    }
    if (std::string without = chosen_unavailable(model); !without.empty()) return without;
    if (model.measured_report()) return "Measured with other settings; run again to measure these.";
    return "Simulated for " + std::to_string(model.simulated_cores()) + " cores" +
           (model.simulated_with_typical_costs() ? ", with some typical costs" : "") + "; not measured yet.";
}

/// The measured side of a variant; nullptr when it was not measured.
const VariantReport* measured_of(const VariantReport& simulated, const Report* measured) {
    if (!measured) return nullptr;
    for (const VariantReport& variant : measured->variants) {
        if (variant.name == simulated.name) return &variant;
    }
    return nullptr;
}

std::string measured_text(const VariantReport* measured) {
    if (!measured) return "not measured";
    if (!measured->unavailable.empty()) return "not here: " + measured->unavailable;
    return time_text(measured->wall_ms.median) + (measured->outputs_ok ? "" : ", wrong result");
}

/// "4.1 ms to 5.2 ms" over the repeats; empty when it ran once or not at all.
std::string spread_text(const VariantReport* measured) {
    if (!measured || measured->wall_ms.samples < 2) return {};
    return time_text(measured->wall_ms.min) + " to " + time_text(measured->wall_ms.max);
}

/// "simulated: counter 490,736 of 1,000,000. measured: ..."
std::string endings_of(const VariantReport& simulated, const VariantReport* measured) {
    const std::string theirs = outcome_text(outcomes_of(simulated));
    std::string text = theirs.empty() ? "" : "simulated: " + theirs + ".";
    const std::string ours = measured ? outcome_text(outcomes_of(*measured)) : "";
    if (!ours.empty()) text += (text.empty() ? "" : " ") + ("measured: " + ours + ".");
    return text;
}

/// What stands in front of a row: the variant's name, in a sweep the line's name and the place on the axis.
struct RowNames {
    bool sweep = false;
    bool endings = false; ///< some variant ended with more than its time
};

Json row_of(const VariantReport& simulated, const Report* measured, const Axis& axis, const RowNames& names) {
    const VariantReport* other = measured_of(simulated, measured);
    Json row = Json::array();
    row.push_back(words(simulated.series.empty() ? simulated.name : simulated.series));
    if (names.sweep) {
        row.push_back(simulated.series.empty() ? std::string() : axis_value_words(simulated.x, axis.unit, axis.title));
    }
    row.push_back(simulated_time_text(simulated));
    row.push_back(measured_text(other));
    row.push_back(speedup_text(other ? other->speedup : simulated.speedup));
    row.push_back(spread_text(other));
    if (names.endings) row.push_back(endings_of(simulated, other));
    return row;
}

/// The places that the chart points out.
std::string marks_text(const Model& model, const Report* measured) {
    const std::vector<SweepLine> lines = sweep_lines(model.simulated, measured);
    std::string text;
    for (const SweepMark& mark : sweep_marks(lines, measured != nullptr, model.experiment->axis)) {
        text += " " + words(lines[mark.line].series) + ": " + mark.text + ".";
    }
    return text;
}

Json decide_summary(const Model& model) {
    const DecisionPlace place = place_of(model.decide);
    Json summary = Json::object();
    summary["title"] = "Which tool for which work?";
    summary["rows"] = Json::array();
    for (const DecideStep& step : steps_of(model.decide)) {
        summary["rows"].push_back({std::string(step.question->words), std::string(step.answer->words)});
    }
    if (place.question) {
        summary["claim"] = std::string(place.question->words);
        summary["status"] = "Question " + std::to_string(model.decide.answers.size() + 1) + ".";
        summary["verdict"] = "";
        int number = 1;
        for (const Answer& answer : place.question->answers) {
            summary["rows"].push_back({"possible answer " + std::to_string(number++), std::string(answer.words)});
        }
    } else if (place.advice) {
        summary["claim"] = std::string(place.advice->headline) + ".";
        summary["status"] = "Proved by: " + proof_command(place.advice->proof);
        summary["verdict"] = std::string(place.advice->why) + " " + std::string(place.advice->proof.look);
        summary["rows"].push_back({"in Python", std::string(place.advice->python)});
    }
    summary["columns"] = Json::array({"question", "answer"});
    return summary;
}

} // namespace

Json summary_of(const Model& model) {
    if (model.decide.open) return decide_summary(model);
    const Report& judged = model.judged();
    const Report* measured = model.measured_is_current() ? model.measured_report() : nullptr;
    const Axis& axis = model.experiment->axis;
    RowNames names;
    names.sweep = !axis.title.empty();
    for (const VariantReport& variant : model.simulated.variants) {
        names.endings = names.endings || !endings_of(variant, measured_of(variant, measured)).empty();
    }
    Json summary = Json::object();
    summary["title"] = std::string(model.experiment->title);
    summary["claim"] = std::string(model.experiment->claim);
    if (const std::string about(model.experiment->about_variants); !about.empty()) {
        summary["claim"] = std::string(model.experiment->claim) + " " + about;
    }
    summary["status"] = status_of(model);
    summary["verdict"] = verdict_headline(judged) + " " + verdict_words(judged, model.experiment->axis);
    if (names.sweep) summary["verdict"] = summary["verdict"].get<std::string>() + marks_text(model, measured);
    summary["columns"] = Json::array({names.sweep ? "line" : "variant"});
    if (names.sweep) summary["columns"].push_back(std::string(axis.title));
    for (const char* column : {"simulated", "measured", "speed-up against sequential", "fastest to slowest"}) {
        summary["columns"].push_back(column);
    }
    if (names.endings) summary["columns"].push_back("ended with");
    summary["rows"] = Json::array();
    for (const VariantReport& variant : model.simulated.variants) {
        summary["rows"].push_back(row_of(variant, measured, axis, names));
    }
    return summary;
}

} // namespace gil::ui
