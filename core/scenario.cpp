#include "core/scenario.h"

#include <algorithm>
#include <array>

namespace gil {

namespace {

constexpr std::array<std::string_view, 5> model_names = {"sequential", "threads", "processes", "asyncio",
                                                         "free_threaded"};
constexpr std::array<std::string_view, 3> start_method_names = {"fork", "forkserver", "spawn"};
constexpr std::array<std::string_view, 1> kernel_names = {"sum_of_squares"};
constexpr std::array<std::string_view, 2> wait_names = {"sleep", "http"};

} // namespace

std::string_view to_string(ExecutionModel model) {
    return model_names[static_cast<std::size_t>(model)];
}
std::string_view to_string(StartMethod method) {
    return start_method_names[static_cast<std::size_t>(method)];
}
std::string_view to_string(Kernel kernel) {
    return kernel_names[static_cast<std::size_t>(kernel)];
}
std::string_view to_string(WaitKind kind) {
    return wait_names[static_cast<std::size_t>(kind)];
}

template<>
std::span<const std::string_view> names_of<ExecutionModel>() {
    return model_names;
}
template<>
std::span<const std::string_view> names_of<StartMethod>() {
    return start_method_names;
}
template<>
std::span<const std::string_view> names_of<Kernel>() {
    return kernel_names;
}
template<>
std::span<const std::string_view> names_of<WaitKind>() {
    return wait_names;
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

Nanoseconds duration_of(const Step& step) {
    if (const auto* compute = std::get_if<Compute>(&step)) return compute->work;
    return std::get_if<Wait>(&step)->duration;
}

namespace {

template<class Kind>
Nanoseconds total_of(const Scenario& scenario) {
    Nanoseconds total = 0;
    for (const Task& task : scenario.tasks) {
        for (const Step& step : task.steps) {
            if (std::holds_alternative<Kind>(step)) total += duration_of(step);
        }
    }
    return total;
}

} // namespace

Nanoseconds total_work(const Scenario& scenario) {
    return total_of<Compute>(scenario);
}

Nanoseconds total_wait(const Scenario& scenario) {
    return total_of<Wait>(scenario);
}

} // namespace gil
