#include "core/cpython/python_script.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cctype>
#include <set>
#include <utility>
#include <vector>

#include "core/base/text.h"
#include "core/cpython/python_module.h"
#include "core/cpython/scripts.h"
#include "core/experiments/common_knobs.h"

namespace gil {

namespace {

using python::Import;
using python::Module;

constexpr std::string_view between = "\n\n\n"; // as PEP 8 wants it around functions
constexpr std::string_view divider = "\n\n\n# -- what follows measures and prints --\n\n";

/// Imports of libraries: `import a` before `from a import b`, each once.
using Libraries = std::set<std::pair<bool, std::string>>;

/// One part of the script: what it imports and the code of its modules.
struct Part {
    Libraries libraries;
    std::vector<std::string> code;
};

/// The modules that a reader need not see.
bool is_folded(std::string_view file) {
    return file == "measuring.py" || file == "serving.py";
}

/// The constant of a knob: "WORK_MS".
std::string constant_of(const Knob& knob) {
    std::string name(knob.name);
    for (char& c : name) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return name;
}

/// The value of a knob as Python writes it: 300_000, 0.05, "spawn".
std::string python_value(const Knobs& knobs, const Knob& knob) {
    if (knob.kind == KnobKind::choice) return '"' + knobs.text(knob.name) + '"';
    if (knob.kind == KnobKind::real) return knobs.text(knob.name);
    std::string digits = grouped(knobs.integer(knob.name));
    std::replace(digits.begin(), digits.end(), ',', '_');
    return digits;
}

/// Where the knob is a choice between modules, the one to import for it: "kernels.parsing". Else empty.
std::string module_of(const Knobs& knobs, const Knob& knob) {
    if (knob.name == "kernel") return "kernels." + std::string(to_string(kernel_of(knobs)));
    if (knob.name == "io") return "waits." + std::string(to_string(wait_kind_of(knobs)));
    return {};
}

/// Imports `module` instead of the one of the same folder.
void exchange_import(Module& script, const std::string& module) {
    const std::string folder = module.substr(0, module.find('.') + 1);
    const std::string start = "from " + folder;
    for (Import& import : script.imports) {
        if (!import.text.starts_with(start)) continue;
        import.text = "from " + module + import.text.substr(import.text.find(' ', start.size()));
        import.file = folder;
        import.file.back() = '/';
        import.file += module.substr(folder.size()) + ".py";
        return;
    }
    assert(false && "the script imports what its knob chooses");
}

/// Gives the constant another value.
void set_constant(Module& script, const std::string& name, const std::string& value) {
    const std::string start = "\n" + name + " = ";
    std::string code = "\n" + script.code;
    const std::size_t at = code.find(start);
    assert(at != std::string::npos && "the script has a constant for each knob");
    if (at == std::string::npos) return;
    const std::size_t from = at + start.size();
    code.replace(from, code.find('\n', from) - from, value);
    script.code = code.substr(1);
}

std::string joined(const std::vector<std::string>& code) {
    std::string text;
    for (const std::string& each : code) {
        if (!text.empty()) text += between;
        text += each.substr(0, each.find_last_not_of('\n') + 1);
    }
    return text;
}

/// Sorts what `module` imports into libraries and, deepest first, the code of other modules of ours.
void add_imports(const Module& module, bool folded, std::set<std::string>& seen, Part& shown, Part& hidden) {
    for (const Import& import : module.imports) {
        if (import.file.empty()) {
            (folded ? hidden : shown).libraries.emplace(import.text.starts_with("from "), import.text);
        } else if (seen.insert(import.file).second) {
            const Module ours = python::parse_module(script_file(import.file));
            const bool fold = folded || is_folded(import.file);
            add_imports(ours, fold, seen, shown, hidden);
            (fold ? hidden : shown).code.push_back(ours.main.empty() ? ours.code : joined({ours.code, ours.main}));
        }
    }
}

std::string lines_of(const Libraries& libraries, const Libraries& besides = {}) {
    std::string text;
    for (const auto& library : libraries) {
        if (!besides.contains(library)) text += library.second + "\n";
    }
    return text;
}

} // namespace

std::string python_script(const Experiment& experiment, const Knobs& knobs) {
    Module script = python::parse_module(script_file(experiment.script));
    assert(!script.code.empty() && "every experiment has a script");
    for (const Knob& knob : knobs.descriptions()) {
        const std::string module = module_of(knobs, knob);
        if (module.empty()) {
            set_constant(script, constant_of(knob), python_value(knobs, knob));
        } else {
            exchange_import(script, module);
        }
    }
    Part shown;
    Part hidden;
    std::set<std::string> seen;
    add_imports(script, false, seen, shown, hidden);
    // First the knobs, then what was imported, which the rest uses.
    const std::size_t end = std::min(script.code.find(between), script.code.size());
    shown.code.insert(shown.code.begin(), script.code.substr(0, end));
    if (end < script.code.size()) shown.code.push_back(script.code.substr(end + between.size()));
    std::string text = script.docstring + "\n" + lines_of(shown.libraries) + "\n" + joined(shown.code);
    text += divider;
    text += lines_of(hidden.libraries, shown.libraries) + "\n\n" + joined(hidden.code);
    text += std::string(between) + script.main;
    return text;
}

std::string_view python_essentials(std::string_view script) {
    const std::size_t end = script.find(divider);
    return script.substr(0, end == std::string_view::npos ? end : end + 1);
}

std::string_view python_cost_script() {
    return cost_scripts().front().bytes;
}

} // namespace gil
