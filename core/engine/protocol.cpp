#include "core/engine/protocol.h"

#include "core/base/json_reader.h"
#include "core/scenario/scenario_json.h"

namespace gil {

namespace {

constexpr std::int64_t max_id = 2'000'000'000;
constexpr Nanoseconds max_expected = 1'000'000 * second;

Json capabilities_to_json(const Capabilities& capabilities) {
    return {{"engine", capabilities.engine},
            {"hardware_concurrency", capabilities.hardware_concurrency},
            {"no_threads", capabilities.no_threads},
            {"no_processes", capabilities.no_processes},
            {"no_process_threads", capabilities.no_process_threads},
            {"no_shared_blocks", capabilities.no_shared_blocks},
            {"no_wait", capabilities.no_wait},
            {"no_start_method", capabilities.no_start_method},
            {"max_threads", capabilities.max_threads},
            {"max_processes", capabilities.max_processes}};
}

void read_reasons(ObjectReader& reader, std::string_view field, std::span<std::string> reasons) {
    const Json* json = reader.array(field, true, reasons.size());
    if (json == nullptr) return;
    for (std::size_t i = 0; i < json->size(); ++i) {
        if ((*json)[i].is_string()) reasons[i] = (*json)[i].get<std::string>();
        if (!(*json)[i].is_string()) reader.fail(field, "holds something that is not a text", {});
    }
}

Capabilities read_capabilities(const Json& json, ObjectReader& outer) {
    ObjectReader reader(json, "capabilities");
    Capabilities capabilities;
    capabilities.engine = reader.text("engine", {});
    capabilities.hardware_concurrency = static_cast<int>(reader.integer("hardware_concurrency", 0, 100'000, 1));
    capabilities.no_threads = reader.text("no_threads", {});
    capabilities.no_processes = reader.text("no_processes", {});
    capabilities.no_process_threads = reader.text("no_process_threads", {});
    capabilities.no_shared_blocks = reader.text("no_shared_blocks", {});
    capabilities.max_threads = static_cast<int>(reader.integer("max_threads", 0, 100'000, 64));
    capabilities.max_processes = static_cast<int>(reader.integer("max_processes", 0, 100'000, 64));
    read_reasons(reader, "no_wait", capabilities.no_wait);
    read_reasons(reader, "no_start_method", capabilities.no_start_method);
    if (auto end = reader.finish(); !end) outer.fail(end.error());
    return capabilities;
}

struct RequestWriter {
    Json operator()(const RunRequest& run) const {
        return {{"type", "run"},
                {"id", run.id},
                {"experiment", run.experiment},
                {"knobs", run.knobs},
                {"variants", run.variants},
                {"repeats", run.repeats}};
    }
    Json operator()(const ScenarioRequest& run) const {
        return {
            {"type", "run_scenario"}, {"id", run.id}, {"scenario", to_json(run.scenario)}, {"repeats", run.repeats}};
    }
    Json operator()(const CalibrateRequest& calibrate) const { return {{"type", "calibrate"}, {"id", calibrate.id}}; }
};

struct EventWriter {
    Json operator()(const ReadyEvent& ready) const {
        return {{"type", "ready"}, {"capabilities", capabilities_to_json(ready.capabilities)}};
    }
    Json operator()(const ProgressEvent& progress) const {
        return {{"type", "progress"},           {"id", progress.id},     {"phase", progress.phase},
                {"variant", progress.variant},  {"done", progress.done}, {"total", progress.total},
                {"expected", progress.expected}};
    }
    Json operator()(const AliveEvent& alive) const { return {{"type", "alive"}, {"id", alive.id}}; }
    Json operator()(const BegunEvent& begun) const {
        return {{"type", "begun"}, {"id", begun.id}, {"machine", to_json(begun.machine)}, {"engine", begun.engine}};
    }
    Json operator()(const MeasuredEvent& measured) const {
        return {{"type", "measured"}, {"id", measured.id}, {"variant", to_message(measured.variant)}};
    }
    Json operator()(const ResultEvent& result) const {
        return {{"type", "result"}, {"id", result.id}, {"report", to_message(result.report)}};
    }
    Json operator()(const CalibratedEvent& calibrated) const {
        return {{"type", "calibrated"}, {"id", calibrated.id}, {"machine", to_json(calibrated.machine)}};
    }
    Json operator()(const FailedEvent& failed) const {
        return {{"type", "failed"}, {"id", failed.id}, {"reason", failed.reason}};
    }
};

int read_id(ObjectReader& reader) {
    return static_cast<int>(reader.required_integer("id", 0, max_id));
}

RunRequest read_run(ObjectReader& reader) {
    RunRequest run;
    run.id = read_id(reader);
    run.experiment = reader.required_text("experiment");
    if (const Json* knobs = reader.object("knobs", false)) run.knobs = *knobs;
    if (const Json* variants = reader.array("variants", false, 100)) {
        for (const Json& name : *variants) {
            if (name.is_string()) run.variants.push_back(name.get<std::string>());
            if (!name.is_string()) reader.fail("variants", "holds something that is not a text", "names of variants");
        }
    }
    run.repeats = static_cast<int>(reader.integer("repeats", 1, max_repeats, default_repeats));
    return run;
}

ScenarioRequest read_scenario(ObjectReader& reader) {
    ScenarioRequest run;
    run.id = read_id(reader);
    run.repeats = static_cast<int>(reader.integer("repeats", 1, max_repeats, default_repeats));
    if (const Json* scenario = reader.object("scenario", true)) {
        auto read = scenario_from_json(*scenario);
        if (read) run.scenario = std::move(read.value());
        if (!read) reader.fail("scenario", read.error().line(), {});
    }
    return run;
}

ProgressEvent read_progress(ObjectReader& reader) {
    ProgressEvent progress;
    progress.id = read_id(reader);
    progress.phase = reader.required_text("phase");
    progress.variant = reader.text("variant", {});
    progress.done = static_cast<int>(reader.integer("done", 0, max_id, 0));
    progress.total = static_cast<int>(reader.integer("total", 0, max_id, 0));
    progress.expected = reader.integer("expected", 0, max_expected, 0);
    return progress;
}

Machine read_machine(ObjectReader& reader) {
    const Json* machine = reader.object("machine", true);
    if (machine == nullptr) return {};
    auto read = machine_from_json(*machine);
    if (read) return std::move(read.value());
    reader.fail("machine", read.error().line(), {});
    return {};
}

BegunEvent read_begun(ObjectReader& reader) {
    BegunEvent begun;
    begun.id = read_id(reader);
    begun.machine = read_machine(reader);
    begun.engine = reader.text("engine", {});
    return begun;
}

MeasuredEvent read_measured(ObjectReader& reader) {
    MeasuredEvent measured;
    measured.id = read_id(reader);
    if (const Json* variant = reader.object("variant", true)) {
        auto read = variant_from_message(*variant, "variant", Origin::measured);
        if (read) measured.variant = std::move(read.value());
        if (!read) reader.fail(read.error());
    }
    return measured;
}

ResultEvent read_result(ObjectReader& reader) {
    ResultEvent result;
    result.id = read_id(reader);
    if (const Json* report = reader.object("report", true)) {
        auto read = report_from_message(*report);
        if (read) result.report = std::move(read.value());
        if (!read) reader.fail(read.error());
    }
    return result;
}

CalibratedEvent read_calibrated(ObjectReader& reader) {
    CalibratedEvent calibrated;
    calibrated.id = read_id(reader);
    calibrated.machine = read_machine(reader);
    return calibrated;
}

ReadyEvent read_ready(ObjectReader& reader) {
    ReadyEvent ready;
    if (const Json* capabilities = reader.object("capabilities", true)) {
        ready.capabilities = read_capabilities(*capabilities, reader);
    }
    return ready;
}

} // namespace

Nanoseconds expected_after(const Event& event) {
    const auto* progress = std::get_if<ProgressEvent>(&event);
    return progress != nullptr ? progress->expected : 0;
}

Json to_json(const Request& request) {
    return std::visit(RequestWriter{}, request);
}

Json to_json(const Event& event) {
    return std::visit(EventWriter{}, event);
}

Result<Request> request_from_json(const Json& json) {
    ObjectReader reader(json, {});
    const std::string type = reader.required_text("type");
    Request request;
    if (type == "run") {
        request = read_run(reader);
    } else if (type == "run_scenario") {
        request = read_scenario(reader);
    } else if (type == "calibrate") {
        request = CalibrateRequest{read_id(reader)};
    } else {
        reader.fail("type", "there is no request \"" + printable(type) + "\"", "run, run_scenario or calibrate");
    }
    if (auto end = reader.finish(); !end) return end.error();
    return request;
}

Result<Event> event_from_json(const Json& json) {
    ObjectReader reader(json, {});
    const std::string type = reader.required_text("type");
    Event event;
    if (type == "ready") {
        event = read_ready(reader);
    } else if (type == "progress") {
        event = read_progress(reader);
    } else if (type == "alive") {
        event = AliveEvent{read_id(reader)};
    } else if (type == "begun") {
        event = read_begun(reader);
    } else if (type == "measured") {
        event = read_measured(reader);
    } else if (type == "result") {
        event = read_result(reader);
    } else if (type == "calibrated") {
        event = read_calibrated(reader);
    } else if (type == "failed") {
        FailedEvent failed;
        failed.id = read_id(reader);
        failed.reason = reader.text("reason", {}, 10'000);
        event = std::move(failed);
    } else {
        reader.fail("type", "there is no event \"" + printable(type) + "\"",
                    "ready, progress, alive, begun, measured, result, calibrated or failed");
    }
    if (auto end = reader.finish(); !end) return end.error();
    return event;
}

} // namespace gil
