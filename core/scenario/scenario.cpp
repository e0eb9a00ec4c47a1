#include "core/scenario/scenario.h"

#include <algorithm>
#include <array>

namespace gil {

namespace {

using Names = std::string_view;
constexpr std::array<Names, 9> model_names = {"sequential", "threads",       "thread_pool",
                                              "processes",  "process_pool",  "asyncio",
                                              "hybrid",     "free_threaded", "subinterpreters"};
constexpr std::array<Names, 2> hybrid_names = {"threads", "asyncio"};
constexpr std::array<Names, 3> start_method_names = {"fork", "forkserver", "spawn"};
constexpr std::array<Names, 2> transport_names = {"pickle", "shared_memory"};
constexpr std::array<Names, 2> eval_check_names = {"back_edge", "every_bytecode"};
constexpr std::array<Names, 5> kernel_names = {"sum_of_squares", "image_filter", "numeric", "encryption", "parsing"};
constexpr std::array<Names, 5> wait_names = {"sleep", "http", "socket", "file", "database"};
constexpr std::array<Names, 3> counter_names = {"variable", "value", "array"};
constexpr std::array<Names, 3> failure_names = {"exception", "abort", "stray_write"};

template<class Enum>
std::string_view name_of(Enum value) {
    return names_of<Enum>()[static_cast<std::size_t>(value)];
}

} // namespace

template<>
std::span<const std::string_view> names_of<ExecutionModel>() {
    return model_names;
}
template<>
std::span<const std::string_view> names_of<HybridKind>() {
    return hybrid_names;
}
template<>
std::span<const std::string_view> names_of<StartMethod>() {
    return start_method_names;
}
template<>
std::span<const std::string_view> names_of<Transport>() {
    return transport_names;
}
template<>
std::span<const std::string_view> names_of<EvalCheck>() {
    return eval_check_names;
}
template<>
std::span<const std::string_view> names_of<Kernel>() {
    return kernel_names;
}
template<>
std::span<const std::string_view> names_of<WaitKind>() {
    return wait_names;
}
template<>
std::span<const std::string_view> names_of<Counter>() {
    return counter_names;
}
template<>
std::span<const std::string_view> names_of<Failure>() {
    return failure_names;
}

std::string_view to_string(ExecutionModel model) {
    return name_of(model);
}
std::string_view to_string(HybridKind kind) {
    return name_of(kind);
}
std::string_view to_string(StartMethod method) {
    return name_of(method);
}
std::string_view to_string(Transport transport) {
    return name_of(transport);
}
std::string_view to_string(EvalCheck check) {
    return name_of(check);
}
std::string_view to_string(Kernel kernel) {
    return name_of(kernel);
}
std::string_view to_string(WaitKind kind) {
    return name_of(kind);
}
std::string_view to_string(Counter counter) {
    return name_of(counter);
}
std::string_view to_string(Failure failure) {
    return name_of(failure);
}

bool uses_processes(const Scenario& scenario) {
    return scenario.model == ExecutionModel::processes || scenario.model == ExecutionModel::process_pool ||
           scenario.model == ExecutionModel::hybrid;
}

bool uses_queue(const Scenario& scenario) {
    return scenario.model == ExecutionModel::thread_pool || scenario.model == ExecutionModel::process_pool ||
           (scenario.model == ExecutionModel::hybrid && scenario.hybrid == HybridKind::asyncio);
}

int started_workers(const Scenario& scenario) {
    const bool single = scenario.model == ExecutionModel::sequential || scenario.model == ExecutionModel::asyncio;
    return single ? 1 : std::max(1, std::min(scenario.workers, static_cast<int>(scenario.tasks.size())));
}

std::vector<int> tasks_of_worker(const Scenario& scenario, int worker) {
    std::vector<int> mine;
    const int stride = started_workers(scenario);
    for (int task = worker; task < static_cast<int>(scenario.tasks.size()); task += stride) mine.push_back(task);
    return mine;
}

bool is_cpu_work(const Step& step) {
    return std::holds_alternative<Compute>(step) || std::holds_alternative<NativeCall>(step);
}

Nanoseconds duration_of(const Step& step) {
    if (const auto* compute = std::get_if<Compute>(&step)) return compute->work;
    if (const auto* native = std::get_if<NativeCall>(&step)) return native->work;
    if (const auto* wait = std::get_if<Wait>(&step)) return wait->duration;
    return 0;
}

namespace {

Nanoseconds total(const Scenario& scenario, bool waits) {
    Nanoseconds sum = 0;
    for (const Task& task : scenario.tasks) {
        for (const Step& step : task.steps) {
            if (std::holds_alternative<Wait>(step) == waits) sum += duration_of(step);
        }
    }
    return sum;
}

} // namespace

Nanoseconds total_work(const Scenario& scenario) {
    return total(scenario, false);
}

Nanoseconds total_wait(const Scenario& scenario) {
    return total(scenario, true);
}

} // namespace gil
