// A Scenario is what is to happen, as plain data: no pointers, no platform, JSON in and out (scenario_json.h).
// The same value is given to the simulator and to the measured runners.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/units.h"

namespace gil {

/// How the tasks are spread over workers.
/// - sequential: one after another in one thread.
/// - threads: a thread per worker, one GIL (threading.Thread).
/// - processes: an interpreter with its own GIL per worker (multiprocessing.Process).
/// - asyncio: one thread, every task a coroutine; a wait lets the next one run.
/// - free_threaded: a thread per worker and no GIL (PEP 703).
enum class ExecutionModel : std::uint8_t { sequential, threads, processes, asyncio, free_threaded };

/// multiprocessing's start methods. In a browser `forkserver` is a Worker kept ready, `spawn` a fresh one.
enum class StartMethod : std::uint8_t { fork, forkserver, spawn };

/// The work itself; see core/kernels.
enum class Kernel : std::uint8_t { sum_of_squares };

/// What a wait waits for: a plain blocking sleep, or a real HTTP request to /delay?ms=N on loopback.
enum class WaitKind : std::uint8_t { sleep, http };

/// CPU work, given as the time it takes alone on one idle core. The measured side turns it into a fixed number of
/// kernel turns once per run, so that every variant does the same work.
struct Compute {
    Kernel kernel = Kernel::sum_of_squares;
    Nanoseconds work = 0;
    bool operator==(const Compute&) const = default;
};

/// A blocking call that releases the GIL (an HTTP request, a file, a query, a sleep).
struct Wait {
    WaitKind kind = WaitKind::sleep;
    Nanoseconds duration = 0;
    bool operator==(const Wait&) const = default;
};

using Step = std::variant<Compute, Wait>;

struct Task {
    std::string name;
    std::vector<Step> steps;
    bool operator==(const Task&) const = default;
};

/// Settings of the Python interpreter that is being modelled.
struct Interpreter {
    /// sys.setswitchinterval; CPython's default is 5 ms (Python/ceval_gil.c, DEFAULT_INTERVAL).
    Nanoseconds switch_interval = 5 * millisecond;
    bool operator==(const Interpreter&) const = default;
};

struct Scenario {
    ExecutionModel model = ExecutionModel::sequential;
    /// Threads or processes asked for; no more are started than there are tasks. sequential and asyncio ignore it.
    int workers = 1;
    StartMethod start_method = StartMethod::forkserver;
    Interpreter interpreter;
    /// Task i belongs to worker i mod workers, as a hand-written loop would deal them.
    std::vector<Task> tasks;
    bool operator==(const Scenario&) const = default;
};

/// A named scenario of an experiment, for example "threads".
struct Variant {
    std::string name;
    Scenario scenario;
};

/// Limits of a scenario that is accepted from outside.
namespace limits {
inline constexpr int max_workers = 1'024;
inline constexpr int max_measured_workers = 64;
inline constexpr std::size_t max_tasks = 10'000;
inline constexpr std::size_t max_steps = 1'000;
inline constexpr double max_step_ms = 60'000;
inline constexpr double min_switch_interval_ms = 0.001;
inline constexpr double max_switch_interval_ms = 1'000;
} // namespace limits

/// Workers that really start: min(workers, tasks), and 1 for sequential and asyncio.
[[nodiscard]] int started_workers(const Scenario& scenario);

/// Indices of the tasks that worker `worker` runs, in order.
[[nodiscard]] std::vector<int> tasks_of_worker(const Scenario& scenario, int worker);

/// The step as the time it would take alone: work or duration.
[[nodiscard]] Nanoseconds duration_of(const Step& step);

/// Sum of all CPU work of all tasks.
[[nodiscard]] Nanoseconds total_work(const Scenario& scenario);

/// Sum of all waits of all tasks.
[[nodiscard]] Nanoseconds total_wait(const Scenario& scenario);

// Names as they stand in JSON, on the command line and on the screen. `names_of` lists them in enum order.
[[nodiscard]] std::string_view to_string(ExecutionModel model);
[[nodiscard]] std::string_view to_string(StartMethod method);
[[nodiscard]] std::string_view to_string(Kernel kernel);
[[nodiscard]] std::string_view to_string(WaitKind kind);

template<class Enum>
[[nodiscard]] std::span<const std::string_view> names_of();
template<>
std::span<const std::string_view> names_of<ExecutionModel>();
template<>
std::span<const std::string_view> names_of<StartMethod>();
template<>
std::span<const std::string_view> names_of<Kernel>();
template<>
std::span<const std::string_view> names_of<WaitKind>();

} // namespace gil
