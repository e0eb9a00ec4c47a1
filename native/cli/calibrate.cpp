// gilplay calibrate: this computer as a Machine.
#include <CLI/CLI.hpp>

#include <memory>
#include <utility>
#include <vector>

#include "core/names.h"
#include "native/cli/command_line.h"
#include "native/cli/output.h"
#include "native/cli/session.h"

namespace gil::native {

namespace {

std::string duration_text(Nanoseconds duration) {
    if (duration < microsecond) return std::to_string(duration) + " ns";
    if (duration < millisecond) return fixed_number(static_cast<double>(duration) / 1e3, 1) + " us";
    return fixed_number(to_ms(duration), 2) + " ms";
}

std::string machine_table(const Machine& machine) {
    const std::vector<std::pair<std::string, std::string>> rows{
        {"cores that run in parallel", std::to_string(machine.cores)},
        {"start of a thread", duration_text(machine.thread_start)},
        {"start of a process: fork", duration_text(machine.process_start[0])},
        {"start of a process: forkserver", duration_text(machine.process_start[1])},
        {"start of a process: spawn", duration_text(machine.process_start[2])},
        {"end of a process until it is joined", duration_text(machine.process_exit)},
        {"wake-up of a waiting thread", duration_text(machine.wake_latency)},
        {"lateness of a timed wait", duration_text(machine.timer_slack)},
        {"CPU work around a blocking call", duration_text(machine.io_overhead)},
        {"CPU work per coroutine that wakes", duration_text(machine.loop_overhead)},
        {"the scheduler's time slice", duration_text(machine.time_slice)},
        {"work between two looks at the eval breaker", duration_text(machine.eval_check)},
        {"extra work without a GIL (assumed)",
         fixed_number(static_cast<double>(machine.free_threaded_tax_ppm) / 1e4, 1) + " %"},
    };
    std::size_t widest = 0;
    for (const auto& row : rows) widest = std::max(widest, row.first.size());
    std::string table = machine.name + (machine.calibrated ? ", calibrated now" : ", not calibrated") + "\n\n";
    for (const auto& [what, value] : rows) {
        table += "  " + what + std::string(widest - what.size() + 2, ' ');
        table += std::string(value.size() < 10 ? 10 - value.size() : 0, ' ') + value + "\n";
    }
    return table;
}

int calibrate(bool json) {
    const EngineAnswer answer = ask_engine(CalibrateRequest{1});
    if (answer.status != 0) {
        run_error(answer.error);
        return answer.status;
    }
    const auto* result = std::get_if<CalibratedEvent>(&*answer.event);
    if (!result) return run_error(Error{"", "the engine answered something else", ""});
    return print_out(json ? dump_json(to_json(result->machine), 2) + "\n" : machine_table(result->machine));
}

} // namespace

void add_calibrate(CLI::App& app, Action& action) {
    auto json = std::make_shared<bool>(false);
    CLI::App* command = app.add_subcommand("calibrate", "Measure what this computer's threads and processes cost");
    command->add_flag("--json", *json, "Print the machine as JSON, for --machine");
    command->callback([json, &action] { action = [json] { return calibrate(*json); }; });
}

} // namespace gil::native
