#include "core/simulator/thread_pool.h"
#include "core/scenario/task_errors.h"

#include <algorithm>
#include <string>

namespace gil::sim {

ThreadPool::ThreadPool(const Scenario& scenario, const Machine& machine, std::uint64_t seed)
    : scenario_(scenario), machine_(machine), simulation_(scenario, machine, seed), outcome_(scenario),
      steps_(simulation_, outcome_, [this](int, Failure failure) { crash(failure); }) {
    simulation_.gils().add();
    main_ = add_thread("parent");
}

int ThreadPool::add_thread(const std::string& name) {
    Lane lane;
    lane.name = name;
    Place place;
    place.lane = simulation_.add_lane(std::move(lane));
    place.gil = 0;
    positions_.emplace_back();
    const int thread = simulation_.add_thread(*this, place);
    simulation_.then(thread, op::take_gil());
    return thread;
}

Run ThreadPool::run(const Budget& budget, SimulationStats* stats) {
    simulation_.start(main_, 0);
    simulation_.run(budget, stats);
    outcome_.end("exit code", exit_code_);
    return outcome_.finish(simulation_, end_);
}

void ThreadPool::next(int thread) {
    if (thread != main_) return work(thread);
    if (next_task_ < static_cast<int>(scenario_.tasks.size())) {
        simulation_.then(thread, {op::run(State::running, machine_.pool_item), op::mark(task_submitted)});
    } else if (outcome_.unsettled() > 0) {
        go_idle(thread, wants_results);
    } else {
        end_ = std::max(end_, simulation_.now());
        simulation_.then(thread, {op::let_go(State::idle, ReleaseCause::task_end), op::end()});
    }
}

void ThreadPool::reached(int thread, int number, std::int64_t /*amount*/) {
    switch (number) {
    case task_submitted:
        submitted();
        break;
    case thread_started:
        simulation_.start(add_thread("thread " + std::to_string(workers() + 1)), simulation_.now());
        break;
    case wants_task:
        if (!queue_.empty()) break;
        end_ = std::max(end_, simulation_.now()); // the pool is left when its last thread is joined
        sleepers_.push_back(thread);
        simulation_.then(thread, op::block());
        break;
    case wants_results:
        if (outcome_.unsettled() > 0) simulation_.then(thread, op::block());
        break;
    }
}

/// The task is queued first; a thread is started only when none is idle.
void ThreadPool::submitted() {
    queue_.push_back(next_task_++);
    if (idle_ > 0) {
        --idle_;
        if (sleepers_.empty()) return; // it is about to look
        simulation_.call(sleepers_.front());
        sleepers_.pop_front();
    } else if (workers() < started_workers(scenario_)) {
        simulation_.then(main_, {op::run(State::running, machine_.thread_start), op::mark(thread_started)});
    }
}

void ThreadPool::work(int thread) {
    Position& position = positions_[static_cast<std::size_t>(thread)];
    if (position.task == none) {
        if (queue_.empty()) {
            ++idle_;
            return go_idle(thread, wants_task);
        }
        position = steps_.begin(queue_.front());
        queue_.pop_front();
    }
    switch (steps_.advance(thread, position)) {
    case Steps::Progress::at_work:
    case Steps::Progress::crashed:
        break;
    case Steps::Progress::done:
        outcome_.complete(position.task);
        end_task(thread);
        break;
    case Steps::Progress::failed:
        outcome_.fail(position.task, exception_error);
        end_task(thread);
        break;
    }
}

void ThreadPool::end_task(int thread) {
    positions_[static_cast<std::size_t>(thread)] = {};
    simulation_.set_task(thread, none);
    if (outcome_.unsettled() == 0) simulation_.call(main_);
}

void ThreadPool::go_idle(int thread, int mark) {
    simulation_.then(thread, {op::let_go(State::idle, ReleaseCause::blocking_call), op::mark(mark), op::take_gil()});
}

void ThreadPool::crash(Failure failure) {
    end_ = simulation_.now();
    exit_code_ = -signal_of(failure);
    std::vector<int> all;
    for (int task = 0; task < static_cast<int>(scenario_.tasks.size()); ++task) all.push_back(task);
    simulation_.end_process(0);
    outcome_.end_with_process(all, "the program", failure);
}

} // namespace gil::sim
