// The equivalent Python of every experiment, with what can be told of it without a Python.
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <string>

#include "core/cpython/python_script.h"
#include "tests/support/python_cases.h"

using namespace gil;
using namespace gil::test;

namespace {

std::size_t longest_line(std::string_view text) {
    std::size_t longest = 0;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        longest = std::max(longest, end);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return longest;
}

void check_script(const std::string& script) {
    CHECK(script.find('$') == std::string::npos);
    CHECK(std::all_of(script.begin(), script.end(), [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); }));
    CHECK(script.find("\n\n\n") == std::string::npos);
    CHECK(longest_line(script) <= 79);
    const std::string_view essentials = python_essentials(script);
    CHECK(essentials.size() < script.size() / 2 + 3'000);
    CHECK(longest_line(essentials) <= 39); // what the code panel shows without wrapping
    CHECK(essentials.find("def prepare():") != std::string_view::npos);
    CHECK(script.find("\ndef main():\n    import json") > essentials.size());
}

} // namespace

TEST_CASE("PythonScript.each experiment has one, complete at every extreme of every knob") {
    for (const ScriptCase& known : script_cases()) {
        const std::string plain = python_script(known.experiment, Knobs(known.experiment.knobs));
        INFO(known.experiment.id);
        check_script(plain);
        for (const Knob& knob : known.experiment.knobs) {
            std::vector<double> values{-1e300, 1e300};
            for (std::size_t i = 0; i < knob.choices.size(); ++i) values.push_back(static_cast<double>(i));
            for (const double value : values) {
                Knobs knobs(known.experiment.knobs);
                knobs.set_number(knob.name, value);
                INFO(knob.name << "=" << knobs.text(knob.name));
                const std::string script = python_script(known.experiment, knobs);
                check_script(script);
                if (knobs == Knobs(known.experiment.knobs)) continue;
                CHECK(script != plain); // a knob that changes nothing would be a lie
            }
        }
    }
}

TEST_CASE("PythonScript.the variants are those of the experiment") {
    for (const ScriptCase& known : script_cases()) {
        INFO(known.experiment.id);
        const std::string script = python_script(known.experiment, Knobs(known.experiment.knobs));
        for (const std::string_view name : known.variants) {
            INFO(name);
            CHECK(script.find('"' + std::string(name) + '"') != std::string::npos);
        }
        CHECK((script.find("SWEEP = ") != std::string::npos) == known.sweep);
    }
}

TEST_CASE("PythonScript.the table of the experiments and that of the scripts agree") {
    for (const Experiment& experiment : experiments()) {
        INFO(experiment.id);
        const std::string script = python_script(experiment, Knobs(experiment.knobs));
        for (const Variant& variant : experiment.make(Knobs(experiment.knobs))) {
            const std::string& name = variant.series.empty() ? variant.name : variant.series;
            CHECK(script.find('"' + name + '"') != std::string::npos);
        }
    }
}

TEST_CASE("PythonScript.kernels and waits are written out for the knob's choice") {
    const Experiment& cpu = script_case("cpu-bound").experiment;
    Knobs knobs(cpu.knobs);
    REQUIRE(knobs.set("kernel", "parsing"));
    CHECK(python_script(cpu, knobs).find("json.loads") != std::string::npos);
    REQUIRE(knobs.set("kernel", "encryption"));
    CHECK(python_script(cpu, knobs).find("sha256") != std::string::npos);

    const Experiment& io = script_case("io-bound").experiment;
    Knobs waits(io.knobs);
    CHECK(python_script(io, waits).find("--serve") == std::string::npos);
    REQUIRE(waits.set("io", "http"));
    CHECK(python_script(io, waits).find("--serve") != std::string::npos);
    REQUIRE(waits.set("io", "database"));
    CHECK(python_script(io, waits).find("sqlite3") != std::string::npos);
}
