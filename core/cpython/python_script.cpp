#include "core/cpython/python_script.h"

#include <cassert>

#include "core/cpython/parts.h"

namespace gil {

namespace {

constexpr std::string_view divider = "\n# -- what follows measures and prints --\n\n";

const python::Template& template_of(std::string_view experiment) {
    for (const auto group : {python::lock_templates(), python::waiting_templates(), python::process_templates(),
                             python::isolation_templates(), python::choosing_templates()}) {
        for (const python::Template& known : group) {
            if (known.experiment == experiment) return known;
        }
    }
    assert(false && "every experiment has a script");
    return python::lock_templates().front();
}

/// The value of a choice knob, or `fallback` where the experiment has no such knob.
std::string_view choice(const Knobs& knobs, std::string_view name, std::string_view fallback) {
    for (const Knob& knob : knobs.descriptions()) {
        if (knob.name == name) return knobs.choice(name);
    }
    return fallback;
}

bool uses(std::string_view text, std::string_view what) {
    return text.find(what) != std::string_view::npos;
}

void replace_all(std::string& text, std::string_view name, std::string_view value) {
    const std::string mark = "$" + std::string(name) + "$";
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + value.size())) {
        text.replace(at, mark.size(), value);
    }
}

/// What the script calls but a reader need not see first.
std::string helpers(std::string_view script, std::string_view io) {
    std::string waits = uses(script, "how_to_wait(") ? std::string(python::wait_tools(io)) + "\n" : std::string();
    std::string text;
    if (uses(script, "turns_for(") || uses(script, "how_often(") || uses(waits, "how_often(")) {
        text += std::string(python::calibration()) + "\n";
    }
    if (uses(script, "turns_for(")) text += std::string(python::turns()) + "\n";
    return text + waits + std::string(python::measuring());
}

} // namespace

std::string python_script(const Experiment& experiment, const Knobs& knobs) {
    const python::Template& known = template_of(experiment.id);
    const std::string_view io = choice(knobs, "io", "wait");
    std::string script(known.text);
    script += divider;
    script += python::imports();
    script += helpers(known.text, io);
    replace_all(script, "KERNEL", python::kernel(choice(knobs, "kernel", known.kernel)));
    replace_all(script, "WAIT", python::wait(io));
    replace_all(script, "LAUNCH", python::launch());
    for (const Knob& knob : knobs.descriptions()) replace_all(script, knob.name, knobs.text(knob.name));
    // What a scenario has where its experiment leaves the choice to us.
    replace_all(script, "start_method", to_string(Scenario{}.start_method));
    return script;
}

std::string_view python_essentials(std::string_view script) {
    return script.substr(0, script.find(divider));
}

} // namespace gil
