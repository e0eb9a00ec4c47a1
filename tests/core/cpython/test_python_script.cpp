// The equivalent Python of every experiment, with what can be told of it without a Python.
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cctype>
#include <set>
#include <string>
#include <vector>

#include "core/cpython/python_module.h"
#include "core/cpython/python_script.h"
#include "core/cpython/scripts.h"

using namespace gil;

namespace {

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        lines.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

/// The name that a line at the left edge defines; empty: none.
std::string_view defined_by(std::string_view line) {
    for (const std::string_view start : {"def ", "async def ", "class "}) {
        if (line.starts_with(start)) {
            line.remove_prefix(start.size());
            return line.substr(0, line.find_first_of("(:"));
        }
    }
    const std::size_t end = line.find(" = ");
    if (end == std::string_view::npos || line.front() == ' ' || line.front() == '#') return {};
    return line.substr(0, end);
}

void check_script(const std::string& script) {
    CHECK(std::all_of(script.begin(), script.end(), [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); }));
    CHECK(script.find("\n\n\n\n") == std::string::npos);
    CHECK(script.ends_with(")\n"));
    std::set<std::string_view> top_names;
    for (const std::string_view line : lines_of(script)) {
        INFO(line);
        CHECK(line.size() <= 79);
        const std::string_view name = defined_by(line);
        if (!name.empty()) CHECK(top_names.insert(name).second); // else one file would take another's
        // Nothing of ours is left to import.
        for (const EmbeddedFile& file : experiment_scripts()) {
            std::string module(file.name.substr(0, file.name.size() - 3));
            std::replace(module.begin(), module.end(), '/', '.');
            CHECK_FALSE(line.starts_with("from " + module + " "));
        }
    }
    const std::string_view essentials = python_essentials(script);
    CHECK(essentials.size() < script.size());
    CHECK(essentials.find("\ndef prepare():") != std::string_view::npos);
    CHECK(essentials.find("getrusage") == std::string_view::npos);
    CHECK(script.find("\ndef run(") > essentials.size());
    CHECK(script.find("\nif __name__ == \"__main__\"", essentials.size()) != std::string::npos);
}

/// What stands right of "NAME = " at the left edge of the code.
std::string constant(std::string_view text, std::string_view name) {
    for (const std::string_view line : lines_of(text)) {
        if (defined_by(line) == name) return std::string(line.substr(name.size() + 3));
    }
    return "no such constant";
}

std::string upper(std::string_view name) {
    std::string text(name);
    for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return text;
}

bool has_knob(const Experiment& experiment, std::string_view name) {
    return std::ranges::any_of(experiment.knobs, [name](const Knob& knob) { return knob.name == name; });
}

} // namespace

TEST_CASE("PythonScript.each experiment has one, complete at every extreme of every knob") {
    for (const Experiment& experiment : experiments()) {
        INFO(experiment.id);
        REQUIRE(script_file(experiment.script) != nullptr);
        const std::string plain = python_script(experiment, Knobs(experiment.knobs));
        check_script(plain);
        for (const Knob& knob : experiment.knobs) {
            std::vector<double> values{-1e300, 1e300};
            for (std::size_t i = 0; i < knob.choices.size(); ++i) values.push_back(static_cast<double>(i));
            for (const double value : values) {
                Knobs knobs(experiment.knobs);
                knobs.set_number(knob.name, value);
                INFO(knob.name << "=" << knobs.text(knob.name));
                const std::string script = python_script(experiment, knobs);
                check_script(script);
                if (knobs == Knobs(experiment.knobs)) continue;
                CHECK(script != plain); // a knob that changes nothing would be a lie
            }
        }
    }
}

TEST_CASE("PythonScript.a file's constants and imports are the defaults of its experiment's knobs") {
    for (const Experiment& experiment : experiments()) {
        REQUIRE(script_file(experiment.script) != nullptr);
        const std::string_view file = script_file(experiment.script)->bytes;
        const Knobs knobs(experiment.knobs);
        for (const Knob& knob : experiment.knobs) {
            INFO(experiment.script << ", " << knob.name);
            if (knob.name == "kernel") {
                CHECK(file.find("\nfrom kernels." + knobs.text("kernel") + " import ") != std::string_view::npos);
            } else if (knob.name == "io") {
                CHECK(knobs.text("io") == "wait");
                CHECK(file.find("\nfrom waits.sleep import ") != std::string_view::npos);
            } else {
                std::string value = constant(file, upper(knob.name));
                // As python_script writes it: so what is not changed stays as it is.
                CHECK(value == constant(python_script(experiment, knobs), upper(knob.name)));
                std::erase_if(value, [](char c) { return c == '_' || c == '"'; });
                CHECK(value == knobs.text(knob.name));
            }
        }
        // What a scenario has where its experiment leaves the choice to us.
        if (!has_knob(experiment, "start_method") && file.find("multiprocessing") != std::string_view::npos) {
            CHECK(constant(file, "START_METHOD") == '"' + std::string(to_string(Scenario{}.start_method)) + '"');
        }
        const std::string title = '"' + std::string(experiment.title) + '.';
        std::string docstring(python::parse_module(file).docstring);
        std::replace(docstring.begin(), docstring.end(), '\n', ' ');
        CHECK(docstring.find(title) != std::string::npos);
    }
}

