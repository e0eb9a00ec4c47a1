#include "core/simulator/threads_simulation.h"

#include <algorithm>

namespace gil::sim {

namespace {

/// `work` enlarged by `ppm` millionths, without overflow for the longest step there may be.
Nanoseconds enlarge(Nanoseconds work, std::int64_t ppm) {
    return work + work / 1'000'000 * ppm + work % 1'000'000 * ppm / 1'000'000;
}

std::string lane_name(ExecutionModel model, int worker) {
    if (model == ExecutionModel::sequential) return "main thread";
    return (model == ExecutionModel::processes ? "process " : "thread ") + std::to_string(worker + 1);
}

} // namespace

ThreadsSimulation::ThreadsSimulation(const Scenario& scenario, const Machine& machine, std::uint64_t seed)
    : scenario_(scenario), machine_(machine), random_(seed) {
    add_workers();
    cores_.emplace(machine.cores, static_cast<int>(threads_.size()), machine.time_slice, events_);
}

void ThreadsSimulation::add_workers() {
    const bool own_interpreters = scenario_.model == ExecutionModel::processes;
    const int workers = started_workers(scenario_);
    for (int worker = 0; worker < workers; ++worker) {
        Thread thread;
        thread.interpreter = own_interpreters ? worker : 0;
        thread.tasks = tasks_of_worker(scenario_, worker);
        Lane lane;
        lane.name = lane_name(scenario_.model, worker);
        lane.interpreter = thread.interpreter;
        lane.has_gil = has_gil();
        threads_.push_back(std::move(thread));
        lanes_.emplace_back(std::move(lane), 0);
    }
    interpreters_.resize(own_interpreters ? static_cast<std::size_t>(workers) : 1);
}

void ThreadsSimulation::start_workers() {
    const int workers = static_cast<int>(threads_.size());
    for (int worker = 0; worker < workers; ++worker) {
        const Nanoseconds turn = worker + 1;
        if (scenario_.model == ExecutionModel::sequential) {
            events_.push(0, EventKind::wake, worker, 0);
        } else if (scenario_.model == ExecutionModel::processes) {
            // The parent starts one after another; the rest of a start is CPU work of the child itself.
            thread(worker).burst_left = machine_.process_start[static_cast<std::size_t>(scenario_.start_method)];
            events_.push(turn * machine_.process_launch, EventKind::wake, worker, 0);
        } else {
            events_.push(turn * machine_.thread_start, EventKind::wake, worker, 0);
        }
    }
}

Run ThreadsSimulation::run(SimulationStats* stats) {
    start_workers();
    std::uint64_t count = 0;
    while (!events_.empty()) {
        const Event event = events_.pop();
        now_ = event.time;
        ++count;
        handle(event);
        settle();
    }
    if (stats != nullptr) stats->events += count;

    Nanoseconds end = 0;
    for (const Thread& t : threads_) end = std::max(end, t.finished);
    if (scenario_.model == ExecutionModel::processes) end += machine_.process_exit;
    Run run;
    run.trace.end = end;
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
        lanes_[i].add_cpu(cores_->cpu_time(static_cast<int>(i)));
        run.trace.lanes.push_back(lanes_[i].finish(end));
    }
    run.outputs.resize(scenario_.tasks.size());
    return run;
}

void ThreadsSimulation::handle(const Event& event) {
    switch (event.kind) {
    case EventKind::wake: {
        const Thread& t = thread(event.thread);
        cores_->want(event.thread, t.next == Next::begin ? t.burst_left : 0, now_);
        break;
    }
    case EventKind::burst_end:
        if (cores_->burst_end(event.thread, event.stamp, now_)) proceed(event.thread);
        break;
    case EventKind::slice_end:
        cores_->slice_end(event.thread, event.stamp, now_);
        break;
    case EventKind::breaker_seen:
        breaker_seen(event.thread, event.stamp);
        break;
    case EventKind::gil_timeout:
        gil_timeout(event.thread, event.stamp);
        break;
    }
}

/// Lets every thread that was put on a core do what it decides at once.
void ThreadsSimulation::settle() {
    while (true) {
        if (const auto resumed = cores_->next_resumed()) {
            look_at_breaker(*resumed);
        } else if (const auto dispatched = cores_->next_dispatched()) {
            proceed(*dispatched);
        } else {
            return;
        }
    }
}

void ThreadsSimulation::proceed(int id) {
    switch (thread(id).next) {
    case Next::begin:
        begin(id);
        break;
    case Next::take_gil:
        take_gil(id);
        break;
    case Next::next_step:
        next_step(id);
        break;
    case Next::block:
        block(id);
        break;
    case Next::begin_io:
        begin_io(id);
        break;
    case Next::retire:
        cores_->leave(id, now_);
        break;
    }
}

void ThreadsSimulation::begin(int id) {
    thread(id).burst_left = 0;
    take_gil(id);
}

Nanoseconds ThreadsSimulation::cost_of(const Compute& compute) const {
    return has_gil() ? compute.work : enlarge(compute.work, machine_.free_threaded_tax_ppm);
}

void ThreadsSimulation::next_step(int id) {
    Thread& t = thread(id);
    while (t.task < t.tasks.size()) {
        const int index = t.tasks[t.task];
        const Task& task = scenario_.tasks[static_cast<std::size_t>(index)];
        if (t.step >= task.steps.size()) {
            ++t.task;
            t.step = 0;
            continue;
        }
        lane(id).set_task(index);
        const Step& step = task.steps[t.step++];
        if (const auto* work = std::get_if<Compute>(&step)) {
            if (work->work > 0) return compute(id, cost_of(*work), Next::next_step);
            continue;
        }
        if (!std::holds_alternative<Wait>(step)) continue;
        t.wait = duration_of(step);
        if (machine_.io_overhead > 0) return compute(id, machine_.io_overhead, Next::block);
        return block(id);
    }
    finish(id);
}

void ThreadsSimulation::compute(int id, Nanoseconds burst, Next after) {
    Thread& t = thread(id);
    lane(id).enter(State::running, now_);
    t.after_burst = after;
    t.next = after;
    cores_->extend(id, burst, now_);
    look_at_breaker(id);
}

void ThreadsSimulation::block(int id) {
    lane(id).enter(State::waiting_for_io, now_, has_gil() ? ReleaseCause::blocking_call : ReleaseCause::none);
    if (has_gil()) {
        drop_gil(id, Next::begin_io);
    } else {
        begin_io(id);
    }
}

void ThreadsSimulation::begin_io(int id) {
    Thread& t = thread(id);
    t.burst_left = 0;
    t.next = Next::take_gil;
    cores_->leave(id, now_);
    events_.push(now_ + t.wait + random_.around(machine_.timer_slack), EventKind::wake, id, 0);
}

void ThreadsSimulation::finish(int id) {
    lane(id).set_task(-1);
    lane(id).enter(State::idle, now_, has_gil() ? ReleaseCause::task_end : ReleaseCause::none);
    thread(id).finished = now_;
    if (has_gil()) {
        drop_gil(id, Next::retire);
    } else {
        cores_->leave(id, now_);
    }
}

} // namespace gil::sim
