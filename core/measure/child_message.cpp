#include "core/measure/child_message.h"

#include <cstring>
#include <numeric>

#include "core/base/json.h"
#include "core/base/json_reader.h"
#include "core/scenario/scenario_json.h"
#include "core/trace/run_message.h"
#include "core/trace/trace_message.h"

namespace gil {

namespace {

/// Appends numbers and bytes behind a kind byte, in this computer's own byte order: both ends are this program.
class Writer {
  public:
    explicit Writer(ChildMessage kind, std::size_t expected = 64) {
        bytes_.reserve(expected);
        bytes_.push_back(static_cast<std::uint8_t>(kind));
    }
    template<class Number>
    void number(Number value) {
        const auto* first = reinterpret_cast<const std::uint8_t*>(&value);
        bytes_.insert(bytes_.end(), first, first + sizeof value);
    }
    void data(std::span<const std::uint8_t> bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }
    void text(const std::string& text) {
        number(static_cast<std::uint32_t>(text.size()));
        data({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    }
    [[nodiscard]] Bytes take() { return std::move(bytes_); }

  private:
    Bytes bytes_;
};

/// Reads the same back; after a fault everything is 0 and `good` is false.
class Reader {
  public:
    explicit Reader(std::span<const std::uint8_t> message) : rest_(message.subspan(message.empty() ? 0 : 1)) {}
    template<class Number>
    Number number() {
        Number value{};
        if (rest_.size() < sizeof value) good_ = false;
        if (!good_) return value;
        std::memcpy(&value, rest_.data(), sizeof value);
        rest_ = rest_.subspan(sizeof value);
        return value;
    }
    std::span<const std::uint8_t> data(std::uint64_t size) {
        if (rest_.size() < size) good_ = false;
        if (!good_) return {};
        const auto bytes = rest_.first(static_cast<std::size_t>(size));
        rest_ = rest_.subspan(static_cast<std::size_t>(size));
        return bytes;
    }
    std::string text() {
        const auto bytes = data(number<std::uint32_t>());
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }
    std::span<const std::uint8_t> rest() { return data(rest_.size()); }
    [[nodiscard]] bool good() const { return good_; }
    [[nodiscard]] bool at_end() const { return good_ && rest_.empty(); }

  private:
    std::span<const std::uint8_t> rest_;
    bool good_ = true;
};

Error cut_off() {
    return {"", "a message between processes is cut off", ""};
}

Bytes with_kind(ChildMessage kind, const Json& json) {
    Bytes bytes = to_bytes(json);
    bytes.insert(bytes.begin(), static_cast<std::uint8_t>(kind));
    return bytes;
}

Json speeds_to_json(const Speeds& speeds) {
    Json kernels = Json::array();
    for (const KernelSpeed& speed : speeds.kernels) {
        kernels.push_back({{"ns_per_turn", speed.ns_per_turn}, {"turns_per_check", speed.turns_per_check}});
    }
    return {{"kernels", std::move(kernels)},
            {"operation_ns", speeds.operation_ns},
            {"operation_cpu", speeds.operation_cpu}};
}

void read_doubles(ObjectReader& reader, std::string_view field, std::span<double> values) {
    const Json* json = reader.array(field, true, values.size());
    for (std::size_t i = 0; json != nullptr && i < json->size(); ++i) {
        if ((*json)[i].is_number()) values[i] = (*json)[i].get<double>();
        if (!(*json)[i].is_number() || !(values[i] >= 0)) reader.fail(field, "holds something that is no time", {});
    }
}

Speeds read_speeds(const Json& json, ObjectReader& outer) {
    ObjectReader fields(json, "speeds");
    Speeds speeds;
    read_doubles(fields, "operation_ns", speeds.operation_ns);
    read_doubles(fields, "operation_cpu", speeds.operation_cpu);
    const Json* kernels = fields.array("kernels", true, speeds.kernels.size());
    for (std::size_t i = 0; kernels != nullptr && i < kernels->size(); ++i) {
        ObjectReader reader((*kernels)[i], "speeds.kernels[" + std::to_string(i) + "]");
        KernelSpeed& speed = speeds.kernels[i];
        speed.ns_per_turn = reader.required_number("ns_per_turn", 1e-4, 1e9);
        speed.turns_per_check = static_cast<std::uint32_t>(reader.required_integer("turns_per_check", 1, 1 << 20));
        if (auto end = reader.finish(); !end) fields.fail(end.error());
    }
    if (auto end = fields.finish(); !end) outer.fail(end.error());
    return speeds;
}

bool are_own_numbers(const std::vector<int>& indices) {
    for (std::size_t i = 0; i < indices.size(); ++i) {
        if (indices[i] != static_cast<int>(i)) return false;
    }
    return true;
}

void read_task_indices(ObjectReader& reader, std::vector<int>& indices) {
    const Json* json = reader.array("task_indices", true, limits::max_tasks);
    for (std::size_t i = 0; json != nullptr && i < json->size(); ++i) {
        const Json& index = (*json)[i];
        const bool fits = index.is_number_integer() && index.get<std::int64_t>() >= 0 &&
                          index.get<std::int64_t>() < static_cast<std::int64_t>(limits::max_tasks);
        if (!fits) reader.fail("task_indices", "holds something that is not the number of a task", {});
        if (fits) indices.push_back(index.get<int>());
    }
}

} // namespace

Result<ChildMessage> kind_of(std::span<const std::uint8_t> message) {
    if (message.empty() || message[0] > static_cast<std::uint8_t>(ChildMessage::error)) {
        return Error{"", "an unknown message between processes", ""};
    }
    return static_cast<ChildMessage>(message[0]);
}

Bytes encode(const ChildJob& job) {
    Json json = {{"worker", job.worker},
                 {"is_pool", job.is_pool},
                 {"says_begun", job.says_begun},
                 {"whole_run", job.whole_run},
                 {"speeds", speeds_to_json(job.speeds)}};
    if (!are_own_numbers(job.task_indices)) json["task_indices"] = job.task_indices;
    // A job without tasks (an empty process, for calibration) has no program: a scenario always has a task.
    if (!job.scenario.tasks.empty()) json["scenario"] = to_json(job.scenario);
    return with_kind(ChildMessage::job, json);
}

Result<ChildJob> decode_job(std::span<const std::uint8_t> message) {
    auto json = from_bytes(message.subspan(1));
    if (!json) return json.error();
    ObjectReader reader(json.value(), {});
    ChildJob job;
    job.worker = static_cast<int>(reader.required_integer("worker", 0, limits::max_workers));
    job.is_pool = reader.boolean("is_pool", false);
    job.says_begun = reader.boolean("says_begun", false);
    job.whole_run = reader.boolean("whole_run", false);
    if (const Json* speeds = reader.object("speeds", true)) job.speeds = read_speeds(*speeds, reader);
    const bool own_numbers = !reader.has("task_indices");
    if (!own_numbers) read_task_indices(reader, job.task_indices);
    if (const Json* scenario = reader.object("scenario", !job.task_indices.empty())) {
        auto read = scenario_from_json(*scenario);
        if (read) job.scenario = std::move(read.value());
        if (!read) reader.fail("scenario", read.error().line(), {});
    }
    if (own_numbers) {
        job.task_indices.resize(job.scenario.tasks.size());
        std::iota(job.task_indices.begin(), job.task_indices.end(), 0);
    }
    if (job.scenario.tasks.size() != job.task_indices.size()) reader.fail("task_indices", "do not fit the tasks", {});
    if (auto end = reader.finish(); !end) return end.error();
    return job;
}

Bytes encode(const ChildReport& report) {
    Json lanes = Json::array();
    for (const Lane& lane : report.lanes) lanes.push_back(to_message(lane));
    return with_kind(ChildMessage::report, {{"lanes", std::move(lanes)},
                                            {"outputs", to_message(report.outputs)},
                                            {"observations", to_message(report.observations)},
                                            {"end", report.end},
                                            {"bytes_serialised", report.bytes_serialised}});
}

Result<ChildReport> decode_report(std::span<const std::uint8_t> message) {
    auto json = from_bytes(message.subspan(1));
    if (!json) return json.error();
    ObjectReader reader(json.value(), {});
    ChildReport report;
    if (const Json* lanes = reader.array("lanes", true, limits::max_workers)) {
        for (std::size_t i = 0; i < lanes->size() && !reader.failed(); ++i) {
            auto lane = lane_from_message((*lanes)[i], "lanes[" + std::to_string(i) + "]");
            if (lane) report.lanes.push_back(std::move(lane.value()));
            if (!lane) reader.fail(lane.error());
        }
    }
    report.outputs = read_outputs(reader, "outputs");
    report.observations = read_observations(reader, "observations");
    report.end = reader.integer("end", 0, INT64_MAX / 2, 0);
    report.bytes_serialised = static_cast<std::uint64_t>(reader.integer("bytes_serialised", 0, INT64_MAX / 2, 0));
    if (auto end = reader.finish(); !end) return end.error();
    return report;
}

Bytes encode_kind(ChildMessage kind) {
    return {static_cast<std::uint8_t>(kind)};
}

Bytes encode_begun(Nanoseconds time) {
    Writer writer(ChildMessage::begun);
    writer.number(time);
    return writer.take();
}

Result<Nanoseconds> decode_begun(std::span<const std::uint8_t> message) {
    Reader reader(message);
    const auto time = reader.number<Nanoseconds>();
    if (!reader.at_end()) return cut_off();
    return time;
}

Bytes encode_error(const std::string& words) {
    Writer writer(ChildMessage::error);
    writer.data({reinterpret_cast<const std::uint8_t*>(words.data()), words.size()});
    return writer.take();
}

std::string decode_error(std::span<const std::uint8_t> message) {
    const auto words = message.subspan(1);
    return {reinterpret_cast<const char*>(words.data()), words.size()};
}

Bytes encode_data(ChildMessage kind, std::uint32_t task, std::span<const std::uint8_t> data) {
    Writer writer(kind, data.size() + 16);
    writer.number(task);
    writer.data(data);
    return writer.take();
}

Result<Data> decode_data(std::span<const std::uint8_t> message) {
    Reader reader(message);
    Data data;
    data.task = reader.number<std::uint32_t>();
    if (!reader.good()) return cut_off();
    data.bytes = reader.rest();
    return data;
}

Bytes encode_items(std::span<const ChildItem> items, std::span<const std::span<const std::uint8_t>> data) {
    std::size_t expected = 16 + items.size() * (sizeof(ChildItem) + 16);
    for (const auto& bytes : data) expected += bytes.size();
    Writer writer(ChildMessage::items, expected);
    writer.number(static_cast<std::uint32_t>(items.size()));
    for (std::size_t i = 0; i < items.size(); ++i) {
        writer.number(items[i].task);
        writer.text(items[i].function);
        writer.number(items[i].first_step);
        writer.number(items[i].step_count);
        writer.number(items[i].argument_bytes);
        writer.number(items[i].result_bytes);
        writer.number(items[i].block_offset);
        writer.number(static_cast<std::uint64_t>(data[i].size()));
        writer.data(data[i]);
    }
    return writer.take();
}

Result<Items> decode_items(std::span<const std::uint8_t> message) {
    Reader reader(message);
    Items read;
    const auto count = reader.number<std::uint32_t>();
    for (std::uint32_t i = 0; i < count && reader.good(); ++i) {
        ChildItem item;
        item.task = reader.number<std::uint32_t>();
        item.function = reader.text();
        item.first_step = reader.number<std::uint32_t>();
        item.step_count = reader.number<std::uint32_t>();
        item.argument_bytes = reader.number<std::uint64_t>();
        item.result_bytes = reader.number<std::uint64_t>();
        item.block_offset = reader.number<std::uint64_t>();
        read.items.push_back(item);
        read.data.push_back(reader.data(reader.number<std::uint64_t>()));
    }
    if (!reader.at_end()) return cut_off();
    return read;
}

Bytes encode_results(std::span<const ItemResult> results, std::span<const std::span<const std::uint8_t>> data) {
    std::size_t expected = 16 + results.size() * 64;
    for (const auto& bytes : data) expected += bytes.size();
    Writer writer(ChildMessage::results, expected);
    writer.number(static_cast<std::uint32_t>(results.size()));
    for (std::size_t i = 0; i < results.size(); ++i) {
        writer.number(results[i].task);
        writer.number(results[i].output.turns);
        writer.number(results[i].output.checksum);
        writer.number(results[i].output.bytes);
        writer.text(results[i].output.error);
        writer.number(results[i].result_bytes);
        writer.number(static_cast<std::uint64_t>(data[i].size()));
        writer.data(data[i]);
    }
    return writer.take();
}

Result<Results> decode_results(std::span<const std::uint8_t> message) {
    Reader reader(message);
    Results read;
    const auto count = reader.number<std::uint32_t>();
    for (std::uint32_t i = 0; i < count && reader.good(); ++i) {
        ItemResult result;
        result.task = reader.number<std::uint32_t>();
        result.output.turns = reader.number<std::uint64_t>();
        result.output.checksum = reader.number<std::uint64_t>();
        result.output.bytes = reader.number<std::uint64_t>();
        result.output.error = reader.text();
        result.result_bytes = reader.number<std::uint64_t>();
        read.results.push_back(std::move(result));
        read.data.push_back(reader.data(reader.number<std::uint64_t>()));
    }
    if (!reader.at_end()) return cut_off();
    return read;
}

} // namespace gil