TEST_CASE("PythonScript.knobs are written as Python") {
    const Experiment& lock = *find_experiment("lock");
    Knobs knobs(lock.knobs);
    REQUIRE(knobs.set("increments", "1000000"));
    REQUIRE(knobs.set("switch_interval_ms", "0.5"));
    const std::string script = python_script(lock, knobs);
    CHECK(constant(script, "INCREMENTS") == "1_000_000");
    CHECK(constant(script, "SWITCH_INTERVAL_MS") == "0.5");
    CHECK(constant(script, "WORKERS") == "10");
    const Experiment& cpu = *find_experiment("cpu-bound");
    Knobs choices(cpu.knobs);
    REQUIRE(choices.set("start_method", "spawn"));
    CHECK(constant(python_script(cpu, choices), "START_METHOD") == "\"spawn\"");
}

TEST_CASE("PythonScript.every file belongs to an experiment, a kind of work or a kind of wait") {
    std::set<std::string> used{"launching.py", "measuring.py", "serving.py"};
    for (const Experiment& experiment : experiments()) {
        CHECK(used.insert(std::string(experiment.script)).second); // none has another's
    }
    for (const std::string_view kernel : names_of<Kernel>()) used.insert("kernels/" + std::string(kernel) + ".py");
    for (const std::string_view wait : names_of<WaitKind>()) used.insert("waits/" + std::string(wait) + ".py");
    std::set<std::string> there;
    for (const EmbeddedFile& file : experiment_scripts()) there.emplace(file.name);
    CHECK(there == used);
    CHECK(python_cost_script().find("\nimport ") != std::string_view::npos);
}

TEST_CASE("PythonScript.the table of the experiments and that of the scripts agree") {
    for (const Experiment& experiment : experiments()) {
        INFO(experiment.id);
        const std::string script = python_script(experiment, Knobs(experiment.knobs));
        bool is_sweep = false;
        for (const Variant& variant : experiment.make(Knobs(experiment.knobs))) {
            const std::string& name = variant.series.empty() ? variant.name : variant.series;
            INFO(name);
            CHECK(script.find("    \"" + name + '"') != std::string::npos);
            is_sweep |= !variant.series.empty();
        }
        CHECK((script.find("\nSWEEP = [") != std::string::npos) == is_sweep);
    }
}

TEST_CASE("PythonScript.kernels and waits are written out for the knob's choice") {
    const Experiment& cpu = *find_experiment("cpu-bound");
    Knobs knobs(cpu.knobs);
    REQUIRE(knobs.set("kernel", "parsing"));
    CHECK(python_essentials(python_script(cpu, knobs)).find("json.loads") != std::string::npos);
    REQUIRE(knobs.set("kernel", "encryption"));
    CHECK(python_essentials(python_script(cpu, knobs)).find("sha256") != std::string::npos);

    const Experiment& io = *find_experiment("io-bound");
    Knobs waits(io.knobs);
    CHECK(python_script(io, waits).find("--serve") == std::string::npos);
    REQUIRE(waits.set("io", "http"));
    const std::string script = python_script(io, waits);
    CHECK(script.find("--serve") > python_essentials(script).size());
    CHECK(script.find("--serve") < script.size());
    REQUIRE(waits.set("io", "database"));
    CHECK(python_essentials(python_script(io, waits)).find("sqlite3") != std::string::npos);
}

TEST_CASE("PythonModule.a file is taken apart into docstring, imports, code and main") {
    const python::Module module =
        python::parse_module("\"\"\"Says\nmore.\"\"\"\nimport sys\nfrom a.b import (\n    c, d)\n\n"
                             "from kernels.parsing import work\n\nX = 1\n\n\ndef f():\n    import x\n"
                             "\n\nif __name__ == \"__main__\":\n    f()\n");
    CHECK(module.docstring == "\"\"\"Says\nmore.\"\"\"");
    REQUIRE(module.imports.size() == 3);
    CHECK(module.imports[0].text == "import sys");
    CHECK(module.imports[1].text == "from a.b import (\n    c, d)");
    CHECK(module.imports[1].file == nullptr);
    REQUIRE(module.imports[2].file != nullptr);
    CHECK(module.imports[2].file->name == "kernels/parsing.py");
    CHECK(module.code == "X = 1\n\n\ndef f():\n    import x");
    CHECK(module.main == "if __name__ == \"__main__\":\n    f()");
    for (const char* odd : {"", "\n", "\"\"\"", "import", "from ", "import a(", "from a.b import (", "x"}) {
        INFO(odd);
        CHECK(python::parse_module(odd).main.empty());
    }
}
