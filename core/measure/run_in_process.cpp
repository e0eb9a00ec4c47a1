#include "core/measure/run_in_process.h"

#include <memory>

#include "core/measure/counters.h"
#include "core/measure/loop_runner.h"
#include "core/measure/payload.h"
#include "core/measure/thread_runner.h"
#include "core/scenario/run_plan.h"

namespace gil {

namespace {

using Done = std::function<void(Result<Run>)>;

/// What a run on the loop points to while it lasts.
struct LoopRun {
    Scenario scenario;
    Speeds speeds;
    Counters counters;
    Bytes payload;
    LoopRun(const Scenario& s, const Speeds& v, std::shared_ptr<SharedBlock> block)
        : scenario(s), speeds(v), counters(std::move(block)),
          payload(make_payload_buffer(plan_of(s).largest_payload, s.tasks.size())) {}
};

Run assemble(const LoopRun& loop, LoopOutcome outcome) {
    Run run;
    run.origin = Origin::measured;
    run.trace.end = outcome.end - outcome.begin;
    run.outputs = std::move(outcome.outputs);
    for (std::size_t i = 0; i < run.outputs.size(); ++i) {
        // In one memory a task's data needs no way: it is there.
        const Task& task = loop.scenario.tasks[i];
        if (run.outputs[i].error.empty()) {
            run.outputs[i].bytes += static_cast<std::uint64_t>(task.argument_bytes + task.result_bytes);
        }
    }
    for (Lane& lane : outcome.lanes) {
        make_relative(lane, outcome.begin);
        fit_lane(lane, run.trace.end);
        run.trace.lanes.push_back(std::move(lane));
    }
    run.observations = observe(loop.scenario, loop.counters);
    observe_queue(loop.scenario, outcome.received, run.observations);
    return run;
}

void run_loop(Host& host, const Scenario& scenario, const Speeds& speeds, std::shared_ptr<SharedBlock> block,
              Done done) {
    auto loop = std::make_shared<LoopRun>(scenario, speeds, std::move(block));
    LoopProgram program;
    program.tasks = scenario.tasks;
    for (std::size_t i = 0; i < scenario.tasks.size(); ++i) program.task_indices.push_back(static_cast<int>(i));
    program.overlapping = scenario.model == ExecutionModel::asyncio;
    program.lane.name = "main thread";
    program.context.host = &host;
    program.context.speeds = &loop->speeds;
    program.context.counters = &loop->counters;
    program.context.check = scenario.interpreter.eval_check;
    program.context.payload = loop->payload;
    run_on_loop(host, std::move(program), [loop, done = std::move(done)](Result<LoopOutcome> outcome) {
        if (!outcome) {
            done(outcome.error());
        } else {
            done(assemble(*loop, std::move(outcome.value())));
        }
    });
}

} // namespace

Result<std::shared_ptr<SharedBlock>> make_counter_block(Host& host, const Scenario& scenario) {
    if (!plan_of(scenario).counter_block) return std::shared_ptr<SharedBlock>();
    auto block = host.create_shared_block(counter_block_bytes);
    if (block) fill_counter_block(*block.value());
    return block;
}

void measure_in_process(Host& host, const Scenario& scenario, const Speeds& speeds, Done done) {
    auto block = make_counter_block(host, scenario);
    if (!block) return done(block.error());
    if (scenario.model == ExecutionModel::sequential || scenario.model == ExecutionModel::asyncio) {
        return run_loop(host, scenario, speeds, std::move(block.value()), std::move(done));
    }
    host.prepare_threads(started_workers(scenario), [&host, scenario, speeds, block = std::move(block.value()),
                                                     done = std::move(done)](Result<Nothing> ready) {
        if (!ready) {
            done(ready.error());
        } else {
            done(run_threads(host, scenario, speeds, block));
        }
    });
}

} // namespace gil
