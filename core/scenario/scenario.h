// A Scenario is what is to happen, as plain data: no pointers, no platform, JSON in and out (scenario_json.h).
// The same value is given to the simulator and to the measured runners.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/shared_list.h"
#include "core/base/units.h"

namespace gil {

/// How the tasks are spread over workers.
/// - sequential: one after another in one thread.
/// - threads: a thread per worker, one GIL (threading.Thread).
/// - thread_pool: threads that take tasks from one queue; idle ones are reused before new ones start
///   (concurrent.futures.ThreadPoolExecutor).
/// - processes: an interpreter with its own GIL per worker (multiprocessing.Process).
/// - process_pool: processes that are handed chunks of tasks (concurrent.futures.ProcessPoolExecutor).
/// - asyncio: one thread, every task a coroutine; a wait lets the next one run.
/// - hybrid: processes with threads inside, or an event loop with a process pool (HybridKind).
/// - free_threaded: a thread per worker and no GIL (PEP 703).
/// - subinterpreters: a thread and an interpreter with its own GIL per worker, in one process; arguments are
///   serialised (PEP 734, InterpreterPoolExecutor).
enum class ExecutionModel : std::uint8_t {
    sequential,
    threads,
    thread_pool,
    processes,
    process_pool,
    asyncio,
    hybrid,
    free_threaded,
    subinterpreters
};

/// - threads: `workers` processes with `threads_per_process` threads each.
/// - asyncio: an event loop does the waiting and hands CPU work to a pool of `workers` processes.
enum class HybridKind : std::uint8_t { threads, asyncio };

/// multiprocessing's start methods. In a browser `forkserver` is a Worker kept ready, `spawn` a fresh one.
enum class StartMethod : std::uint8_t { fork, forkserver, spawn };

/// How a task's argument and result reach another process: serialised and copied, or by the name of a shared block.
enum class Transport : std::uint8_t { pickle, shared_memory };

/// Where the interpreter looks at its eval breaker, and so where a thread can lose the GIL: between most bytecodes (up
/// to CPython 3.9), or at backward jumps and calls only (since 3.10; Python/ceval.c).
enum class EvalCheck : std::uint8_t { back_edge, every_bytecode };

/// The work itself; see core/kernels.
enum class Kernel : std::uint8_t { sum_of_squares, image_filter, numeric, encryption, parsing };

/// What a wait waits for: a plain blocking sleep, a real HTTP request to /delay?ms=N on loopback, one byte to and fro
/// over a socket whose other end answers after N ms, writing a file through to the disk and reading it back, or an
/// SQLite query. The last two do a fixed number of operations that take about so long alone.
enum class WaitKind : std::uint8_t { sleep, http, socket, file, database };

/// What is shared and counted up: a variable of the interpreter, a multiprocessing.Value, or element 0 of a
/// multiprocessing.Array.
enum class Counter : std::uint8_t { variable, value, array };

/// How a task goes wrong: an exception, abort(), or a write to an address that is not the program's.
enum class Failure : std::uint8_t { exception, abort, stray_write };

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

/// CPU work inside a C extension: no look at the eval breaker until it returns. `keeps_gil` false: it lets go of the
/// GIL first and takes it back afterwards (zlib, hashlib, numpy).
struct NativeCall {
    Kernel kernel = Kernel::sum_of_squares;
    Nanoseconds work = 0;
    bool keeps_gil = true;
    bool operator==(const NativeCall&) const = default;
};

/// `count` times `counter += amount` in a loop: a load, an addition and a store.
struct Increment {
    Counter counter = Counter::variable;
    std::int64_t count = 1;
    std::int64_t amount = 1;
    bool locked = false;       ///< each one under the counter's lock
    bool call_between = false; ///< a function call between load and store, where the GIL may be lost
    bool operator==(const Increment&) const = default;
};

/// Takes or gives back a threading.Lock of the scenario. The number tells locks apart.
struct Acquire {
    int lock = 0;
    bool operator==(const Acquire&) const = default;
};
struct Release {
    int lock = 0;
    bool operator==(const Release&) const = default;
};

/// queue.put(): `bytes` of data to the parent; by reference where memory is shared, else serialised and copied.
struct Send {
    std::int64_t bytes = 0;
    bool operator==(const Send&) const = default;
};

/// The task ends here, the hard way.
struct Fail {
    Failure failure = Failure::exception;
    bool operator==(const Fail&) const = default;
};

using Step = std::variant<Compute, Wait, NativeCall, Increment, Acquire, Release, Send, Fail>;

struct Task {
    std::string name;
    SharedList<Step> steps;
    std::int64_t argument_bytes = 0; ///< data the task is called with
    std::int64_t result_bytes = 0;   ///< data it returns
    bool is_lambda = false;          ///< its function has no name to be found by, so it cannot be sent to a process
    bool operator==(const Task&) const = default;
};

/// Settings of the Python interpreter that is being modelled.
struct Interpreter {
    /// sys.setswitchinterval; CPython's default is 5 ms (Python/ceval_gil.c, DEFAULT_INTERVAL).
    Nanoseconds switch_interval = 5 * millisecond;
    EvalCheck eval_check = EvalCheck::back_edge;
    bool operator==(const Interpreter&) const = default;
};

struct Scenario {
    ExecutionModel model = ExecutionModel::sequential;
    /// Threads or processes asked for; no more are started than there are tasks. sequential and asyncio ignore it.
    int workers = 1;
    StartMethod start_method = StartMethod::forkserver;
    HybridKind hybrid = HybridKind::threads;
    int threads_per_process = 1; ///< only for hybrid
    int chunksize = 1;           ///< tasks that a process pool sends at once
    Transport transport = Transport::pickle;
    Interpreter interpreter;
    /// In the pools the next free worker takes the next task (or chunk); elsewhere task i belongs to worker
    /// i mod workers, as a hand-written loop would deal them.
    std::vector<Task> tasks;
    bool operator==(const Scenario&) const = default;
};

/// A named scenario of an experiment, for example "threads".
struct Variant {
    std::string name;
    Scenario scenario;
    /// In a sweep: the line that this point belongs to ("process_pool") and where it stands on the x axis.
    std::string series{};
    double x = 0;
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
inline constexpr int max_chunksize = 10'000;
inline constexpr int max_locks = 8;
inline constexpr std::int64_t max_bytes = 16 << 20;        ///< of one argument, result or message
inline constexpr std::int64_t max_increments = 10'000'000; ///< of one step
} // namespace limits

/// Workers that really start: min(workers, tasks), and 1 for sequential and asyncio. In a hybrid of processes and
/// threads these are the processes; each starts min(threads_per_process, its tasks) threads.
[[nodiscard]] int started_workers(const Scenario& scenario);

/// Indices of the tasks that worker `worker` runs, in order; only for models that deal the tasks out beforehand.
[[nodiscard]] std::vector<int> tasks_of_worker(const Scenario& scenario, int worker);

/// True when the workers are processes, with a memory of their own each.
[[nodiscard]] bool uses_processes(const Scenario& scenario);

/// True when tasks go to whoever is free instead of being dealt out beforehand.
[[nodiscard]] bool uses_queue(const Scenario& scenario);

/// True for a step that computes: what an executor of processes is for.
[[nodiscard]] bool is_cpu_work(const Step& step);

/// The step as the time it would take alone: work or duration; 0 for the others.
[[nodiscard]] Nanoseconds duration_of(const Step& step);

/// Sum of all CPU work of all tasks, native calls included.
[[nodiscard]] Nanoseconds total_work(const Scenario& scenario);

/// Sum of all waits of all tasks.
[[nodiscard]] Nanoseconds total_wait(const Scenario& scenario);

// Names as they stand in JSON, on the command line and on the screen. `names_of` lists them in enum order.
[[nodiscard]] std::string_view to_string(ExecutionModel model);
[[nodiscard]] std::string_view to_string(HybridKind kind);
[[nodiscard]] std::string_view to_string(StartMethod method);
[[nodiscard]] std::string_view to_string(Transport transport);
[[nodiscard]] std::string_view to_string(EvalCheck check);
[[nodiscard]] std::string_view to_string(Kernel kernel);
[[nodiscard]] std::string_view to_string(WaitKind kind);
[[nodiscard]] std::string_view to_string(Counter counter);
[[nodiscard]] std::string_view to_string(Failure failure);

template<class Enum>
[[nodiscard]] std::span<const std::string_view> names_of();
template<>
std::span<const std::string_view> names_of<ExecutionModel>();
template<>
std::span<const std::string_view> names_of<HybridKind>();
template<>
std::span<const std::string_view> names_of<StartMethod>();
template<>
std::span<const std::string_view> names_of<Transport>();
template<>
std::span<const std::string_view> names_of<EvalCheck>();
template<>
std::span<const std::string_view> names_of<Kernel>();
template<>
std::span<const std::string_view> names_of<WaitKind>();
template<>
std::span<const std::string_view> names_of<Counter>();
template<>
std::span<const std::string_view> names_of<Failure>();

} // namespace gil
