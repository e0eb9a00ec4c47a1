// What the simulator needs to know of a computer and of the interpreter that runs on it.
#pragma once

#include <array>
#include <string>

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/base/units.h"
#include "core/machine/cost_groups.h"
#include "core/scenario/scenario.h"

namespace gil {

/// Costs are medians on an idle machine. The defaults are typical values (docs/report.md names the fields);
/// `gilplay calibrate` measures this computer's, a run those that its scenarios need.
struct Machine {
    std::string name = "typical laptop";
    bool calibrated = false;                        ///< true: measured on this computer, in this session, all but
    CostGroups typical = CostGroups::all();         ///< these costs, which are a typical laptop's
    int cores = 4;                                  ///< cores that really run in parallel
    int processors = 0;                             ///< on how many the cores were looked for, 16 at most; 0: not asked
    std::int64_t busy_cores_tax_ppm = 0;            ///< extra time of the same work while all of them are busy
    Nanoseconds thread_start = 60 * microsecond;    ///< start and join of one empty thread
    Nanoseconds process_launch = 500 * microsecond; ///< the parent's serial share of starting one process
    std::array<Nanoseconds, 3> process_start = {1'500 * microsecond, 3 * millisecond,
                                                45 * millisecond}; ///< the child's own share, by StartMethod
    Nanoseconds pool_worker_start = 0; ///< on top when it serves a pool and was not forked: modules that it loads first
    Nanoseconds process_exit = 300 * microsecond;     ///< last instruction of a child until its parent has joined it
    Nanoseconds wake_latency = 50 * microsecond;      ///< signal of a condition until the woken thread runs
    Nanoseconds timer_slack = 60 * microsecond;       ///< how late a timed wait ends
    Nanoseconds io_overhead = 20 * microsecond;       ///< CPU work around one blocking call
    Nanoseconds loop_start = 100 * microsecond;       ///< making and closing an event loop
    Nanoseconds loop_overhead = 15 * microsecond;     ///< event loop: CPU work per coroutine that becomes ready
    Nanoseconds pool_item = 5 * microsecond;          ///< CPU work of the submitting thread per item of an executor
    Nanoseconds message = 20 * microsecond;           ///< CPU work at each end of one small message between processes
    Nanoseconds transfer_per_mib = 250 * microsecond; ///< CPU work at each end per MiB that crosses between processes
    Nanoseconds transfer_large_per_mib = 250 * microsecond; ///< the same where 4 MiB or more cross at once
    Nanoseconds copy_per_mib = 100 * microsecond;           ///< serialising or restoring one MiB
    Nanoseconds fresh_per_mib = 250 * microsecond;          ///< a process touches one MiB of memory for the first time
    Nanoseconds shared_fresh_per_mib = 250 * microsecond;   ///< one MiB of a shared block is touched for the first time
    Nanoseconds shared_map_per_mib =
        100 * microsecond; ///< one MiB of it that others have touched: another's first access
    Nanoseconds shared_copy_per_mib = 100 * microsecond; ///< copying one MiB into a shared block, or reading it there
    Nanoseconds shared_block = 60 * microsecond;         ///< making and mapping one block of shared memory
    Nanoseconds interpreter_start = 10 * millisecond;    ///< a subinterpreter in a thread that runs already
    Nanoseconds increment = 30;                          ///< one turn of a loop around `counter += 1`
    Nanoseconds function_call = 40;                      ///< an empty function called and left
    Nanoseconds lock_pair = 40;                          ///< acquire and release of a lock that nobody else wants
    Nanoseconds shared_increment = 30;  ///< one turn of a loop around `counter.value += 1` in memory of processes
    Nanoseconds shared_lock_pair = 40;  ///< acquire and release of a free lock of processes
    Nanoseconds shared_contention = 60; ///< what such a turn takes longer beside another process that does the same
    Nanoseconds wake_call = 2 * microsecond; ///< CPU work of the call that wakes a thread asleep on a lock
    Nanoseconds lock_contention = 60;    ///< free-threaded: an increment under a mutex that other threads want, extra
    Nanoseconds shared_access = 60;      ///< an access to a cache line that another core has just written
    std::int64_t file_cpu_ppm = 300'000; ///< share of a file operation's time that is CPU work
    std::int64_t database_cpu_ppm = 1'000'000;   ///< the same for a query of a database inside the process
    Nanoseconds time_slice = 3 * millisecond;    ///< scheduler's slice when there are more runnable threads than cores
    Nanoseconds eval_check = 50;                 ///< work between two looks at the eval breaker
    std::int64_t free_threaded_tax_ppm = 70'000; ///< extra work without a GIL; What's New in 3.14 says 5 to 10 %

    bool operator==(const Machine&) const = default;
};

/// How much longer the same work takes on one of `busy` cores than on one alone: with each the same amount more.
[[nodiscard]] std::int64_t busy_tax_ppm(const Machine& machine, int busy);

/// "2 cores", "5 cores of 8 processors (calibrated)": two processors may share a core, or another program have it.
[[nodiscard]] std::string cores_text(const Machine& machine);

[[nodiscard]] Json to_json(const Machine& machine);

/// Refused: unknown fields, wrong types, values out of range, no `cores`, and a calibrated machine that lacks anything
/// that its "typical" does not name. Fields that are missing otherwise keep the default's value.
[[nodiscard]] Result<Machine> machine_from_json(const Json& json);

/// Groups of which `json`, an object as above, lacks a cost.
[[nodiscard]] CostGroups costs_missing_in(const Json& json);

} // namespace gil
