// A report with its traces as it travels from the engine to its front end. Intervals are flat numbers, since a trace
// has thousands: [length, state, cause, task] repeated; their begins follow, because lanes have no gaps.
#include "core/base/json_reader.h"
#include "core/report/report.h"
#include "core/scenario/scenario_json.h"
#include "core/trace/run_message.h"
#include "core/trace/trace_message.h"

namespace gil {

namespace {

Result<Nothing> read_samples(const Json& samples, const std::string& path, VariantReport& variant) {
    for (const Json& sample : samples) {
        if (!sample.is_number() || !(sample.get<double>() >= 0)) {
            return Error{path, "holds something that is not a duration", "milliseconds"};
        }
        variant.wall_samples_ms.push_back(sample.get<double>());
    }
    if (samples.empty()) return Error{path, "is empty", "at least one duration"};
    variant.wall_ms = spread_of(variant.wall_samples_ms);
    return Nothing{};
}

/// Name and what was measured, or why nothing was.
void read_variant(ObjectReader& reader, Origin origin, VariantReport& variant) {
    variant.name = reader.required_text("name");
    variant.unavailable = reader.text("unavailable", {});
    if (!variant.unavailable.empty()) return;
    variant.outputs_ok = reader.boolean("outputs_ok", true);
    if (const Json* samples = reader.array("wall_samples_ms", true, 1'000)) {
        if (auto read = read_samples(*samples, reader.path_of("wall_samples_ms"), variant); !read) {
            reader.fail(read.error());
        }
    }
    variant.median_run.origin = origin;
    variant.median_run.outputs = read_outputs(reader, "outputs");
    variant.median_run.observations = read_observations(reader, "observations");
    if (const Json* trace = reader.object("trace", true)) {
        auto read = trace_from_message(*trace, reader.path_of("trace"));
        if (read) variant.median_run.trace = std::move(read.value());
        if (!read) reader.fail(read.error());
    }
    variant.metrics = derive_metrics(variant.median_run.trace);
}

Json placed_variant_to_message(const VariantReport& variant) {
    Json json = to_message(variant);
    json["scenario"] = to_json(variant.scenario);
    json["series"] = variant.series;
    json["x"] = variant.x;
    return json;
}

Result<VariantReport> placed_variant_from_message(const Json& json, const std::string& path, Origin origin) {
    ObjectReader reader(json, path);
    VariantReport variant;
    read_variant(reader, origin, variant);
    variant.series = reader.text("series", {});
    variant.x = reader.number("x", -1e12, 1e12, 0);
    if (const Json* scenario = reader.object("scenario", true)) {
        auto read = scenario_from_json(*scenario);
        if (read) variant.scenario = std::move(read.value());
        if (!read) reader.fail("scenario", read.error().line(), {});
    }
    if (auto end = reader.finish(); !end) return end.error();
    return variant;
}

Verdict read_verdict(const Json& json, ObjectReader& outer) {
    ObjectReader reader(json, "verdict");
    Verdict verdict;
    verdict.holds = static_cast<Holds>(reader.integer("holds", 0, 2, 2));
    verdict.headline = reader.text("headline", {}, 10'000);
    verdict.why = reader.text("why", {}, 10'000);
    if (auto end = reader.finish(); !end) outer.fail(end.error());
    return verdict;
}

} // namespace

Json to_message(const VariantReport& variant) {
    Json json = {{"name", variant.name}};
    if (!variant.unavailable.empty()) {
        json["unavailable"] = variant.unavailable;
        return json;
    }
    json["wall_samples_ms"] = variant.wall_samples_ms;
    json["outputs_ok"] = variant.outputs_ok;
    json["outputs"] = to_message(variant.median_run.outputs);
    json["observations"] = to_message(variant.median_run.observations);
    json["trace"] = to_message(variant.median_run.trace);
    return json;
}

Result<VariantReport> variant_from_message(const Json& json, const std::string& path, Origin origin) {
    ObjectReader reader(json, path);
    VariantReport variant;
    read_variant(reader, origin, variant);
    if (auto end = reader.finish(); !end) return end.error();
    return variant;
}

Json to_message(const Report& report) {
    Json variants = Json::array();
    for (const VariantReport& variant : report.variants) variants.push_back(placed_variant_to_message(variant));
    return {{"experiment", report.experiment},
            {"knobs", report.knobs},
            {"origin", static_cast<int>(report.origin)},
            {"machine", to_json(report.machine)},
            {"engine", report.engine},
            {"variants", std::move(variants)},
            {"verdict",
             {{"holds", static_cast<int>(report.verdict.holds)},
              {"headline", report.verdict.headline},
              {"why", report.verdict.why}}}};
}

Result<Report> report_from_message(const Json& json) {
    ObjectReader reader(json, "report");
    Report report;
    report.experiment = reader.required_text("experiment");
    if (const Json* knobs = reader.object("knobs", true)) report.knobs = *knobs;
    report.origin = static_cast<Origin>(reader.integer("origin", 0, 2, 0));
    report.engine = reader.text("engine", {});
    if (const Json* machine = reader.object("machine", true)) {
        auto read = machine_from_json(*machine);
        if (read) report.machine = std::move(read.value());
        if (!read) reader.fail("machine", read.error().line(), {});
    }
    if (const Json* variants = reader.array("variants", true, 1'000)) {
        for (std::size_t i = 0; i < variants->size() && !reader.failed(); ++i) {
            const std::string path = "report.variants[" + std::to_string(i) + "]";
            auto read = placed_variant_from_message((*variants)[i], path, report.origin);
            if (!read) {
                reader.fail(read.error());
            } else {
                report.variants.push_back(std::move(read.value()));
            }
        }
    }
    if (const Json* verdict = reader.object("verdict", true)) report.verdict = read_verdict(*verdict, reader);
    if (auto end = reader.finish(); !end) return end.error();
    fill_speedups(report);
    return report;
}

} // namespace gil
