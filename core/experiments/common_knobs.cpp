#include "core/experiments/common_knobs.h"

namespace gil {

Knob tasks_knob(int fallback) {
    Knob knob{"tasks", "tasks", {}, KnobKind::integer, 1, 64, static_cast<double>(fallback), true};
    knob.help = "How many independent pieces of work there are.";
    return knob;
}

Knob workers_knob(int fallback) {
    Knob knob{"workers", "workers", {}, KnobKind::integer, 1, 64, static_cast<double>(fallback), true};
    knob.help = "Threads or processes that share the tasks; no more are started than there are tasks.";
    return knob;
}

Knob work_ms_knob(double fallback) {
    Knob knob{"work_ms", "work per task", "ms", KnobKind::real, 0.1, 2'000, fallback, true};
    knob.help = "CPU work of one task: the time it takes alone on one idle core.";
    return knob;
}

Knob wait_ms_knob(double fallback) {
    Knob knob{"wait_ms", "wait per task", "ms", KnobKind::real, 1, 2'000, fallback, true};
    knob.help = "How long one task waits for a network, a disk or another service.";
    return knob;
}

Knob switch_interval_knob() {
    Knob knob{"switch_interval_ms", "switch interval", "ms", KnobKind::real, 0.1, 100, 5, true};
    knob.help = "sys.setswitchinterval: how long a thread waits before it asks the holder to drop the GIL.";
    return knob;
}

Knob start_method_knob() {
    Knob knob{"start_method", "start method", {}, KnobKind::choice, 0, 2, 1};
    knob.choices = {"fork", "forkserver", "spawn"};
    knob.help = "How a process is made: a copy of this one, a copy of a clean one kept ready, or a fresh one.";
    return knob;
}

Knob io_knob() {
    Knob knob{"io", "kind of wait", {}, KnobKind::choice, 0, 1, 0};
    knob.choices = {"wait", "http"};
    knob.help = "A plain blocking wait, or a real HTTP request to this program's own server.";
    return knob;
}

std::vector<Task> equal_tasks(int count, std::vector<Step> steps) {
    std::vector<Task> tasks;
    for (int i = 0; i < count; ++i) tasks.push_back({"task " + std::to_string(i + 1), steps});
    return tasks;
}

std::vector<Variant> variants_of(const Scenario& scenario, std::initializer_list<ExecutionModel> models) {
    std::vector<Variant> variants;
    for (const ExecutionModel model : models) {
        Variant variant{std::string(to_string(model)), scenario};
        variant.scenario.model = model;
        variants.push_back(std::move(variant));
    }
    return variants;
}

} // namespace gil
