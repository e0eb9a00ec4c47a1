// A report as Chrome trace-event JSON. A process per variant and interpreter, a thread per lane, one more for the GIL.
#include <algorithm>

#include "core/report/report.h"

namespace gil {

namespace {

constexpr int gil_lane = 1'000'000; // sorts below the workers

std::string quoted(const std::string& text) {
    return dump_json(Json(text));
}

/// Event after event as text: of millions of them none is there as JSON, which would take ten times the memory.
class ChromeTrace {
  public:
    explicit ChromeTrace(const Report& report) : report_(report) {
        text_ = "{\"displayTimeUnit\":\"ms\",\"otherData\":" +
                dump_json(Json{{"experiment", report.experiment}, {"origin", to_string(report.origin)}}) +
                ",\"traceEvents\":[";
    }

    std::string write() {
        std::size_t intervals = 0;
        for (const VariantReport& variant : report_.variants) {
            for (const Lane& lane : variant.median_run.trace.lanes) intervals += lane.intervals.size();
        }
        text_.reserve(text_.size() + intervals * static_cast<std::size_t>(chrome_trace_bytes_per_interval));
        for (const VariantReport& variant : report_.variants) {
            if (variant.unavailable.empty()) add_variant(variant);
        }
        return std::move(text_) + "\n]}\n";
    }

  private:
    void begin(const char* kind, const std::string& quoted_name, int process, int thread) {
        text_ += is_first_ ? "\n{\"ph\":\"" : ",\n{\"ph\":\"";
        is_first_ = false;
        text_ += kind;
        text_ += "\",\"name\":";
        text_ += quoted_name;
        text_ += ",\"pid\":";
        text_ += std::to_string(process);
        text_ += ",\"tid\":";
        text_ += std::to_string(thread);
    }

    void metadata(const char* what, int process, int thread, const std::string& name) {
        begin("M", quoted(what), process, thread);
        text_ += ",\"args\":{\"name\":" + quoted(name) + "}}";
    }

    /// In microseconds, exactly.
    void add_time(const char* field, Nanoseconds time) {
        text_ += field;
        text_ += std::to_string(time / 1'000);
        const std::string below = std::to_string(1'000 + time % 1'000);
        text_ += '.';
        text_.append(below, 1);
    }

    void slice(const std::string& quoted_name, const char* category, int process, int thread, Nanoseconds since,
               Nanoseconds until) {
        begin("X", quoted_name, process, thread);
        text_ += category;
        add_time(",\"ts\":", since);
        add_time(",\"dur\":", until - since);
    }

    void add_lane(const Lane& lane, int process, int thread) {
        metadata("thread_name", process, thread, lane.name);
        for (const Interval& interval : lane.intervals) {
            if (interval.length() == 0) continue;
            slice(state_names_[static_cast<std::size_t>(interval.state)], ",\"cat\":\"state\"", process, thread,
                  interval.begin, interval.end);
            const bool has_task = interval.task >= 0;
            const bool has_cause = interval.cause != ReleaseCause::none;
            if (has_task || has_cause) text_ += ",\"args\":{";
            if (has_task) text_ += "\"task\":" + std::to_string(interval.task + 1);
            if (has_task && has_cause) text_ += ',';
            if (has_cause) text_ += "\"let go because\":" + quoted(std::string(to_string(interval.cause)));
            text_ += has_task || has_cause ? "}}" : "}";
        }
    }

    void add_gil(const Trace& trace, int interpreter, int process) {
        const auto holds = gil_holds(trace, interpreter);
        if (holds.empty()) return;
        metadata("thread_name", process, gil_lane, "GIL held by");
        std::vector<std::string> names;
        for (const Lane& lane : trace.lanes) names.push_back(quoted(lane.name));
        for (const GilHold& hold : holds) {
            slice(names[static_cast<std::size_t>(hold.lane)], ",\"cat\":\"gil\"", process, gil_lane, hold.begin,
                  hold.end);
            text_ += '}';
        }
    }

    void add_variant(const VariantReport& variant) {
        const Trace& trace = variant.median_run.trace;
        int interpreters = 0;
        for (const Lane& lane : trace.lanes) interpreters = std::max(interpreters, lane.interpreter + 1);
        for (int interpreter = 0; interpreter < interpreters; ++interpreter) {
            std::string name = variant.name + " (" + std::string(to_string(report_.origin)) + ")";
            if (interpreters > 1) name += ", interpreter " + std::to_string(interpreter + 1);
            metadata("process_name", process_ + interpreter, 0, name);
            add_gil(trace, interpreter, process_ + interpreter);
        }
        for (std::size_t i = 0; i < trace.lanes.size(); ++i) {
            add_lane(trace.lanes[i], process_ + trace.lanes[i].interpreter, static_cast<int>(i) + 1);
        }
        process_ += interpreters;
    }

    static std::vector<std::string> quoted_states() {
        std::vector<std::string> names;
        for (int state = 0; state < state_count; ++state) {
            names.push_back(quoted(std::string(to_string(static_cast<State>(state)))));
        }
        return names;
    }

    const Report& report_;
    const std::vector<std::string> state_names_ = quoted_states();
    std::string text_;
    bool is_first_ = true;
    int process_ = 1; ///< the next free number
};

} // namespace

std::string to_chrome_trace(const Report& report) {
    return ChromeTrace(report).write();
}

} // namespace gil
