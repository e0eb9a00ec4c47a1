// A report as Chrome trace-event JSON. A process per variant and interpreter, a thread per lane, one more for the GIL.
#include <algorithm>
#include <functional>

#include "core/report.h"

namespace gil {

namespace {

using AddEvent = std::function<void(Json)>;

constexpr int gil_lane = 1'000'000; // sorts below the workers

double to_us(Nanoseconds ns) {
    return static_cast<double>(ns) / 1e3;
}

Json metadata(const char* what, int process, int thread, const std::string& name) {
    return {{"ph", "M"}, {"name", what}, {"pid", process}, {"tid", thread}, {"args", {{"name", name}}}};
}

Json slice(const std::string& name, const char* category, int process, int thread, Nanoseconds begin, Nanoseconds end) {
    return {{"ph", "X"},     {"name", name},       {"cat", category},          {"pid", process},
            {"tid", thread}, {"ts", to_us(begin)}, {"dur", to_us(end - begin)}};
}

void add_lane(const Lane& lane, int process, int thread, const AddEvent& add) {
    add(metadata("thread_name", process, thread, lane.name));
    for (const Interval& interval : lane.intervals) {
        if (interval.length() == 0) continue;
        Json event =
            slice(std::string(to_string(interval.state)), "state", process, thread, interval.begin, interval.end);
        Json arguments = Json::object();
        if (interval.task >= 0) arguments["task"] = interval.task + 1;
        if (interval.cause != ReleaseCause::none) arguments["let go because"] = to_string(interval.cause);
        if (!arguments.empty()) event["args"] = std::move(arguments);
        add(std::move(event));
    }
}

void add_gil(const Trace& trace, int interpreter, int process, const AddEvent& add) {
    const auto holds = gil_holds(trace, interpreter);
    if (holds.empty()) return;
    add(metadata("thread_name", process, gil_lane, "GIL held by"));
    for (const GilHold& hold : holds) {
        const std::string& name = trace.lanes[static_cast<std::size_t>(hold.lane)].name;
        add(slice(name, "gil", process, gil_lane, hold.begin, hold.end));
    }
}

/// Returns the next free process number.
int add_variant(const VariantReport& variant, Origin origin, int process, const AddEvent& add) {
    const Trace& trace = variant.median_run.trace;
    int interpreters = 0;
    for (const Lane& lane : trace.lanes) interpreters = std::max(interpreters, lane.interpreter + 1);
    for (int interpreter = 0; interpreter < interpreters; ++interpreter) {
        std::string name = variant.name + " (" + std::string(to_string(origin)) + ")";
        if (interpreters > 1) name += ", interpreter " + std::to_string(interpreter + 1);
        add(metadata("process_name", process + interpreter, 0, name));
        add_gil(trace, interpreter, process + interpreter, add);
    }
    for (std::size_t i = 0; i < trace.lanes.size(); ++i) {
        const Lane& lane = trace.lanes[i];
        add_lane(lane, process + lane.interpreter, static_cast<int>(i) + 1, add);
    }
    return process + interpreters;
}

void add_variants(const Report& report, const AddEvent& add) {
    int process = 1;
    for (const VariantReport& variant : report.variants) {
        if (variant.unavailable.empty()) process = add_variant(variant, report.origin, process, add);
    }
}

Json other_data(const Report& report) {
    return {{"experiment", report.experiment}, {"origin", to_string(report.origin)}};
}

} // namespace

Json to_chrome_trace(const Report& report) {
    Json events = Json::array();
    add_variants(report, [&](Json event) { events.push_back(std::move(event)); });
    return {{"displayTimeUnit", "ms"}, {"otherData", other_data(report)}, {"traceEvents", std::move(events)}};
}

std::string chrome_trace_text(const Report& report) {
    std::string text =
        "{\"displayTimeUnit\":\"ms\",\"otherData\":" + dump_json(other_data(report)) + ",\"traceEvents\":[";
    std::size_t intervals = 0;
    for (const VariantReport& variant : report.variants) {
        for (const Lane& lane : variant.median_run.trace.lanes) intervals += lane.intervals.size();
    }
    text.reserve(text.size() + intervals * static_cast<std::size_t>(chrome_trace_bytes_per_interval));
    const char* separator = "\n";
    add_variants(report, [&](const Json& event) {
        text += separator;
        text += dump_json(event);
        separator = ",\n";
    });
    return text + "\n]}\n";
}

} // namespace gil
