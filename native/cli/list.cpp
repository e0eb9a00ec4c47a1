// gilplay list: the experiments.
#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>

#include "core/experiments/experiment.h"
#include "native/cli/command_line.h"
#include "native/cli/output.h"

namespace gil::native {

namespace {

std::string kind_name(KnobKind kind) {
    switch (kind) {
    case KnobKind::integer:
        return "integer";
    case KnobKind::real:
        return "real";
    case KnobKind::choice:
        return "choice";
    }
    return "";
}

Json knob_json(const Knob& knob, const Knobs& defaults) {
    Json json{{"name", knob.name}, {"title", knob.title}, {"unit", knob.unit}, {"kind", kind_name(knob.kind)}};
    if (knob.kind == KnobKind::choice) {
        json["choices"] = knob.choices;
    } else {
        json["min"] = knob.min;
        json["max"] = knob.max;
    }
    json["default"] = defaults.to_json().value(std::string(knob.name), Json());
    json["help"] = knob.help;
    return json;
}

Json list_json() {
    Json list = Json::array();
    for (const Experiment& experiment : experiments()) {
        const Knobs defaults(experiment.knobs);
        Json knobs = Json::array();
        for (const Knob& knob : experiment.knobs) knobs.push_back(knob_json(knob, defaults));
        Json variants = Json::array();
        for (const Variant& variant : experiment.make(defaults)) variants.push_back(variant.name);
        list.push_back(Json{{"id", experiment.id},
                            {"group", experiment.group},
                            {"title", experiment.title},
                            {"claim", experiment.claim},
                            {"knobs", knobs},
                            {"variants", variants}});
    }
    return Json{{"experiments", list}};
}

std::string list_text(const Terminal& terminal) {
    std::size_t widest = 0;
    for (const Experiment& experiment : experiments()) widest = std::max(widest, experiment.id.size());
    const int column = static_cast<int>(widest) + 2;
    std::string text;
    for (const Experiment& experiment : experiments()) {
        const std::string claim(experiment.claim);
        std::string lines = wrapped(terminal.unicode ? claim : to_ascii(claim), terminal.width, column);
        lines.replace(0, experiment.id.size(), experiment.id);
        if (terminal.colour) lines.insert(experiment.id.size(), "\033[0m").insert(0, "\033[1m");
        text += lines;
    }
    return text;
}

} // namespace

void add_list(CLI::App& app, Action& action) {
    auto json = std::make_shared<bool>(false);
    CLI::App* command = app.add_subcommand("list", "The experiments and what each claims");
    command->add_flag("--json", *json, "Print one JSON document, with every knob");
    command->callback([json, &action] {
        action = [json] { return print_out(*json ? dump_json(list_json(), 2) + "\n" : list_text(detect_terminal())); };
    });
}

} // namespace gil::native
