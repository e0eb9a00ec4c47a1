#include "core/cpython/cpython_report.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "core/base/json_reader.h"

namespace gil {

namespace {

constexpr double longest_ms = 1e9;
constexpr std::int64_t largest = std::int64_t{1} << 53;
constexpr std::size_t most_text = 2'000;

/// null says the same as a missing field: that it cannot be told.
Json without_null_gil(Json json) {
    if (json.is_object() && json.contains("gil") && json["gil"].is_null()) json.erase("gil");
    return json;
}

/// {"python": "3.11.2", "implementation": "CPython", "gil": true} of the reader's object.
PythonInterpreter read_interpreter(ObjectReader& reader, std::string_view version_field) {
    PythonInterpreter interpreter;
    interpreter.version = printable(reader.required_text(version_field), 40);
    interpreter.implementation = printable(reader.required_text("implementation"), 40);
    if (reader.has("gil")) interpreter.gil = reader.boolean("gil", true);
    return interpreter;
}

Observation read_observation(const Json& json, const std::string& path, ObjectReader& outer) {
    ObjectReader reader(json, path);
    Observation seen;
    seen.name = printable(reader.required_text("name"));
    if (reader.has("text")) {
        seen.text = printable(reader.text("text", {}, most_text), 300);
    } else {
        seen.value = reader.required_integer("value", -largest, largest);
        seen.expected = reader.required_integer("expected", -largest, largest);
    }
    if (auto end = reader.finish(); !end) outer.fail(end.error());
    return seen;
}

std::vector<double> read_walls(ObjectReader& reader) {
    std::vector<double> walls;
    const Json* samples = reader.array("wall_ms", false, 1'000);
    for (std::size_t i = 0; samples != nullptr && i < samples->size() && !reader.failed(); ++i) {
        const Json& sample = (*samples)[i];
        const double ms = sample.is_number() ? sample.get<double>() : -1;
        if (ms >= 0 && ms <= longest_ms) {
            walls.push_back(ms);
        } else {
            reader.fail("wall_ms[" + std::to_string(i) + "]", "is not a duration", "milliseconds");
        }
    }
    return walls;
}

void read_outputs(ObjectReader& reader, Run& run) {
    const Json* errors = reader.array("task_errors", false, limits::max_tasks);
    for (std::size_t i = 0; errors != nullptr && i < errors->size() && !reader.failed(); ++i) {
        if (!(*errors)[i].is_string()) {
            reader.fail("task_errors[" + std::to_string(i) + "]", "is not a text", {});
            return;
        }
        run.outputs.push_back({.error = printable((*errors)[i].get_ref<const std::string&>(), 300)});
    }
}

/// Reads one variant into `report`, which knows its name, scenario and place in a sweep.
void read_variant(const Json& json, const std::string& path, VariantReport& report, ObjectReader& outer) {
    ObjectReader reader(json, path);
    (void)reader.required_text("name");
    (void)reader.text("series", {});
    (void)reader.number("x", -1e12, 1e12, 0);
    const std::string unavailable = printable(reader.text("unavailable", {}, most_text), 200);
    const std::string error = printable(reader.text("error", {}, 1u << 20), 200);
    Run& run = report.median_run;
    run.origin = Origin::cpython;
    report.wall_samples_ms = read_walls(reader);
    if (reader.has("cpu_ms")) report.metrics.cpu = from_ms(reader.number("cpu_ms", 0, longest_ms, 0));
    if (const Json* seen = reader.array("observations", false, 1'000)) {
        for (std::size_t i = 0; i < seen->size() && !reader.failed(); ++i) {
            const std::string place = reader.path_of("observations[" + std::to_string(i) + "]");
            run.observations.push_back(read_observation((*seen)[i], place, reader));
        }
    }
    read_outputs(reader, run);
    report.wall_ms = spread_of(report.wall_samples_ms);
    report.metrics.wall = run.trace.end = from_ms(report.wall_ms.median);
    report.unavailable = unavailable.empty() && !error.empty() ? std::string(failure_mark) + error : unavailable;
    if (!report.unavailable.empty() && !report.wall_samples_ms.empty()) {
        reader.fail("wall_ms", "has durations though the variant did not run", "an empty array");
    }
    if (report.unavailable.empty() && report.wall_samples_ms.empty()) {
        reader.fail("wall_ms", "is empty, and nothing says why", "at least one duration");
    }
    if (auto end = reader.finish(); !end) outer.fail(end.error());
}

VariantReport not_mentioned(const Variant& variant) {
    VariantReport report;
    report.name = variant.name;
    report.scenario = variant.scenario;
    report.series = variant.series;
    report.x = variant.x;
    report.unavailable = "the script has no such variant";
    return report;
}

/// Which of `reports` an entry of the answer is about; nullptr after an error.
VariantReport* named_in(const Json& json, const std::string& path, std::vector<VariantReport>& reports,
                        ObjectReader& outer) {
    const bool has_name = json.is_object() && json.contains("name") && json["name"].is_string();
    const std::string name = has_name ? json["name"].get<std::string>() : std::string();
    const auto found = std::find_if(reports.begin(), reports.end(), [&](const auto& r) { return r.name == name; });
    if (found != reports.end()) return &*found;
    std::vector<std::string_view> names;
    for (const VariantReport& report : reports) names.push_back(report.name);
    outer.fail({path, has_name ? "there is no variant \"" + printable(name, 40) + "\"" : "has no name", one_of(names)});
    return nullptr;
}

} // namespace

std::string describe(const PythonInterpreter& interpreter) {
    std::string text = interpreter.implementation + " " + interpreter.version;
    if (interpreter.gil) text += *interpreter.gil ? " with a GIL" : " without a GIL";
    return text;
}

Json to_json(const PythonInterpreter& interpreter) {
    return {{"path", interpreter.path},
            {"version", interpreter.version},
            {"implementation", interpreter.implementation},
            {"gil", interpreter.gil ? Json(*interpreter.gil) : Json(nullptr)}};
}

Result<PythonInterpreter> interpreter_from_json(const Json& json, std::string path) {
    const Json known = without_null_gil(json);
    ObjectReader reader(known, "");
    PythonInterpreter interpreter = read_interpreter(reader, "version");
    if (auto end = reader.finish(); !end) return end.error();
    interpreter.path = std::move(path);
    return interpreter;
}

Result<CpythonAnswer> read_cpython_answer(std::string_view text, const Experiment& experiment, const Knobs& knobs,
                                          std::span<const Variant> variants, const Machine& machine) {
    auto json = parse_json(text, "its answer");
    if (!json) return json.error();
    const Json document = without_null_gil(std::move(json.value()));
    ObjectReader reader(document, "");
    CpythonAnswer answer;
    answer.interpreter = read_interpreter(reader, "python");
    Report& report = answer.report;
    report.experiment = experiment.id;
    report.knobs = knobs.to_json();
    report.origin = Origin::cpython;
    report.machine = machine;
    report.engine = describe(answer.interpreter);
    for (const Variant& variant : variants) report.variants.push_back(not_mentioned(variant));
    std::vector<const VariantReport*> mentioned;
    const Json* told = reader.array("variants", true, 1'000);
    for (std::size_t i = 0; told != nullptr && i < told->size() && !reader.failed(); ++i) {
        const std::string path = "variants[" + std::to_string(i) + "]";
        VariantReport* variant = named_in((*told)[i], path, report.variants, reader);
        if (variant == nullptr) break;
        if (std::find(mentioned.begin(), mentioned.end(), variant) != mentioned.end()) {
            reader.fail({path, "\"" + variant->name + "\" comes twice", {}});
        }
        mentioned.push_back(variant);
        read_variant((*told)[i], path, *variant, reader);
    }
    if (auto end = reader.finish(); !end) return end.error();
    fill_speedups(report);
    conclude(experiment, report);
    return answer;
}

} // namespace gil
