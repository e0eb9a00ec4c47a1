#include "core/trace/trace_message.h"

#include "core/base/json_reader.h"

namespace gil {

namespace {

constexpr std::size_t numbers_per_interval = 4; // length, state, cause, task
constexpr std::size_t max_numbers = 8'000'000;
constexpr std::size_t max_lanes = 20'000;
constexpr std::int64_t max_time = std::int64_t{1} << 62;

Result<Nothing> read_intervals(const Json& numbers, const std::string& path, Nanoseconds begin, Lane& lane) {
    if (numbers.size() % numbers_per_interval != 0) return Error{path, "is cut off", "4 numbers per interval"};
    for (const Json& number : numbers) {
        if (!number.is_number_integer()) return Error{path, "holds something that is not a whole number", {}};
    }
    lane.intervals.reserve(numbers.size() / numbers_per_interval);
    for (std::size_t i = 0; i < numbers.size(); i += numbers_per_interval) {
        const auto length = numbers[i].get<std::int64_t>();
        const auto state = numbers[i + 1].get<std::int64_t>();
        const auto cause = numbers[i + 2].get<std::int64_t>();
        if (length < 0 || length > max_time - begin) return Error{path, "holds an impossible length", {}};
        if (state < 0 || state >= state_count) return Error{path, "holds an unknown state", {}};
        if (cause < 0 || cause >= release_cause_count) return Error{path, "holds an unknown cause", {}};
        const auto task = numbers[i + 3].get<std::int32_t>();
        lane.intervals.push_back(
            {begin, begin + length, static_cast<State>(state), static_cast<ReleaseCause>(cause), task});
        begin += length;
    }
    return Nothing{};
}

} // namespace

Json to_message(const Lane& lane) {
    Json numbers = Json::array();
    for (const Interval& interval : lane.intervals) {
        numbers.push_back(interval.length());
        numbers.push_back(static_cast<int>(interval.state));
        numbers.push_back(static_cast<int>(interval.cause));
        numbers.push_back(interval.task);
    }
    Json json = {{"name", lane.name},
                 {"interpreter", lane.interpreter},
                 {"coroutine", lane.coroutine},
                 {"has_gil", lane.has_gil},
                 {"begin", lane.intervals.empty() ? 0 : lane.intervals.front().begin},
                 {"intervals", std::move(numbers)},
                 {"dropped", lane.dropped}};
    if (lane.cpu) json["cpu"] = *lane.cpu;
    return json;
}

Json to_message(const Trace& trace) {
    Json lanes = Json::array();
    for (const Lane& lane : trace.lanes) lanes.push_back(to_message(lane));
    return {{"end", trace.end}, {"lanes", std::move(lanes)}, {"bytes_serialised", trace.bytes_serialised}};
}

Result<Lane> lane_from_message(const Json& json, const std::string& path) {
    ObjectReader reader(json, path);
    Lane lane;
    lane.name = reader.required_text("name");
    lane.interpreter = static_cast<int>(reader.integer("interpreter", 0, 1'000'000, 0));
    lane.coroutine = reader.boolean("coroutine", false);
    lane.has_gil = reader.boolean("has_gil", true);
    lane.dropped = static_cast<std::uint64_t>(reader.integer("dropped", 0, max_time, 0));
    if (reader.has("cpu")) lane.cpu = reader.integer("cpu", 0, max_time, 0);
    const auto begin = reader.integer("begin", 0, max_time, 0);
    if (const Json* numbers = reader.array("intervals", true, max_numbers)) {
        auto read = read_intervals(*numbers, reader.path_of("intervals"), begin, lane);
        if (!read) reader.fail(read.error());
    }
    if (auto end = reader.finish(); !end) return end.error();
    return lane;
}

Result<Trace> trace_from_message(const Json& json, const std::string& path) {
    ObjectReader reader(json, path);
    Trace trace;
    trace.end = reader.required_integer("end", 0, max_time);
    trace.bytes_serialised = static_cast<std::uint64_t>(reader.integer("bytes_serialised", 0, max_time, 0));
    if (const Json* lanes = reader.array("lanes", true, max_lanes)) {
        for (std::size_t i = 0; i < lanes->size() && !reader.failed(); ++i) {
            auto lane = lane_from_message((*lanes)[i], reader.path_of("lanes") + "[" + std::to_string(i) + "]");
            if (!lane) {
                reader.fail(lane.error());
            } else {
                trace.lanes.push_back(std::move(lane.value()));
            }
        }
    }
    if (auto end = reader.finish(); !end) return end.error();
    return trace;
}

} // namespace gil
