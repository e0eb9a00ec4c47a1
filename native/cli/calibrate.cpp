// gilplay calibrate: this computer, or a CPython on it, as a Machine.
#include <CLI/CLI.hpp>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/base/text.h"
#include "native/cli/command_line.h"
#include "native/cli/other_load.h"
#include "native/cli/output.h"
#include "native/cli/python_session.h"
#include "native/cli/session.h"
#include "native/python/python_runner.h"

namespace gil::native {

namespace {

std::string duration_text(Nanoseconds duration) {
    if (duration == 0) return "below noise";
    if (duration < microsecond) return std::to_string(duration) + " ns";
    if (duration < millisecond) return fixed_number(static_cast<double>(duration) / 1e3, 1) + " us";
    return fixed_number(to_ms(duration), 2) + " ms";
}

std::string tax_text(std::int64_t ppm) {
    return fixed_number(static_cast<double>(ppm) / 1e4, 1) + " %";
}

struct Row {
    std::string what;
    std::string value;
    std::optional<CostGroup> group; ///< empty: never typical
};

std::vector<Row> machine_rows(const Machine& machine) {
    using enum CostGroup;
    // How often an interpreter looks up is known of this engine alone.
    const std::string none =
        machine.calibrated && !machine.typical.contains(interpreter) ? " (this engine has none)" : "";
    return {
        {"what runs in parallel", cores_text(machine), std::nullopt},
        {"start of a thread", duration_text(machine.thread_start), threads},
        {"start of a process: fork", duration_text(machine.process_start[0]), fork},
        {"start of a process: forkserver", duration_text(machine.process_start[1]), forkserver},
        {"start of a process: spawn", duration_text(machine.process_start[2]), spawn},
        {"start of a pool's worker that is not forked, extra" + none, duration_text(machine.pool_worker_start),
         executor},
        {"end of a process until it is joined", duration_text(machine.process_exit), forkserver},
        {"wake-up of a waiting thread", duration_text(machine.wake_latency), threads},
        {"lateness of a timed wait", duration_text(machine.timer_slack), timer},
        {"CPU work around a blocking call", duration_text(machine.io_overhead), timer},
        {"making and closing an event loop", duration_text(machine.loop_start), event_loop},
        {"CPU work per coroutine that wakes", duration_text(machine.loop_overhead), event_loop},
        {"handing an item to an executor", duration_text(machine.pool_item), executor},
        {"a small message between processes, each end", duration_text(machine.message), messages},
        {"1 MiB through a channel, each end", duration_text(machine.transfer_per_mib), transfers},
        {"the same where 4 MiB or more cross at once", duration_text(machine.transfer_large_per_mib), large_transfers},
        {"serialising or restoring 1 MiB", duration_text(machine.copy_per_mib), copies},
        {"touching 1 MiB for the first time", duration_text(machine.fresh_per_mib), transfers},
        {"touching 1 MiB of a shared block for the first time", duration_text(machine.shared_fresh_per_mib),
         shared_blocks},
        {"the first access to 1 MiB of it from another process", duration_text(machine.shared_map_per_mib),
         shared_blocks},
        {"copying 1 MiB into a shared block or reading it", duration_text(machine.shared_copy_per_mib), shared_blocks},
        {"making and mapping a block of shared memory", duration_text(machine.shared_block), shared_blocks},
        {"start of a subinterpreter", duration_text(machine.interpreter_start), interpreters},
        {"counter += 1", duration_text(machine.increment), counters},
        {"calling a function", duration_text(machine.function_call), counters},
        {"taking and giving back a free lock", duration_text(machine.lock_pair), counters},
        {"counter.value += 1, shared by processes", duration_text(machine.shared_increment), shared_counters},
        {"taking and giving back a free lock of processes", duration_text(machine.shared_lock_pair), shared_counters},
        {"counter.value += 1 beside another process, extra", duration_text(machine.shared_contention),
         shared_contention},
        {"waking a thread asleep on a lock", duration_text(machine.wake_call), lock_wakes},
        {"counter += 1 under a mutex that others want, extra", duration_text(machine.lock_contention), contention},
        {"access to what another core has written", duration_text(machine.shared_access), shared_access},
        {"the scheduler's time slice", duration_text(machine.time_slice), assumed},
        {"work between two looks at the eval breaker", duration_text(machine.eval_check), interpreter},
        {"extra time that work takes while all cores are busy", tax_text(machine.busy_cores_tax_ppm), cores},
        {"extra work without a GIL" + none, tax_text(machine.free_threaded_tax_ppm), interpreter},
        {"CPU work of an operation on a file", tax_text(machine.file_cpu_ppm), files},
        {"CPU work of a query of a database", tax_text(machine.database_cpu_ppm), databases},
    };
}

std::string machine_table(const Machine& machine) {
    const std::vector<Row> rows = machine_rows(machine);
    std::size_t widest = 0;
    for (const Row& row : rows) widest = std::max(widest, row.what.size());
    std::string table = machine.name + (machine.calibrated ? ", calibrated now" : ", not calibrated") + "\n\n";
    for (const auto& [what, value, group] : rows) {
        table += "  " + what + std::string(widest - what.size() + 2, ' ');
        table += std::string(value.size() < 10 ? 10 - value.size() : 0, ' ') + value;
        table += machine.calibrated && group && machine.typical.contains(*group) ? "   typical, not measured\n" : "\n";
    }
    return table;
}

struct CalibrateOptions {
    std::string interpreter;
    CLI::Option* interpreter_option = nullptr;
    bool json = false;
};

/// A calibration says what this computer can do only if it could.
void warn_of_others(const OtherLoad& load, const Machine& machine) {
    std::string others = load.words(machine.processors);
    if (others.empty() && machine.cores >= machine.processors) return;
    // Nobody else here used them, and yet they were not to be had: a virtual machine's host does not tell.
    if (others.empty()) others = "other programs, or other machines on the same host, had some of the processors";
    print_progress("note: " + others +
                   " meanwhile, so costs may be too high and cores too few: calibrate again when it is quiet");
}

int print_machine(const Machine& machine, const OtherLoad& load, bool json) {
    warn_of_others(load, machine);
    return print_out(json ? dump_json(to_json(machine), 2) + "\n" : machine_table(machine));
}

int calibrate_interpreter(const CalibrateOptions& options) {
    const auto program = find_program(options.interpreter);
    if (!program) return usage_error(program.error());
    const OtherLoad load;
    const FoundPythons found = find_pythons(std::span(&program.value(), 1), 0);
    if (found.status != 0) return found.status;
    const CalibratedPython calibrated = calibrate_python(found.interpreters.front());
    if (calibrated.status != 0) return calibrated.status;
    return print_machine(calibrated.machine, load, options.json);
}

int calibrate(const CalibrateOptions& options) {
    if (options.interpreter_option->count() > 0) return calibrate_interpreter(options);
    const OtherLoad load;
    const EngineAnswer answer = ask_engine(CalibrateRequest{1});
    if (answer.status != 0) {
        run_error(answer.error);
        return answer.status;
    }
    const auto* result = std::get_if<CalibratedEvent>(&*answer.event);
    if (!result) return run_error(Error{"", "the engine answered something else", ""});
    return print_machine(result->machine, load, options.json);
}

} // namespace

void add_calibrate(CLI::App& app, Action& action) {
    auto options = std::make_shared<CalibrateOptions>();
    CLI::App* command = app.add_subcommand("calibrate", "Measure what this computer's threads and processes cost");
    options->interpreter_option =
        command->add_option("--interpreter", options->interpreter, "What those of this Python cost instead")
            ->type_name("PATH");
    command->add_flag("--json", options->json, "Print the machine as JSON, for --machine");
    command->callback([options, &action] { action = [options] { return calibrate(*options); }; });
}

} // namespace gil::native
