#include "core/measure/process_job.h"

#include "core/json_reader.h"
#include "core/measure/host.h"
#include "core/measure/loop_runner.h"
#include "core/protocol.h"
#include "core/run_message.h"
#include "core/scenario_json.h"
#include "core/trace_message.h"

namespace gil {

namespace {

Json speeds_to_json(const KernelSpeeds& speeds) {
    Json json = Json::array();
    for (const KernelSpeed& speed : speeds) {
        json.push_back({{"ns_per_turn", speed.ns_per_turn}, {"turns_per_check", speed.turns_per_check}});
    }
    return json;
}

void read_speeds(ObjectReader& outer, KernelSpeeds& speeds) {
    const Json* json = outer.array("speeds", true, speeds.size());
    if (json == nullptr) return;
    for (std::size_t i = 0; i < json->size(); ++i) {
        ObjectReader reader((*json)[i], "speeds[" + std::to_string(i) + "]");
        speeds[i].ns_per_turn = reader.required_number("ns_per_turn", 1e-4, 1e9);
        speeds[i].turns_per_check = static_cast<std::uint32_t>(reader.required_integer("turns_per_check", 1, 1 << 20));
        if (auto end = reader.finish(); !end) outer.fail(end.error());
    }
}

} // namespace

std::vector<std::uint8_t> encode(const ProcessJob& job) {
    // The tasks travel as a scenario, so that one strict reader serves both.
    Scenario scenario;
    scenario.tasks = job.tasks;
    Json json = {{"worker", job.worker}, {"task_indices", job.task_indices}, {"speeds", speeds_to_json(job.speeds)}};
    if (!job.tasks.empty()) json["program"] = to_json(scenario);
    return to_bytes(json);
}

Result<ProcessJob> decode_process_job(std::span<const std::uint8_t> bytes) {
    auto json = from_bytes(bytes);
    if (!json) return json.error();
    ObjectReader reader(json.value(), {});
    ProcessJob job;
    job.worker = static_cast<int>(reader.required_integer("worker", 0, limits::max_workers));
    read_speeds(reader, job.speeds);
    if (const Json* indices = reader.array("task_indices", true, limits::max_tasks)) {
        for (const Json& index : *indices) {
            const bool fits = index.is_number_integer() && index.get<std::int64_t>() >= 0 &&
                              index.get<std::int64_t>() < static_cast<std::int64_t>(limits::max_tasks);
            if (!fits) reader.fail("task_indices", "holds something that is not the number of a task", {});
            if (fits) job.task_indices.push_back(index.get<int>());
        }
    }
    // A job without tasks (an empty process, for calibration) has no program: a scenario always has a task.
    if (const Json* program = reader.object("program", !job.task_indices.empty())) {
        auto scenario = scenario_from_json(*program);
        if (scenario) job.tasks = std::move(scenario.value().tasks);
        if (!scenario) reader.fail("program", scenario.error().line(), {});
    }
    if (job.tasks.size() != job.task_indices.size()) reader.fail("task_indices", "does not fit the program", {});
    if (auto end = reader.finish(); !end) return end.error();
    return job;
}

std::vector<std::uint8_t> encode(const ProcessOutcome& outcome) {
    return to_bytes({{"lane", to_message(outcome.lane)}, {"outputs", to_message(outcome.outputs)}});
}

Result<ProcessOutcome> decode_process_outcome(std::span<const std::uint8_t> bytes) {
    auto json = from_bytes(bytes);
    if (!json) return json.error();
    ObjectReader reader(json.value(), {});
    ProcessOutcome outcome;
    if (const Json* lane = reader.object("lane", true)) {
        auto read = lane_from_message(*lane, "lane");
        if (read) outcome.lane = std::move(read.value());
        if (!read) reader.fail(read.error());
    }
    outcome.outputs = read_outputs(reader, "outputs");
    if (auto end = reader.finish(); !end) return end.error();
    return outcome;
}

void run_process_job(Host& host, ProcessJob job, std::function<void(Result<ProcessOutcome>)> done) {
    LoopProgram program;
    program.tasks = std::move(job.tasks);
    program.task_indices = std::move(job.task_indices);
    program.speeds = job.speeds;
    program.lane.name = "process " + std::to_string(job.worker + 1);
    program.lane.interpreter = job.worker;
    run_on_loop(host, std::move(program), [done = std::move(done)](Result<LoopOutcome> outcome) {
        if (!outcome) {
            done(outcome.error());
            return;
        }
        done(ProcessOutcome{std::move(outcome.value().lanes.front()), std::move(outcome.value().outputs)});
    });
}

} // namespace gil
