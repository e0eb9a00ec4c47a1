#include "core/cpython/python_script.h"

#include <algorithm>
#include <cassert>
#include <cctype>
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

/// One part of the script: what it imports from libraries, sorted, and the code of its modules.
struct Part {
    std::vector<std::string_view> libraries;
    std::string code;
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

/// Where the knob is a choice between files, the one to import for it: "kernels/parsing.py". Else empty.
std::string file_of(const Knobs& knobs, const Knob& knob) {
    if (knob.name == "kernel") return "kernels/" + std::string(to_string(kernel_of(knobs))) + ".py";
    if (knob.name == "io") return "waits/" + std::string(to_string(wait_kind_of(knobs))) + ".py";
    return {};
}

/// Imports the file instead of the one of the same folder.
void exchange_import(Module& script, std::string_view name) {
    const std::string_view folder = name.substr(0, name.find('/') + 1);
    for (Import& import : script.imports) {
        if (import.file == nullptr || !import.file->name.starts_with(folder)) continue;
        import.file = script_file(name);
        assert(import.file != nullptr && "there is a file for each choice");
        return;
    }
    assert(false && "the script imports what its knob chooses");
}

/// Gives a constant of `code`, which begins with a line end, another value.
void set_constant(std::string& code, const std::string& name, const std::string& value) {
    const std::string start = "\n" + name + " = ";
    const std::size_t at = code.find(start);
    assert(at != std::string::npos && "the script has a constant for each knob");
    if (at == std::string::npos) return;
    const std::size_t from = at + start.size();
    code.replace(from, code.find('\n', from) - from, value);
}

void add_code(std::string& text, std::string_view code) {
    if (code.empty()) return;
    if (!text.empty()) text += between;
    text += code;
}

/// `import a` comes before `from a import b`.
bool comes_before(std::string_view a, std::string_view b) {
    const bool from_a = a.starts_with("from ");
    return from_a == b.starts_with("from ") ? a < b : !from_a;
}

void add_library(std::vector<std::string_view>& libraries, std::string_view import) {
    const auto at = std::lower_bound(libraries.begin(), libraries.end(), import, comes_before);
    if (at == libraries.end() || *at != import) libraries.insert(at, import);
}

/// Sorts what `module` imports into libraries and, deepest first, the code of other modules of ours.
void add_imports(const Module& module, bool folded, std::vector<const EmbeddedFile*>& seen, Part& shown, Part& hidden) {
    for (const Import& import : module.imports) {
        if (import.file == nullptr) {
            add_library((folded ? hidden : shown).libraries, import.text);
        } else if (std::find(seen.begin(), seen.end(), import.file) == seen.end()) {
            seen.push_back(import.file);
            const Module ours = python::parse_module(import.file->bytes);
            const bool fold = folded || is_folded(import.file->name);
            add_imports(ours, fold, seen, shown, hidden);
            add_code((fold ? hidden : shown).code, ours.code);
            add_code((fold ? hidden : shown).code, ours.main);
        }
    }
}

void add_lines(std::string& text, const std::vector<std::string_view>& libraries,
               const std::vector<std::string_view>& besides) {
    for (const std::string_view library : libraries) {
        if (std::find(besides.begin(), besides.end(), library) == besides.end()) text.append(library) += '\n';
    }
}

} // namespace

std::string python_script(const Experiment& experiment, const Knobs& knobs) {
    const EmbeddedFile* file = script_file(experiment.script);
    assert(file != nullptr && "every experiment has a script");
    if (file == nullptr) return {};
    Module script = python::parse_module(file->bytes);
    std::string code = "\n" + std::string(script.code);
    for (const Knob& knob : knobs.descriptions()) {
        const std::string chosen = file_of(knobs, knob);
        if (chosen.empty()) {
            set_constant(code, constant_of(knob), python_value(knobs, knob));
        } else {
            exchange_import(script, chosen);
        }
    }
    // First the knobs, then what was imported, which the rest uses.
    const std::size_t end = std::min(code.find(between), code.size());
    Part shown{{}, code.substr(1, end - 1)};
    Part hidden;
    std::vector<const EmbeddedFile*> seen;
    add_imports(script, false, seen, shown, hidden);
    if (end < code.size()) add_code(shown.code, std::string_view(code).substr(end + between.size()));
    std::string text = std::string(script.docstring) + "\n";
    add_lines(text, shown.libraries, {});
    text += "\n" + shown.code;
    text += divider;
    add_lines(text, hidden.libraries, shown.libraries);
    text += "\n\n" + hidden.code;
    add_code(text, script.main);
    return text + "\n";
}

std::string_view python_essentials(std::string_view script) {
    const std::size_t end = script.find(divider);
    return script.substr(0, end == std::string_view::npos ? end : end + 1);
}

std::string_view python_cost_script() {
    return cost_scripts().front().bytes;
}

} // namespace gil
