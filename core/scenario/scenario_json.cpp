#include "core/scenario/scenario_json.h"

#include <array>

#include "core/base/json_reader.h"

namespace gil {

namespace {

/// How one kind of step stands in JSON: {"wait": {"ms": 5}}.
struct StepToJson {
    Json operator()(const Compute& step) const {
        return {{"compute", {{"kernel", to_string(step.kernel)}, {"ms", to_ms(step.work)}}}};
    }
    Json operator()(const Wait& step) const {
        return {{"wait", {{"kind", to_string(step.kind)}, {"ms", to_ms(step.duration)}}}};
    }
    Json operator()(const NativeCall& step) const {
        return {{"native_call",
                 {{"kernel", to_string(step.kernel)}, {"ms", to_ms(step.work)}, {"keeps_gil", step.keeps_gil}}}};
    }
    Json operator()(const Increment& step) const {
        return {{"increment",
                 {{"counter", to_string(step.counter)},
                  {"count", step.count},
                  {"amount", step.amount},
                  {"locked", step.locked},
                  {"call_between", step.call_between}}}};
    }
    Json operator()(const Acquire& step) const { return {{"acquire", {{"lock", step.lock}}}}; }
    Json operator()(const Release& step) const { return {{"release", {{"lock", step.lock}}}}; }
    Json operator()(const Send& step) const { return {{"send", {{"bytes", step.bytes}}}}; }
    Json operator()(const Fail& step) const { return {{"fail", {{"how", to_string(step.failure)}}}}; }
};

Nanoseconds read_ms(ObjectReader& fields) {
    return from_ms(fields.required_number("ms", 0, limits::max_step_ms));
}

Step read_compute(ObjectReader& fields) {
    const auto kernel = fields.name("kernel", names_of<Kernel>(), Kernel::sum_of_squares);
    return Compute{kernel, read_ms(fields)};
}
Step read_wait(ObjectReader& fields) {
    const auto kind = fields.name("kind", names_of<WaitKind>(), WaitKind::sleep);
    return Wait{kind, read_ms(fields)};
}
Step read_native_call(ObjectReader& fields) {
    const auto kernel = fields.name("kernel", names_of<Kernel>(), Kernel::sum_of_squares);
    const Nanoseconds work = read_ms(fields);
    return NativeCall{kernel, work, fields.boolean("keeps_gil", true)};
}
Step read_increment(ObjectReader& fields) {
    Increment step;
    step.counter = fields.name("counter", names_of<Counter>(), Counter::variable);
    step.count = fields.integer("count", 0, limits::max_increments, 1);
    step.amount = fields.integer("amount", -1'000'000, 1'000'000, 1);
    step.locked = fields.boolean("locked", false);
    step.call_between = fields.boolean("call_between", false);
    return step;
}
Step read_acquire(ObjectReader& fields) {
    return Acquire{static_cast<int>(fields.integer("lock", 0, limits::max_locks - 1, 0))};
}
Step read_release(ObjectReader& fields) {
    return Release{static_cast<int>(fields.integer("lock", 0, limits::max_locks - 1, 0))};
}
Step read_send(ObjectReader& fields) {
    return Send{fields.required_integer("bytes", 0, limits::max_bytes)};
}
Step read_fail(ObjectReader& fields) {
    return Fail{fields.name("how", names_of<Failure>(), Failure::exception)};
}

struct StepKind {
    std::string_view name;
    Step (*read)(ObjectReader& fields);
};
constexpr std::array<StepKind, 8> step_kinds = {{{"compute", read_compute},
                                                 {"wait", read_wait},
                                                 {"native_call", read_native_call},
                                                 {"increment", read_increment},
                                                 {"acquire", read_acquire},
                                                 {"release", read_release},
                                                 {"send", read_send},
                                                 {"fail", read_fail}}};

Result<Step> step_from_json(const Json& json, const std::string& path) {
    ObjectReader reader(json, path);
    const StepKind* found = nullptr;
    int kinds = 0;
    for (const StepKind& kind : step_kinds) {
        if (!reader.has(kind.name)) continue;
        found = &kind;
        ++kinds;
    }
    if (kinds != 1) {
        std::array<std::string_view, step_kinds.size()> names;
        for (std::size_t i = 0; i < names.size(); ++i) names[i] = step_kinds[i].name;
        reader.fail({}, "must hold exactly one kind of step", one_of(names) + ", such as {\"wait\": {\"ms\": 5}}");
    }
    Step step;
    if (found != nullptr) {
        if (const Json* inner = reader.object(found->name, true)) {
            ObjectReader fields(*inner, reader.path_of(found->name));
            step = found->read(fields);
            if (auto end = fields.finish(); !end) reader.fail(end.error());
        }
    }
    if (auto end = reader.finish(); !end) return end.error();
    return step;
}

/// What a task without a name is called; `index` counts from 0.
std::string default_name(std::size_t index) {
    return "task " + std::to_string(index + 1);
}

bool has_default_name(const std::vector<Task>& tasks, std::size_t index) {
    return tasks[index].name == default_name(index);
}

bool same_but_name(const Task& a, const Task& b) {
    return a.steps == b.steps && a.argument_bytes == b.argument_bytes && a.result_bytes == b.result_bytes &&
           a.is_lambda == b.is_lambda;
}

/// How many tasks from `first` on stand in JSON as one with a count: alike, and called alike or by default.
std::size_t run_of_tasks(const std::vector<Task>& tasks, std::size_t first) {
    const bool by_default = has_default_name(tasks, first);
    std::size_t end = first + 1;
    while (end < tasks.size() && same_but_name(tasks[end], tasks[first]) &&
           (by_default ? has_default_name(tasks, end) : tasks[end].name == tasks[first].name)) {
        ++end;
    }
    return end - first;
}

Json task_to_json(const Task& task, std::size_t count, bool has_default_name) {
    Json steps = Json::array();
    for (const Step& step : task.steps) steps.push_back(std::visit(StepToJson{}, step));
    Json json = Json::object();
    if (!has_default_name) json["name"] = task.name;
    if (count > 1) json["count"] = count;
    json["steps"] = std::move(steps);
    if (task.argument_bytes != 0) json["argument_bytes"] = task.argument_bytes;
    if (task.result_bytes != 0) json["result_bytes"] = task.result_bytes;
    if (task.is_lambda) json["lambda"] = true;
    return json;
}

/// Appends the task (or its `count` copies).
Result<Nothing> read_task(const Json& json, const std::string& path, std::vector<Task>& tasks) {
    ObjectReader reader(json, path);
    Task task;
    const auto count = reader.integer("count", 1, static_cast<std::int64_t>(limits::max_tasks), 1);
    task.name = reader.text("name", {});
    task.argument_bytes = reader.integer("argument_bytes", 0, limits::max_bytes, 0);
    task.result_bytes = reader.integer("result_bytes", 0, limits::max_bytes, 0);
    task.is_lambda = reader.boolean("lambda", false);
    std::vector<Step> read;
    if (const Json* steps = reader.array("steps", true, limits::max_steps)) {
        read.reserve(steps->size());
        for (std::size_t i = 0; i < steps->size() && !reader.failed(); ++i) {
            auto step = step_from_json((*steps)[i], reader.path_of("steps") + "[" + std::to_string(i) + "]");
            if (!step) {
                reader.fail(step.error());
            } else {
                read.push_back(step.value());
            }
        }
    }
    if (auto end = reader.finish(); !end) return end.error();
    task.steps = std::move(read);
    if (tasks.size() + static_cast<std::size_t>(count) > limits::max_tasks) {
        return Error{path, "makes more tasks than can be run", "at most " + std::to_string(limits::max_tasks)};
    }
    for (std::int64_t i = 0; i < count; ++i) {
        Task copy = task;
        if (copy.name.empty()) copy.name = default_name(tasks.size());
        tasks.push_back(std::move(copy));
    }
    return Nothing{};
}

/// Nothing that stops for ever: a lock is taken once and given back by the same task, and whoever holds one takes only
/// locks with a higher number (so that no two tasks wait for each other).
Result<Nothing> check_locks(const Task& task) {
    std::array<bool, limits::max_locks> held{};
    const auto refuse = [&](std::string what, std::string accepted) {
        return Error{"tasks, \"" + printable(task.name, 40) + "\"", std::move(what), std::move(accepted)};
    };
    for (const Step& step : task.steps) {
        if (const auto* acquire = std::get_if<Acquire>(&step)) {
            for (std::size_t lock = static_cast<std::size_t>(acquire->lock); lock < held.size(); ++lock) {
                if (held[lock])
                    return refuse("takes lock " + std::to_string(acquire->lock) + " while it holds lock " +
                                      std::to_string(lock),
                                  "locks in rising order");
            }
            held[static_cast<std::size_t>(acquire->lock)] = true;
        } else if (const auto* release = std::get_if<Release>(&step)) {
            bool& mine = held[static_cast<std::size_t>(release->lock)];
            if (!mine)
                return refuse("releases lock " + std::to_string(release->lock) + " without holding it",
                              "acquire it first");
            mine = false;
        }
    }
    for (std::size_t lock = 0; lock < held.size(); ++lock) {
        if (held[lock]) return refuse("ends while it holds lock " + std::to_string(lock), "release it");
    }
    return Nothing{};
}

Interpreter read_interpreter(const Json& json, ObjectReader& outer) {
    ObjectReader fields(json, "interpreter");
    Interpreter interpreter;
    interpreter.switch_interval =
        from_ms(fields.number("switch_interval_ms", limits::min_switch_interval_ms, limits::max_switch_interval_ms, 5));
    interpreter.eval_check = fields.name("eval_check", names_of<EvalCheck>(), EvalCheck::back_edge);
    if (auto end = fields.finish(); !end) outer.fail(end.error());
    return interpreter;
}

void read_settings(ObjectReader& reader, Scenario& scenario) {
    scenario.workers = static_cast<int>(reader.integer("workers", 1, limits::max_workers, 4));
    scenario.start_method = reader.name("start_method", names_of<StartMethod>(), StartMethod::forkserver);
    scenario.hybrid = reader.name("hybrid", names_of<HybridKind>(), HybridKind::threads);
    scenario.threads_per_process =
        static_cast<int>(reader.integer("threads_per_process", 1, limits::max_measured_workers, 1));
    scenario.chunksize = static_cast<int>(reader.integer("chunksize", 1, limits::max_chunksize, 1));
    scenario.transport = reader.name("transport", names_of<Transport>(), Transport::pickle);
    if (const Json* inner = reader.object("interpreter", false)) {
        scenario.interpreter = read_interpreter(*inner, reader);
    }
}

} // namespace

Json to_json(const Scenario& scenario) {
    Json tasks = Json::array();
    for (std::size_t i = 0; i < scenario.tasks.size();) {
        const std::size_t count = run_of_tasks(scenario.tasks, i);
        tasks.push_back(task_to_json(scenario.tasks[i], count, has_default_name(scenario.tasks, i)));
        i += count;
    }
    return {{"model", to_string(scenario.model)},
            {"workers", scenario.workers},
            {"start_method", to_string(scenario.start_method)},
            {"hybrid", to_string(scenario.hybrid)},
            {"threads_per_process", scenario.threads_per_process},
            {"chunksize", scenario.chunksize},
            {"transport", to_string(scenario.transport)},
            {"interpreter",
             {{"switch_interval_ms", to_ms(scenario.interpreter.switch_interval)},
              {"eval_check", to_string(scenario.interpreter.eval_check)}}},
            {"tasks", std::move(tasks)}};
}

Result<Scenario> scenario_from_json(const Json& json) {
    ObjectReader reader(json, {});
    Scenario scenario;
    if (!reader.has("model")) reader.fail("model", "is missing", one_of(names_of<ExecutionModel>()));
    scenario.model = reader.name("model", names_of<ExecutionModel>(), ExecutionModel::sequential);
    read_settings(reader, scenario);
    if (const Json* tasks = reader.array("tasks", true, limits::max_tasks)) {
        if (tasks->empty()) reader.fail("tasks", "is empty", "at least one task");
        for (std::size_t i = 0; i < tasks->size() && !reader.failed(); ++i) {
            auto task = read_task((*tasks)[i], "tasks[" + std::to_string(i) + "]", scenario.tasks);
            if (!task) reader.fail(task.error());
        }
    }
    if (auto end = reader.finish(); !end) return end.error();
    if (scenario.hybrid == HybridKind::asyncio && scenario.model != ExecutionModel::hybrid) {
        return Error{"hybrid", "asyncio is for the model hybrid", "threads"};
    }
    if (scenario.transport == Transport::shared_memory && scenario.model != ExecutionModel::process_pool) {
        return Error{"transport", "shared_memory is for the model process_pool", "pickle"};
    }
    for (const Task& task : scenario.tasks) {
        if (auto locks = check_locks(task); !locks) return locks.error();
    }
    return scenario;
}

} // namespace gil
