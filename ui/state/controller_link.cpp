// The state as an address, and an address from outside as the state.
#include <algorithm>
#include <utility>

#include "ui/state/controller.h"
#include "ui/view/format.h"

namespace gil::ui {

namespace {

/// "decide" alone, where the name of an experiment stands, is the decision tree.
Link read_link(std::string_view state) {
    Link link = parse_link(state);
    if (link.experiment == "decide") {
        link.experiment = experiments().front().id;
        link.fields.emplace_back("decide", "");
    }
    return link;
}

/// Puts one field of an address into `model`, or says why not.
Result<Nothing> take_field(Model& model, const std::string& name, const std::string& value) {
    const auto knobs = model.knobs.descriptions();
    if (std::ranges::find(knobs, name, &Knob::name) != knobs.end()) return model.knobs.set(name, value);
    if (name == "decide") return take_decide_text(model.decide, value);
    if (name == "cores") {
        const std::optional<double> number = parse_number(value);
        const std::optional<int> cores = number ? cores_from(*number) : std::nullopt;
        if (!cores) return Error{"", std::string(cores_accepted), ""};
        model.cores = *cores;
    } else if (name == "view") {
        model.timeline.variant = value;
        model.timeline.variant_chosen = true;
    } else {
        std::vector<std::string_view> names{"decide", "cores", "view"};
        for (const Knob& knob : knobs) names.push_back(knob.name);
        return Error{"", "there is no such setting here" + did_you_mean(name, names), ""};
    }
    return Nothing{};
}

bool has_variant(const Model& model, std::string_view name) {
    const auto variants = model.experiment->make(model.knobs);
    return std::ranges::find(variants, name, &Variant::name) != variants.end();
}

} // namespace

Result<Nothing> check_state(std::string_view state) {
    const Link link = read_link(state);
    const auto experiment = experiment_named(link.experiment);
    if (!experiment) return experiment.error();
    Model model(*experiment.value());
    for (const auto& [name, value] : link.fields) {
        const auto taken = take_field(model, name, value);
        if (!taken) return Error{name + "=" + value, taken.error().what, taken.error().accepted};
    }
    const std::string& view = model.timeline.variant;
    if (model.timeline.variant_chosen && !has_variant(model, view)) {
        return Error{"view=" + view, "this experiment has no such variant", ""};
    }
    return Nothing{};
}

void Controller::start_with(std::string_view state) {
    apply(read_link(state));
    saved_state_ = this->state();
}

std::string Controller::state() const {
    Link link;
    link.experiment = model_.experiment->id;
    for (const Knob& knob : model_.knobs.descriptions()) {
        link.fields.emplace_back(knob.name, model_.knobs.text(knob.name));
    }
    if (model_.cores > 0) link.fields.emplace_back("cores", std::to_string(model_.cores));
    if (model_.timeline.variant_chosen) link.fields.emplace_back("view", model_.timeline.variant);
    if (model_.decide.open) link.fields.emplace_back("decide", decide_text(model_.decide));
    return format_link(link);
}

void Controller::apply_field(const std::string& name, const std::string& value, std::string& refused) {
    const auto taken = take_field(model_, name, value);
    if (taken) return;
    if (!refused.empty()) {
        if (refused.find(" (and more)") == std::string::npos) refused += " (and more)";
        return;
    }
    refused = "The link's " + name + (value.empty() ? "" : "=" + value) + " was not taken: " + taken.error().line();
}

void Controller::go_to(const std::string& state) {
    Link link = read_link(state);
    if (link.experiment.empty()) link.experiment = experiments().front().id;
    if (model_.experiment->id == link.experiment)
        model_.notice.reset();
    else
        leave_run();
    model_.menu_open = false;
    model_.decide.open = false;
    model_.reveal_in_list = true;
    model_.edited_knob.clear();
    model_.cores = 0;
    model_.timeline = {};
    apply(link);
    if (model_.measured_is_current()) model_.timeline.origin = Origin::measured;
    if (!model_.timeline_run()) model_.timeline.origin = Origin::simulated;
    refresh_timeline(false);
    saved_state_ = this->state();
}

void Controller::apply(const Link& link) {
    std::string refused;
    if (!link.experiment.empty()) {
        if (const Experiment* experiment = find_experiment(link.experiment)) {
            model_.experiment = experiment;
            model_.knobs = Knobs(experiment->knobs);
        } else {
            refused =
                "The link's experiment \"" + link.experiment.substr(0, 40) + "\" is not one of those listed here.";
        }
    }
    // Settings of an experiment that is not there would be applied to another one.
    if (refused.empty()) {
        for (const auto& [name, value] : link.fields) apply_field(name, value, refused);
    }
    simulate();
    const std::string wanted = model_.timeline.variant;
    refresh_timeline(false);
    if (!wanted.empty() && wanted != model_.timeline.variant && refused.empty()) {
        refused = "The link's view=" + wanted + " was not taken: this experiment has no such variant";
    }
    if (!refused.empty()) notify(refused.substr(0, 240), false);
}

} // namespace gil::ui
