#include "core/scenario_json.h"

#include "core/json_reader.h"

namespace gil {

namespace {

Json step_to_json(const Step& step) {
    if (const auto* compute = std::get_if<Compute>(&step)) {
        return {{"compute", {{"kernel", to_string(compute->kernel)}, {"ms", to_ms(compute->work)}}}};
    }
    const auto& wait = *std::get_if<Wait>(&step);
    return {{"wait", {{"kind", to_string(wait.kind)}, {"ms", to_ms(wait.duration)}}}};
}

Result<Step> step_from_json(const Json& json, const std::string& path) {
    ObjectReader reader(json, path);
    if (reader.has("compute") == reader.has("wait")) {
        reader.fail({}, "must hold exactly one kind of step", "{\"compute\": ...} or {\"wait\": ...}");
    }
    Step step;
    if (const Json* inner = reader.object("compute", false)) {
        ObjectReader fields(*inner, reader.path_of("compute"));
        Compute compute;
        compute.kernel = fields.name("kernel", names_of<Kernel>(), Kernel::sum_of_squares);
        compute.work = from_ms(fields.required_number("ms", 0, limits::max_step_ms));
        if (auto end = fields.finish(); !end) reader.fail(end.error());
        step = compute;
    }
    if (const Json* inner = reader.object("wait", false)) {
        ObjectReader fields(*inner, reader.path_of("wait"));
        Wait wait;
        wait.kind = fields.name("kind", names_of<WaitKind>(), WaitKind::sleep);
        wait.duration = from_ms(fields.required_number("ms", 0, limits::max_step_ms));
        if (auto end = fields.finish(); !end) reader.fail(end.error());
        step = wait;
    }
    if (auto end = reader.finish(); !end) return end.error();
    return step;
}

/// Appends the task (or its `count` copies).
Result<Nothing> read_task(const Json& json, const std::string& path, std::vector<Task>& tasks) {
    ObjectReader reader(json, path);
    Task task;
    const auto count = reader.integer("count", 1, static_cast<std::int64_t>(limits::max_tasks), 1);
    task.name = reader.text("name", {});
    if (const Json* steps = reader.array("steps", true, limits::max_steps)) {
        for (std::size_t i = 0; i < steps->size() && !reader.failed(); ++i) {
            auto step = step_from_json((*steps)[i], reader.path_of("steps") + "[" + std::to_string(i) + "]");
            if (!step) {
                reader.fail(step.error());
            } else {
                task.steps.push_back(step.value());
            }
        }
    }
    if (auto end = reader.finish(); !end) return end.error();
    if (tasks.size() + static_cast<std::size_t>(count) > limits::max_tasks) {
        return Error{path, "makes more tasks than can be run", "at most " + std::to_string(limits::max_tasks)};
    }
    for (std::int64_t i = 0; i < count; ++i) {
        Task copy = task;
        if (copy.name.empty()) copy.name = "task " + std::to_string(tasks.size() + 1);
        tasks.push_back(std::move(copy));
    }
    return Nothing{};
}

} // namespace

Json to_json(const Scenario& scenario) {
    Json tasks = Json::array();
    for (const Task& task : scenario.tasks) {
        Json steps = Json::array();
        for (const Step& step : task.steps) steps.push_back(step_to_json(step));
        tasks.push_back({{"name", task.name}, {"steps", std::move(steps)}});
    }
    return {{"model", to_string(scenario.model)},
            {"workers", scenario.workers},
            {"start_method", to_string(scenario.start_method)},
            {"interpreter", {{"switch_interval_ms", to_ms(scenario.interpreter.switch_interval)}}},
            {"tasks", std::move(tasks)}};
}

Result<Scenario> scenario_from_json(const Json& json) {
    ObjectReader reader(json, {});
    Scenario scenario;
    if (!reader.has("model")) reader.fail("model", "is missing", one_of(names_of<ExecutionModel>()));
    scenario.model = reader.name("model", names_of<ExecutionModel>(), ExecutionModel::sequential);
    scenario.workers = static_cast<int>(reader.integer("workers", 1, limits::max_workers, 4));
    scenario.start_method = reader.name("start_method", names_of<StartMethod>(), StartMethod::forkserver);
    if (const Json* inner = reader.object("interpreter", false)) {
        ObjectReader fields(*inner, "interpreter");
        scenario.interpreter.switch_interval = from_ms(
            fields.number("switch_interval_ms", limits::min_switch_interval_ms, limits::max_switch_interval_ms, 5));
        if (auto end = fields.finish(); !end) reader.fail(end.error());
    }
    if (const Json* tasks = reader.array("tasks", true, limits::max_tasks)) {
        if (tasks->empty()) reader.fail("tasks", "is empty", "at least one task");
        for (std::size_t i = 0; i < tasks->size() && !reader.failed(); ++i) {
            auto task = read_task((*tasks)[i], "tasks[" + std::to_string(i) + "]", scenario.tasks);
            if (!task) reader.fail(task.error());
        }
    }
    if (auto end = reader.finish(); !end) return end.error();
    return scenario;
}

} // namespace gil
