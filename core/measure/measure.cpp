#include "core/measure/measure.h"

#include "core/measure/counters.h"
#include "core/measure/payload.h"
#include "core/measure/pool_runner.h"
#include "core/measure/pool_worker.h"
#include "core/measure/process_runner.h"
#include "core/measure/run_in_process.h"

namespace gil {

namespace {

using Done = std::function<void(Result<Run>)>;

/// A program that goes wrong on purpose gets a process of its own, so that the engine survives it.
bool needs_own_process(const Scenario& scenario) {
    return has_failures(scenario) && !uses_processes(scenario);
}

bool uses_threads(const Scenario& scenario) {
    return threads_in_child(scenario) > 0;
}

bool shares_data(const Scenario& scenario) {
    return scenario.transport == Transport::shared_memory && scenario.model == ExecutionModel::process_pool &&
           block_slots(scenario).bytes > 0;
}

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

std::string why_no_processes(const Scenario& scenario, const Capabilities& here) {
    const bool threads_inside = uses_threads(scenario);
    if (!here.no_processes.empty()) return here.no_processes;
    if (threads_inside && !here.no_process_threads.empty()) return here.no_process_threads;
    const std::string& reason = here.no_start_method[static_cast<std::size_t>(scenario.start_method)];
    if (!reason.empty() && !needs_own_process(scenario)) return reason;
    if (needs_own_process(scenario)) return {};
    return too_many(started_workers(scenario) * std::max(1, threads_in_child(scenario)), here.max_processes,
                    "processes");
}

/// The blocks of a pool: the counters', and that of the shared data.
Result<std::vector<std::shared_ptr<SharedBlock>>> make_blocks(Host& host, const Scenario& scenario) {
    auto counters = make_counter_block(host, scenario);
    if (!counters) return counters.error();
    std::vector<std::shared_ptr<SharedBlock>> blocks = {std::move(counters.value())};
    if (shares_data(scenario)) {
        const BlockSlots slots = block_slots(scenario);
        auto data = host.create_shared_block(slots.count * slots.bytes);
        if (!data) return data.error();
        blocks.push_back(std::move(data.value()));
    }
    return blocks;
}

void run_with_processes(Host& host, const Scenario& scenario, const Speeds& speeds, Done done) {
    auto blocks = make_blocks(host, scenario);
    if (!blocks) return done(blocks.error());
    if (scenario.model == ExecutionModel::process_pool) {
        run_process_pool(host, scenario, speeds, std::move(blocks.value()), std::move(done));
    } else if (uses_queue(scenario)) {
        run_asyncio_with_pool(host, scenario, speeds, std::move(blocks.value()), std::move(done));
    } else {
        run_processes(host, scenario, speeds, std::move(blocks.value().front()), std::move(done));
    }
}

} // namespace

std::string why_not_measurable(const Scenario& scenario, const Capabilities& here) {
    if (std::string reason = why_no_wait(scenario, here); !reason.empty()) return reason;
    if ((needs_counter_block(scenario) || shares_data(scenario)) && !here.no_shared_blocks.empty()) {
        return here.no_shared_blocks;
    }
    if (uses_processes(scenario) || needs_own_process(scenario)) return why_no_processes(scenario, here);
    if (!uses_threads(scenario)) return {};
    if (!here.no_threads.empty()) return here.no_threads;
    return too_many(started_workers(scenario), here.max_threads, "threads");
}

void measure_once(Host& host, const Scenario& scenario, const Speeds& speeds, Done done) {
    const std::string reason = why_not_measurable(scenario, host.capabilities());
    if (!reason.empty()) return done(Error{std::string(to_string(scenario.model)), reason, {}});
    const bool own_process = needs_own_process(scenario);
    if (!own_process && !uses_processes(scenario)) return measure_in_process(host, scenario, speeds, std::move(done));
    const int count = own_process ? 1 : started_workers(scenario);
    host.prepare_processes(scenario.start_method, count, threads_in_child(scenario),
                           [&host, scenario, speeds, own_process, done = std::move(done)](Result<Nothing> ready) {
                               if (!ready) {
                                   done(ready.error());
                               } else if (own_process) {
                                   run_in_child(host, scenario, speeds, done);
                               } else {
                                   run_with_processes(host, scenario, speeds, done);
                               }
                           });
}

} // namespace gil
