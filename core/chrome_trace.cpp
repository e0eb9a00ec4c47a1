// A report as Chrome trace-event JSON. A process per variant and interpreter, a thread per lane, one more for the GIL.
#include <algorithm>

#include "core/report.h"

namespace gil {

namespace {

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

void add_lane(const Lane& lane, int process, int thread, Json& events) {
    events.push_back(metadata("thread_name", process, thread, lane.name));
    for (const Interval& interval : lane.intervals) {
        if (interval.length() == 0) continue;
        Json event =
            slice(std::string(to_string(interval.state)), "state", process, thread, interval.begin, interval.end);
        Json arguments = Json::object();
        if (interval.task >= 0) arguments["task"] = interval.task + 1;
        if (interval.cause != ReleaseCause::none) arguments["let go because"] = to_string(interval.cause);
        if (!arguments.empty()) event["args"] = std::move(arguments);
        events.push_back(std::move(event));
    }
}

void add_gil(const Trace& trace, int interpreter, int process, Json& events) {
    const auto holds = gil_holds(trace, interpreter);
    if (holds.empty()) return;
    events.push_back(metadata("thread_name", process, gil_lane, "GIL held by"));
    for (const GilHold& hold : holds) {
        const std::string& name = trace.lanes[static_cast<std::size_t>(hold.lane)].name;
        events.push_back(slice(name, "gil", process, gil_lane, hold.begin, hold.end));
    }
}

/// Returns the next free process number.
int add_variant(const VariantReport& variant, Origin origin, int process, Json& events) {
    const Trace& trace = variant.median_run.trace;
    int interpreters = 0;
    for (const Lane& lane : trace.lanes) interpreters = std::max(interpreters, lane.interpreter + 1);
    for (int interpreter = 0; interpreter < interpreters; ++interpreter) {
        std::string name = variant.name + " (" + std::string(to_string(origin)) + ")";
        if (interpreters > 1) name += ", interpreter " + std::to_string(interpreter + 1);
        events.push_back(metadata("process_name", process + interpreter, 0, name));
        add_gil(trace, interpreter, process + interpreter, events);
    }
    for (std::size_t i = 0; i < trace.lanes.size(); ++i) {
        const Lane& lane = trace.lanes[i];
        add_lane(lane, process + lane.interpreter, static_cast<int>(i) + 1, events);
    }
    return process + interpreters;
}

} // namespace

Json to_chrome_trace(const Report& report) {
    Json events = Json::array();
    int process = 1;
    for (const VariantReport& variant : report.variants) {
        if (variant.unavailable.empty()) process = add_variant(variant, report.origin, process, events);
    }
    return {{"displayTimeUnit", "ms"},
            {"otherData", {{"experiment", report.experiment}, {"origin", to_string(report.origin)}}},
            {"traceEvents", std::move(events)}};
}

} // namespace gil
