// The published document of --json. docs/report.md describes every field.
#include "core/report/report.h"

namespace gil {

namespace {

Json spread_to_json(const Spread& spread) {
    return {{"median", spread.median}, {"min", spread.min}, {"max", spread.max}, {"samples", spread.samples}};
}

Json optional_ms(const std::optional<Nanoseconds>& value) {
    return value ? Json(to_ms(*value)) : Json(nullptr);
}

Json outputs_to_json(const std::vector<TaskOutput>& outputs) {
    Json json = Json::array();
    for (const TaskOutput& output : outputs) {
        Json entry = {{"turns", output.turns}, {"checksum", std::to_string(output.checksum)}};
        if (output.bytes > 0) entry["bytes"] = output.bytes;
        if (!output.error.empty()) entry["error"] = output.error;
        json.push_back(std::move(entry));
    }
    return json;
}

Json errors_to_json(const std::vector<TaskOutput>& outputs) {
    Json json = Json::array();
    for (const TaskOutput& output : outputs) json.push_back(output.error);
    return json;
}

Json observations_to_json(const std::vector<Observation>& observations) {
    Json json = Json::array();
    for (const Observation& observation : observations) {
        Json entry = {{"name", observation.name}};
        if (observation.text.empty()) {
            entry["value"] = observation.value;
            entry["expected"] = observation.expected;
        } else {
            entry["text"] = observation.text;
        }
        json.push_back(std::move(entry));
    }
    return json;
}

Json stop_to_json(const VariantReport& variant) {
    const Stop& stop = *variant.median_run.stop;
    return {{"at_ms", to_ms(stop.at)},
            {"tasks_done", stop.tasks_done},
            {"limit", stop.reason == Stop::Reason::events ? "events" : "memory"},
            {"why", stop_text(variant)}};
}

/// CPython keeps no trace: what is derived from one is not known there.
void add_metrics(Json& json, const Metrics& metrics, bool known) {
    const auto traced = [&](const Json& value) { return known ? value : Json(nullptr); };
    json["starting_ms"] = traced(to_ms(metrics.starting));
    json["running_ms"] = traced(to_ms(metrics.running));
    json["native_ms"] = traced(to_ms(metrics.native));
    json["cpu_ms"] = optional_ms(metrics.cpu);
    json["gil_switches"] = traced(metrics.gil_switches);
    json["gil_wait_ms"] = traced(to_ms(metrics.gil_wait));
    json["gil_busy"] = traced(metrics.gil_busy);
    json["io_wait_ms"] = traced(to_ms(metrics.io_wait));
    json["lock_wait_ms"] = traced(to_ms(metrics.lock_wait));
    json["serialising_ms"] = traced(to_ms(metrics.serialising));
    json["bytes_serialised"] = traced(metrics.bytes_serialised);
    json["dropped_intervals"] = traced(metrics.dropped_intervals);
}

Json variant_to_json(const VariantReport& variant, Origin origin) {
    Json json = {{"name", variant.name},
                 {"model", to_string(variant.scenario.model)},
                 {"workers", started_workers(variant.scenario)},
                 {"tasks", variant.scenario.tasks.size()}};
    if (!variant.series.empty()) {
        json["series"] = variant.series;
        json["x"] = variant.x;
    }
    if (!variant.unavailable.empty()) {
        json["unavailable"] = variant.unavailable;
        return json;
    }
    json["wall_ms"] = spread_to_json(variant.wall_ms);
    json["wall_samples_ms"] = variant.wall_samples_ms;
    json["speedup"] = variant.speedup > 0 ? Json(variant.speedup) : Json(nullptr);
    add_metrics(json, variant.metrics, knows_trace(variant, origin));
    if (variant.median_run.stop) json["stopped"] = stop_to_json(variant);
    if (!variant.median_run.observations.empty()) {
        json["observations"] = observations_to_json(variant.median_run.observations);
    }
    if (origin == Origin::cpython && !variant.median_run.outputs.empty()) {
        json["task_errors"] = errors_to_json(variant.median_run.outputs);
    }
    if (origin == Origin::measured) {
        json["outputs_ok"] = variant.outputs_ok;
        json["outputs"] = outputs_to_json(variant.median_run.outputs);
    }
    return json;
}

} // namespace

Json to_json(const Report& report) {
    Json variants = Json::array();
    for (const VariantReport& variant : report.variants) variants.push_back(variant_to_json(variant, report.origin));
    const Holds holds = report.verdict.holds;
    Json json = {{"experiment", report.experiment},
                 {"knobs", report.knobs},
                 {"origin", to_string(report.origin)},
                 {"machine", to_json(report.machine)}};
    if (!report.engine.empty()) json["engine"] = report.engine;
    if (report.stopped) json["stopped"] = true;
    json["variants"] = std::move(variants);
    json["verdict"] = {{"holds", holds == Holds::cannot_tell ? Json(nullptr) : Json(holds == Holds::yes)},
                       {"headline", report.verdict.headline},
                       {"why", report.verdict.why}};
    return json;
}

} // namespace gil
