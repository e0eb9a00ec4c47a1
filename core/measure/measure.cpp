#include "core/measure/measure.h"

#include "core/measure/loop_runner.h"
#include "core/measure/thread_runner.h"
#include "core/trace_recorder.h"

namespace gil {

namespace {

using Done = std::function<void(Result<Run>)>;

std::string why_no_wait(const Scenario& scenario, const Capabilities& capabilities) {
    for (const Task& task : scenario.tasks) {
        for (const Step& step : task.steps) {
            const auto* wait = std::get_if<Wait>(&step);
            if (wait == nullptr) continue;
            const std::string& reason = capabilities.no_wait[static_cast<std::size_t>(wait->kind)];
            if (!reason.empty()) return reason;
        }
    }
    return {};
}

void measure_threads(Host& host, const Scenario& scenario, const KernelSpeeds& speeds, Done done) {
    host.prepare_threads(started_workers(scenario),
                         [&host, scenario, speeds, done = std::move(done)](Result<Nothing> ready) {
                             if (!ready) {
                                 done(ready.error());
                             } else {
                                 done(run_threads(host, scenario, speeds));
                             }
                         });
}

Run assemble_loop_run(LoopOutcome outcome) {
    Run run;
    run.origin = Origin::measured;
    run.trace.end = outcome.end - outcome.begin;
    run.outputs = std::move(outcome.outputs);
    for (Lane& lane : outcome.lanes) {
        make_relative(lane, outcome.begin);
        fit_lane(lane, run.trace.end);
        run.trace.lanes.push_back(std::move(lane));
    }
    return run;
}

void measure_on_loop(Host& host, const Scenario& scenario, const KernelSpeeds& speeds, Done done) {
    LoopProgram program;
    program.tasks = scenario.tasks;
    for (std::size_t i = 0; i < scenario.tasks.size(); ++i) program.task_indices.push_back(static_cast<int>(i));
    program.speeds = speeds;
    program.overlapping = scenario.model == ExecutionModel::asyncio;
    program.lane.name = "main thread";
    run_on_loop(host, std::move(program), [done = std::move(done)](Result<LoopOutcome> outcome) {
        if (!outcome) {
            done(outcome.error());
        } else {
            done(assemble_loop_run(std::move(outcome.value())));
        }
    });
}

std::vector<ProcessJob> make_jobs(const Scenario& scenario, const KernelSpeeds& speeds) {
    std::vector<ProcessJob> jobs;
    for (int worker = 0; worker < started_workers(scenario); ++worker) {
        ProcessJob job;
        job.worker = worker;
        job.speeds = speeds;
        job.task_indices = tasks_of_worker(scenario, worker);
        for (const int task : job.task_indices) job.tasks.push_back(scenario.tasks[static_cast<std::size_t>(task)]);
        jobs.push_back(std::move(job));
    }
    return jobs;
}

Result<Run> assemble_process_run(const Scenario& scenario, std::vector<ProcessOutcome> outcomes, Nanoseconds begin,
                                 Nanoseconds end) {
    Run run;
    run.origin = Origin::measured;
    run.trace.end = end - begin;
    run.outputs.resize(scenario.tasks.size());
    for (std::size_t worker = 0; worker < outcomes.size(); ++worker) {
        const auto indices = tasks_of_worker(scenario, static_cast<int>(worker));
        ProcessOutcome& outcome = outcomes[worker];
        if (outcome.outputs.size() != indices.size()) {
            return Error{outcome.lane.name,
                         "sent back " + std::to_string(outcome.outputs.size()) + " results for " +
                             std::to_string(indices.size()) + " tasks",
                         {}};
        }
        for (std::size_t i = 0; i < indices.size(); ++i) {
            run.outputs[static_cast<std::size_t>(indices[i])] = outcome.outputs[i];
        }
        make_relative(outcome.lane, begin);
        fit_lane(outcome.lane, run.trace.end);
        run.trace.lanes.push_back(std::move(outcome.lane));
    }
    return run;
}

void measure_processes(Host& host, const Scenario& scenario, const KernelSpeeds& speeds, Done done) {
    const int count = started_workers(scenario);
    host.prepare_processes(
        scenario.start_method, count, [&host, scenario, speeds, done = std::move(done)](Result<Nothing> ready) {
            if (!ready) {
                done(ready.error());
                return;
            }
            const Nanoseconds begin = host.now();
            host.run_processes(scenario.start_method, make_jobs(scenario, speeds),
                               [&host, scenario, begin, done](Result<std::vector<ProcessOutcome>> outcomes) {
                                   const Nanoseconds end = host.now();
                                   if (!outcomes) {
                                       done(outcomes.error());
                                   } else {
                                       done(assemble_process_run(scenario, std::move(outcomes.value()), begin, end));
                                   }
                               });
        });
}

} // namespace

std::string why_not_measurable(const Scenario& scenario, const Capabilities& capabilities) {
    const int workers = started_workers(scenario);
    if (std::string reason = why_no_wait(scenario, capabilities); !reason.empty()) return reason;
    switch (scenario.model) {
    case ExecutionModel::sequential:
    case ExecutionModel::asyncio:
        return {};
    case ExecutionModel::threads:
    case ExecutionModel::free_threaded:
        if (!capabilities.no_threads.empty()) return capabilities.no_threads;
        if (workers <= capabilities.max_threads) return {};
        return "at most " + std::to_string(capabilities.max_threads) + " threads can be measured here";
    case ExecutionModel::processes:
        break;
    case ExecutionModel::thread_pool:
    case ExecutionModel::process_pool:
    case ExecutionModel::hybrid:
    case ExecutionModel::subinterpreters:
        return "this model is not measured yet";
    }
    if (!capabilities.no_processes.empty()) return capabilities.no_processes;
    const std::string& reason = capabilities.no_start_method[static_cast<std::size_t>(scenario.start_method)];
    if (!reason.empty()) return reason;
    if (workers <= capabilities.max_processes) return {};
    return "at most " + std::to_string(capabilities.max_processes) + " processes can be measured here";
}

void measure_once(Host& host, const Scenario& scenario, const KernelSpeeds& speeds, Done done) {
    const std::string reason = why_not_measurable(scenario, host.capabilities());
    if (!reason.empty()) {
        done(Error{std::string(to_string(scenario.model)), reason, {}});
        return;
    }
    switch (scenario.model) {
    case ExecutionModel::sequential:
    case ExecutionModel::asyncio:
        measure_on_loop(host, scenario, speeds, std::move(done));
        break;
    case ExecutionModel::threads:
    case ExecutionModel::free_threaded:
        measure_threads(host, scenario, speeds, std::move(done));
        break;
    default:
        measure_processes(host, scenario, speeds, std::move(done));
        break;
    }
}

} // namespace gil
