#include "ui/state/model.h"

#include <algorithm>
#include <cctype>
#include <cmath>

#include "core/base/text.h"

namespace gil::ui {

const Report* Model::measured_report() const {
    const auto found = measured.find(std::string(experiment->id));
    return found == measured.end() ? nullptr : &found->second;
}

bool Model::measured_is_current() const {
    const Report* report = measured_report();
    if (!report) return false;
    Knobs theirs(experiment->knobs);
    return theirs.set_all(report->knobs).ok() && theirs == knobs;
}

bool Model::simulated_with_typical_costs() const {
    return machine.calibrated && !measured_report() && !costs.also_in(machine.typical).empty();
}

const Report& Model::judged() const {
    return measured_is_current() ? *measured_report() : simulated;
}

const VariantReport* Model::timeline_run() const {
    const bool wants_measured = timeline.origin == Origin::measured && measured_report();
    return find_variant(wants_measured ? *measured_report() : simulated, timeline.variant);
}

std::optional<int> cores_from(double number) {
    const bool sound = number >= 1 && number <= 64 && number == std::floor(number);
    return sound ? std::optional(static_cast<int>(number)) : std::nullopt;
}

std::string verdict_headline(const Report& report) {
    const std::string& said = report.verdict.headline;
    if (report.origin != Origin::simulated || said.find("imulat") != std::string::npos) return said;
    return "In the simulation: " + said;
}

std::string choice_unavailable(const Model& model, const Knob& knob, std::size_t choice) {
    if (!model.capabilities) return {};
    const std::string_view name = knob.choices[choice];
    if (knob.name == "start_method") {
        const auto methods = names_of<StartMethod>();
        for (std::size_t at = 0; at < methods.size(); ++at) {
            if (methods[at] == name) return model.capabilities->no_start_method[at];
        }
    }
    if (knob.name == "io") {
        const std::optional<WaitKind> kind = enum_from<WaitKind>(name, names_of<WaitKind>());
        if (kind) return model.capabilities->no_wait[static_cast<std::size_t>(*kind)];
    }
    return {};
}

std::string chosen_unavailable(const Model& model) {
    for (const Knob& knob : model.knobs.descriptions()) {
        if (knob.choices.empty()) continue;
        const std::string_view chosen = model.knobs.choice(knob.name);
        const auto index = std::find(knob.choices.begin(), knob.choices.end(), chosen) - knob.choices.begin();
        std::string reason = choice_unavailable(model, knob, static_cast<std::size_t>(index));
        if (reason.empty()) continue;
        reason[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(reason[0])));
        return reason + ": what uses " + std::string(chosen) + " is simulated, not measured.";
    }
    return {};
}

} // namespace gil::ui
