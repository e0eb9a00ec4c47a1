#include "core/experiments/common_knobs.h"

#include "core/base/text.h"

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
    Knob knob{"work_ms", "work per task", "ms", KnobKind::real, 0.01, 2'000, fallback, true};
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

Knob chunksize_knob() {
    Knob knob{"chunksize", "chunksize", {}, KnobKind::integer, 1, 64, 1, true};
    knob.help = "How many tasks a process pool sends to a worker at once; map's own default is 1.";
    return knob;
}

Knob increments_knob(int fallback) {
    Knob knob{"increments", "increments", {}, KnobKind::integer, 1, 1e6, static_cast<double>(fallback), true};
    knob.help = "How often each worker does `counter += 1`.";
    return knob;
}

Knob kernel_knob() {
    Knob knob{"kernel", "kind of work", {}, KnobKind::choice, 0, 4, 0};
    knob.choices = {"sum_of_squares", "image_filter", "numeric", "encryption", "parsing"};
    knob.help =
        "What is computed. All of it holds the GIL here, as pure Python does; Pillow, NumPy and hashlib let go.";
    return knob;
}

Knob io_knob() {
    Knob knob{"io", "kind of wait", {}, KnobKind::choice, 0, 4, 0};
    knob.choices = {"wait", "http", "socket", "file", "database"};
    knob.help = "A plain wait, an HTTP request to this program's own server, a byte over a socket, a file, or SQLite.";
    return knob;
}

Nanoseconds duration_of(const Knobs& knobs, std::string_view name) {
    return from_ms(knobs.number(name));
}

StartMethod start_method_of(const Knobs& knobs) {
    return *enum_from<StartMethod>(knobs.choice("start_method"), names_of<StartMethod>());
}

Kernel kernel_of(const Knobs& knobs) {
    return *enum_from<Kernel>(knobs.choice("kernel"), names_of<Kernel>());
}

WaitKind wait_kind_of(const Knobs& knobs) {
    // "wait" is the knob's word for the plain one; the others have one name everywhere.
    return enum_from<WaitKind>(knobs.choice("io"), names_of<WaitKind>()).value_or(WaitKind::sleep);
}

std::vector<Task> equal_tasks(int count, std::vector<Step> steps) {
    const SharedList<Step> shared(std::move(steps));
    std::vector<Task> tasks;
    for (int i = 0; i < count; ++i) tasks.push_back({"task " + std::to_string(i + 1), shared});
    return tasks;
}

Variant variant_of(Scenario scenario, ExecutionModel model, std::string_view suffix) {
    scenario.model = model;
    std::string name(to_string(model));
    if (!suffix.empty()) name.append(":").append(suffix);
    return {std::move(name), std::move(scenario)};
}

std::vector<Variant> variants_of(const Scenario& scenario, std::initializer_list<ExecutionModel> models) {
    std::vector<Variant> variants;
    for (const ExecutionModel model : models) variants.push_back(variant_of(scenario, model));
    return variants;
}

void add_series(std::vector<Variant>& variants, std::string_view series, std::span<const double> xs,
                const std::function<Scenario(double x)>& scenario_at) {
    for (const double x : xs) {
        variants.push_back({std::string(series) + '@' + plain_number(x), scenario_at(x), std::string(series), x});
    }
}

} // namespace gil
