#include "core/simulator/dealt_workers.h"

#include <algorithm>

#include "core/scenario/task_errors.h"
#include "core/simulator/costs.h"

namespace gil::sim {

namespace {

bool is_threads_of_processes(const Scenario& scenario) {
    return scenario.model == ExecutionModel::hybrid;
}

/// True when the parent of processes has more to do than to start them and to wait for them.
bool needs_parent(const Scenario& scenario) {
    if (!uses_processes(scenario)) return false;
    return std::any_of(scenario.tasks.begin(), scenario.tasks.end(), [](const Task& task) {
        return task.argument_bytes > 0 || task.result_bytes > 0 ||
               std::any_of(task.steps.begin(), task.steps.end(),
                           [](const Step& step) { return std::holds_alternative<Send>(step); });
    });
}

/// Bytes that cross to a process with these tasks when it is called; a forked one has them already.
std::int64_t argument_bytes(const Scenario& scenario, const std::vector<int>& tasks) {
    if (scenario.start_method == StartMethod::fork) return 0;
    std::int64_t sum = 0;
    for (const int task : tasks) {
        const Task& called = scenario.tasks[static_cast<std::size_t>(task)];
        if (!called.is_lambda) sum += called.argument_bytes;
    }
    return sum;
}

} // namespace

DealtWorkers::DealtWorkers(const Scenario& scenario, const Machine& machine, std::uint64_t seed)
    : scenario_(scenario), plan_(plan_of(scenario)), machine_(machine), simulation_(scenario, machine, seed),
      outcome_(scenario),
      steps_(simulation_, outcome_, [this](int thread, Failure failure) { crash(thread, failure); }) {
    if (uses_processes(scenario)) {
        steps_.send_with_mark(message_sent);
        add_processes();
        return;
    }
    processes_.resize(1);
    if (scenario.model == ExecutionModel::threads) simulation_.gils().add();
    for (int i = 0; i < started_workers(scenario); ++i) {
        const bool sequential = scenario.model == ExecutionModel::sequential;
        add_worker(0, sequential ? "main thread" : "thread " + std::to_string(i + 1), tasks_of_worker(scenario, i));
    }
    if (scenario.model == ExecutionModel::threads) add_starter(0);
}

void DealtWorkers::add_processes() {
    const int count = started_workers(scenario_);
    processes_.resize(static_cast<std::size_t>(count));
    for (int process = 0; process < count; ++process) {
        std::vector<int> tasks = tasks_of_worker(scenario_, process);
        const std::string name = "process " + std::to_string(process + 1);
        if (!is_threads_of_processes(scenario_)) {
            add_worker(process, name, std::move(tasks));
            continue;
        }
        simulation_.gils().add();
        const int threads = std::max(1, std::min(scenario_.threads_per_process, static_cast<int>(tasks.size())));
        for (int thread = 0; thread < threads; ++thread) {
            std::vector<int> mine;
            for (auto i = static_cast<std::size_t>(thread); i < tasks.size(); i += static_cast<std::size_t>(threads)) {
                mine.push_back(tasks[i]);
            }
            add_worker(process, name + ", thread " + std::to_string(thread + 1), std::move(mine));
        }
    }
    if (!is_threads_of_processes(scenario_)) return;
    for (int process = 0; process < count; ++process) add_starter(process);
}

/// After all workers: their threads come first.
void DealtWorkers::add_starter(int process) {
    Process& owner = processes_[static_cast<std::size_t>(process)];
    Place place;
    place.process = process;
    place.gil = process;
    place.domain = simulation_.place(owner.first_thread).domain;
    const auto start = [this, first = owner.first_thread](int number, Nanoseconds time) {
        simulation_.then(first + number, {op::take_gil(), op::mark(thread_started)});
        simulation_.start(first + number, time);
    };
    owner.starter = std::make_unique<ThreadStarter>(simulation_, place, owner.threads, start);
}

void DealtWorkers::add_worker(int process, const std::string& name, std::vector<int> tasks) {
    Place place;
    Lane lane;
    lane.name = name;
    place.process = process;
    place.has_gil = lane.has_gil = scenario_.model != ExecutionModel::free_threaded;
    const auto index = static_cast<int>(workers_.size());
    if (uses_processes(scenario_)) {
        lane.interpreter = process;
        place.domain = process + 1;
        if (is_threads_of_processes(scenario_)) place.gil = process;
    } else if (scenario_.model == ExecutionModel::subinterpreters) {
        lane.interpreter = index;
        place.domain = index + 1;
    } else if (scenario_.model == ExecutionModel::threads) {
        place.gil = 0;
    }
    place.lane = simulation_.add_lane(std::move(lane));
    Process& owner = processes_[static_cast<std::size_t>(process)];
    const int thread = simulation_.add_thread(*this, place);
    if (owner.threads++ == 0) owner.first_thread = thread;
    owner.tasks.insert(owner.tasks.end(), tasks.begin(), tasks.end());
    Worker worker;
    worker.process = process;
    worker.tasks = std::move(tasks);
    workers_.push_back(std::move(worker));
}

Run DealtWorkers::run(const Budget& budget, SimulationStats* stats) {
    start_workers();
    simulation_.run(budget, stats);
    Nanoseconds end = 0;
    for (const Worker& each : workers_) end = std::max(end, each.finished);
    if (uses_processes(scenario_)) {
        if (parent_) end = std::max(end, parent_->finished());
        end += machine_.process_exit;
        for (std::size_t i = 0; i < processes_.size(); ++i) {
            outcome_.end("exit code of " + name_of(static_cast<int>(i)), processes_[i].exit_code);
        }
    } else {
        if (crashed_at_ >= 0) end = crashed_at_;
        outcome_.end("exit code", processes_.front().exit_code);
    }
    return outcome_.finish(simulation_, end);
}

void DealtWorkers::start_workers() {
    if (!uses_processes(scenario_)) return start_threads();
    const auto start = [this](int process, Nanoseconds time) {
        const Process& child = processes_[static_cast<std::size_t>(process)];
        const int thread = child.starter ? child.starter->thread() : child.first_thread;
        // No two starts take exactly as long, else what they do first would always meet.
        const Nanoseconds work = machine_.process_start[static_cast<std::size_t>(scenario_.start_method)];
        if (!child.starter) simulation_.then(thread, op::take_gil());
        simulation_.then(thread, op::run(State::starting, simulation_.random().close_to(work)));
        simulation_.start(thread, time);
    };
    if (!needs_parent(scenario_)) {
        // The parent starts one after another; the rest of a start is CPU work of the child itself.
        for (int i = 0; i < static_cast<int>(processes_.size()); ++i) start(i, (i + 1) * machine_.process_launch);
        return;
    }
    std::vector<std::int64_t> arguments;
    for (const Process& process : processes_) arguments.push_back(argument_bytes(scenario_, process.tasks));
    parent_ = std::make_unique<ProcessParent>(simulation_, outcome_, std::move(arguments), start);
}

/// Threads start one after another; each is a while coming.
void DealtWorkers::start_threads() {
    const Process& owner = processes_.front();
    if (owner.starter) return simulation_.start(owner.starter->thread(), 0);
    const bool sequential = scenario_.model == ExecutionModel::sequential;
    const Nanoseconds own_start = scenario_.model == ExecutionModel::subinterpreters ? machine_.interpreter_start : 0;
    for (int i = 0; i < owner.threads; ++i) {
        const int thread = owner.first_thread + i;
        simulation_.then(thread, {op::run(State::starting, own_start), op::take_gil()});
        simulation_.start(thread, sequential ? 0 : (i + 1) * machine_.thread_start);
    }
}

void DealtWorkers::next(int thread) {
    Worker& mine = worker(thread);
    if (!mine.has_begun) return begin(thread);
    if (mine.position.task == none) {
        if (mine.task == mine.tasks.size()) return retire(thread);
        const int task = mine.tasks[mine.task++];
        const Task& called = scenario_.tasks[static_cast<std::size_t>(task)];
        if (called.is_lambda && plan_.names) return outcome_.fail(task, lambda_error);
        mine.position = steps_.begin(task);
        if (scenario_.model == ExecutionModel::subinterpreters && called.argument_bytes > 0) {
            simulation_.set_task(thread, task);
            outcome_.serialise(called.argument_bytes);
            simulation_.then(thread, op::run(State::serialising, hand_over(machine_, called.argument_bytes)));
            return;
        }
    }
    switch (steps_.advance(thread, mine.position)) {
    case Steps::Progress::at_work:
    case Steps::Progress::crashed:
        break;
    case Steps::Progress::done:
        give_result(thread, scenario_.tasks[static_cast<std::size_t>(mine.position.task)]);
        break;
    case Steps::Progress::failed:
        outcome_.fail(mine.position.task, exception_error);
        end_task(thread, false);
        break;
    }
}

/// A process restores what it was called with.
void DealtWorkers::begin(int thread) {
    Worker& mine = worker(thread);
    mine.has_begun = true;
    if (!uses_processes(scenario_)) return;
    const std::int64_t bytes = argument_bytes(scenario_, mine.tasks);
    // The message, the restored copy and what the tasks make of it.
    const Nanoseconds fresh = Memory().need(machine_, 3 * bytes);
    simulation_.then(thread, op::run(State::serialising, unpack(scenario_, machine_, bytes) + fresh));
}

void DealtWorkers::give_result(int thread, const Task& task) {
    const std::int64_t bytes = task.result_bytes;
    if (bytes > 0 && uses_processes(scenario_)) {
        outcome_.serialise(bytes);
        simulation_.then(thread, {op::run(State::serialising, machine_.message + pack(scenario_, machine_, bytes)),
                                  op::mark(result_sent, bytes)});
    } else if (bytes > 0 && scenario_.model == ExecutionModel::subinterpreters) {
        outcome_.serialise(bytes);
        simulation_.then(thread, {op::run(State::serialising, hand_over(machine_, bytes)), op::mark(task_done)});
    } else {
        end_task(thread, true);
    }
}

void DealtWorkers::reached(int thread, int number, std::int64_t amount) {
    if (number == thread_started)
        return processes_[static_cast<std::size_t>(worker(thread).process)].starter->started();
    if (number == message_sent) return parent_->deliver(amount, true);
    if (number == result_sent) parent_->deliver(amount, false);
    end_task(thread, true);
}

void DealtWorkers::end_task(int thread, bool alive) {
    Worker& mine = worker(thread);
    if (alive) outcome_.complete(mine.position.task);
    mine.position = {};
    if (alive) return;
    // A bare thread or process ends with its exception.
    for (; mine.task < mine.tasks.size(); ++mine.task) outcome_.fail(mine.tasks[mine.task], not_run_error);
    const bool is_the_process =
        scenario_.model == ExecutionModel::sequential || scenario_.model == ExecutionModel::processes;
    if (is_the_process) processes_[static_cast<std::size_t>(mine.process)].exit_code = 1;
}

void DealtWorkers::retire(int thread) {
    worker(thread).finished = simulation_.now();
    simulation_.set_task(thread, none);
    simulation_.then(thread, {op::let_go(State::idle, ReleaseCause::task_end), op::end()});
}

void DealtWorkers::crash(int thread, Failure failure) {
    const int number = worker(thread).process;
    Process& process = processes_[static_cast<std::size_t>(number)];
    process.exit_code = -signal_of(failure);
    if (!uses_processes(scenario_)) crashed_at_ = simulation_.now();
    for (int i = 0; i < process.threads; ++i) {
        Worker& mate = worker(process.first_thread + i);
        if (!simulation_.is_dead(process.first_thread + i) && mate.finished == 0) mate.finished = simulation_.now();
    }
    simulation_.end_process(number);
    outcome_.end_with_process(process.tasks, uses_processes(scenario_) ? name_of(number) : "the program", failure);
}

std::string DealtWorkers::name_of(int process) const {
    return "process " + std::to_string(process + 1);
}

} // namespace gil::sim
