#include "core/measure/measure.h"

#include "core/measure/counters.h"
#include "core/measure/pool_runner.h"
#include "core/measure/process_runner.h"
#include "core/measure/run_in_process.h"
#include "core/scenario/run_plan.h"

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

std::string too_many(int count, int most, const char* what) {
    if (count <= most) return {};
    return "at most " + std::to_string(most) + " " + what + " can be measured here";
}

std::string why_no_processes(const Scenario& scenario, const RunPlan& plan, const Capabilities& here) {
    if (!here.no_processes.empty()) return here.no_processes;
    if (plan.threads_in_process > 0 && !here.no_process_threads.empty()) return here.no_process_threads;
    if (plan.own_process) return {};
    const std::string& reason = here.no_start_method[static_cast<std::size_t>(scenario.start_method)];
    if (!reason.empty()) return reason;
    return too_many(plan.workers * std::max(1, plan.threads_in_process), here.max_processes, "processes");
}

/// The blocks of a pool: the counters', and that of the shared data.
Result<std::vector<std::shared_ptr<SharedBlock>>> make_blocks(Host& host, const Scenario& scenario,
                                                              const RunPlan& plan) {
    auto counters = make_counter_block(host, scenario);
    if (!counters) return counters.error();
    std::vector<std::shared_ptr<SharedBlock>> blocks = {std::move(counters.value())};
    if (plan.data_block) {
        auto data = host.create_shared_block(plan.slots.count * plan.slots.bytes);
        if (!data) return data.error();
        blocks.push_back(std::move(data.value()));
    }
    return blocks;
}

void run_with_processes(Host& host, const Scenario& scenario, const RunPlan& plan, const Speeds& speeds, Done done) {
    auto blocks = make_blocks(host, scenario, plan);
    if (!blocks) return done(blocks.error());
    if (scenario.model == ExecutionModel::process_pool) {
        run_process_pool(host, scenario, speeds, std::move(blocks.value()), std::move(done));
    } else if (plan.queue) {
        run_asyncio_with_pool(host, scenario, speeds, std::move(blocks.value()), std::move(done));
    } else {
        run_processes(host, scenario, speeds, std::move(blocks.value().front()), std::move(done));
    }
}

} // namespace

std::string why_not_measurable(const Scenario& scenario, const Capabilities& here) {
    if (std::string reason = why_no_wait(scenario, here); !reason.empty()) return reason;
    const RunPlan plan = plan_of(scenario);
    if ((plan.counter_block || plan.data_block) && !here.no_shared_blocks.empty()) return here.no_shared_blocks;
    if (plan.processes || plan.own_process) return why_no_processes(scenario, plan, here);
    if (plan.threads_in_process == 0) return {};
    if (!here.no_threads.empty()) return here.no_threads;
    return too_many(plan.workers, here.max_threads, "threads");
}

void measure_once(Host& host, const Scenario& scenario, const Speeds& speeds, Done done) {
    const std::string reason = why_not_measurable(scenario, host.capabilities());
    if (!reason.empty()) return done(Error{std::string(to_string(scenario.model)), reason, {}});
    const RunPlan plan = plan_of(scenario);
    if (!plan.own_process && !plan.processes) return measure_in_process(host, scenario, speeds, std::move(done));
    const int count = plan.own_process ? 1 : plan.workers;
    host.prepare_processes(scenario.start_method, count, plan.threads_in_process,
                           [&host, scenario, plan, speeds, done = std::move(done)](Result<Nothing> ready) {
                               if (!ready) {
                                   done(ready.error());
                               } else if (plan.own_process) {
                                   run_in_child(host, scenario, speeds, done);
                               } else {
                                   run_with_processes(host, scenario, plan, speeds, done);
                               }
                           });
}

} // namespace gil
