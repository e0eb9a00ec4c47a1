#include "core/simulator/process_pool.h"

#include <algorithm>
#include <string>

#include "core/scenario/task_errors.h"
#include "core/simulator/costs.h"

namespace gil::sim {

ProcessPool::ProcessPool(Simulation& simulation, Outcome& outcome, std::function<void(const PoolItem&)> finished)
    : simulation_(simulation), outcome_(outcome), finished_(std::move(finished)),
      steps_(simulation, outcome, [this](int thread, Failure failure) { crash(thread, failure); }) {
    steps_.send_with_mark(message_sent);
}

ProcessPool::Worker& ProcessPool::worker(int thread) {
    return workers_[static_cast<std::size_t>(simulation_.place(thread).process - 1)];
}

std::size_t ProcessPool::most_workers() const {
    return static_cast<std::size_t>(started_workers(simulation_.scenario()));
}

void ProcessPool::submit(PoolItem item) {
    if (is_broken_) {
        for (const int each : item.tasks) outcome_.fail(each, broken_pool_error);
        return finished_(item);
    }
    submitted_.push_back(std::move(item));
    if (simulation_.scenario().start_method == StartMethod::fork) {
        // A process that has threads by now must not be forked any more: all at once, at the first submit.
        if (!forked_) launches_due_ = most_workers();
        forked_ = true;
    } else if (idle_ > 0) {
        --idle_;
    } else if (workers_.size() + launches_due_ < most_workers()) {
        ++launches_due_;
    }
}

/// Results are read before a death is noticed, as in wait_result_broken_or_wakeup.
std::optional<ProcessPool::Work> ProcessPool::next_work() {
    Work work;
    if (!inbox_.empty()) {
        work = std::move(inbox_.front());
        inbox_.pop_front();
        return work;
    }
    if (is_broken_) return std::nullopt;
    if (has_died_) {
        work.job = Job::notice_death;
        return work;
    }
    if (launches_due_ > 0) {
        work.job = Job::launch;
        if (!submitted_.empty()) work.item.owner = submitted_.front().owner;
        return work;
    }
    if (!submitted_.empty() && call_queue_.size() < most_workers() + 1) {
        work.job = Job::send;
        work.item = std::move(submitted_.front());
        submitted_.pop_front();
        return work;
    }
    return std::nullopt;
}

ProcessPool::Data ProcessPool::data_of(const PoolItem& item) const {
    Data data;
    for (const int each : item.tasks) {
        if (item.has_argument) data.argument += task(each).argument_bytes;
        if (item.has_result) data.result += task(each).result_bytes;
    }
    return data;
}

/// What it takes a process to get at an item's arguments or results, where they are in shared memory.
Nanoseconds ProcessPool::reach(int process, const PoolItem& item, SharedPlaces::Half half) {
    if (item.place == none) return 0;
    const Data data = data_of(item);
    const std::int64_t bytes = half == SharedPlaces::Half::arguments ? data.argument : data.result;
    return places_.reach(simulation_.machine(), process, item.place, half, bytes);
}

Nanoseconds ProcessPool::cost_of_sending(PoolItem& item) {
    const Machine& machine = simulation_.machine();
    if (shares_memory()) item.place = places_.take();
    return machine.message + pack(simulation_.scenario(), machine, data_of(item).argument) +
           reach(0, item, SharedPlaces::Half::arguments);
}

/// At hand are then the message, the restored copy and what the task makes of it.
Nanoseconds ProcessPool::cost_of_taking(Worker& mine) {
    const Machine& machine = simulation_.machine();
    const Data data = data_of(*mine.item);
    const std::int64_t made = std::max(data.argument, data.result);
    return machine.message + unpack(simulation_.scenario(), machine, data.argument) +
           reach(simulation_.place(mine.thread).process, *mine.item, SharedPlaces::Half::arguments) +
           mine.memory.need(machine, made + (shares_memory() ? 0 : 2 * data.argument));
}

/// The copy is gone, the message with the results takes its place.
Nanoseconds ProcessPool::cost_of_answering(Worker& mine) {
    const Machine& machine = simulation_.machine();
    const Data data = data_of(*mine.item);
    Nanoseconds cost = machine.message;
    for (const int each : mine.item->tasks) {
        if (!mine.item->has_result || std::find(mine.failed.begin(), mine.failed.end(), each) != mine.failed.end()) {
            continue;
        }
        outcome_.serialise(task(each).result_bytes);
        cost += pack(simulation_.scenario(), machine, task(each).result_bytes);
    }
    if (!shares_memory()) {
        const std::int64_t made = std::max(data.argument, data.result);
        return cost + mine.memory.need(machine, made + data.argument + made);
    }
    return cost + reach(simulation_.place(mine.thread).process, *mine.item, SharedPlaces::Half::results);
}

Nanoseconds ProcessPool::cost_of(Work& work) {
    const Scenario& scenario = simulation_.scenario();
    const Machine& machine = simulation_.machine();
    Nanoseconds cost = machine.message;
    switch (work.job) {
    case Job::nothing:
    case Job::notice_death:
        return 0;
    case Job::launch:
        return machine.process_launch;
    case Job::receive_message:
        return cost + unpack(scenario, machine, work.bytes);
    case Job::send:
        return cost_of_sending(work.item);
    case Job::receive_result:
        return cost + unpack(scenario, machine, data_of(work.item).result) +
               reach(0, work.item, SharedPlaces::Half::results);
    }
    return cost;
}

bool ProcessPool::plan_work(int mark) {
    auto work = next_work();
    if (!work) return false;
    work_ = std::move(*work);
    const State state = work_.job == Job::launch ? State::running : State::serialising;
    simulation_.then(owner_, {op::run(state, cost_of(work_)), op::mark(mark)});
    return true;
}

void ProcessPool::did_work() {
    switch (work_.job) {
    case Job::nothing:
        break;
    case Job::launch:
        launch();
        break;
    case Job::send:
        send();
        break;
    case Job::receive_result:
        receive_result();
        break;
    case Job::receive_message:
        outcome_.receive(work_.bytes);
        break;
    case Job::notice_death:
        break_down();
        break;
    }
}

void ProcessPool::launch() {
    --launches_due_;
    const auto index = static_cast<int>(workers_.size());
    Lane lane;
    lane.name = "process " + std::to_string(index + 1);
    lane.interpreter = index;
    Place place;
    place.lane = simulation_.add_lane(std::move(lane));
    place.process = place.domain = index + 1;
    Worker added;
    added.thread = simulation_.add_thread(*this, place);
    const StartMethod method = simulation_.scenario().start_method;
    const Machine& machine = simulation_.machine();
    Nanoseconds start = machine.process_start[static_cast<std::size_t>(method)];
    if (method != StartMethod::fork) start += machine.pool_worker_start;
    start += map_block(simulation_.scenario(), machine);
    simulation_.then(added.thread, {op::run(State::starting, simulation_.random().close_to(start)), op::take_gil()});
    simulation_.start(added.thread, simulation_.now());
    workers_.push_back(std::move(added));
}

void ProcessPool::send() {
    if (work_.item.has_argument) {
        for (const int each : work_.item.tasks) outcome_.serialise(task(each).argument_bytes);
    }
    call_queue_.push_back(std::move(work_.item));
    if (sleepers_.empty()) return;
    simulation_.call(sleepers_.front());
    sleepers_.pop_front();
}

void ProcessPool::receive_result() {
    ++idle_;
    if (work_.item.place != none) places_.give_back(work_.item.place);
    for (const int each : work_.failed) outcome_.fail(each, exception_error);
    // One step of a task settles nothing by itself.
    if (!work_.item.step) {
        for (const int each : work_.item.tasks) outcome_.complete(each);
    }
    finished_(work_.item);
}

/// A worker has died: everybody who waits is told, and the other workers are ended (terminate_broken).
void ProcessPool::break_down() {
    is_broken_ = true;
    launches_due_ = 0;
    std::deque<PoolItem> lost = std::move(submitted_);
    lost.insert(lost.end(), call_queue_.begin(), call_queue_.end());
    for (Worker& each : workers_) {
        if (each.item) lost.push_back(std::move(*each.item));
    }
    submitted_.clear();
    call_queue_.clear();
    kill_workers();
    for (const PoolItem& item : lost) {
        for (const int each : item.tasks) outcome_.fail(each, broken_pool_error);
        finished_(item);
    }
}

void ProcessPool::kill_workers() {
    for (const Worker& each : workers_) simulation_.end_process(simulation_.place(each.thread).process);
}

void ProcessPool::next(int thread) {
    Worker& mine = worker(thread);
    if (!mine.item) return take_item(mine);
    if (mine.position.task == none) {
        if (mine.begun == mine.item->tasks.size()) return answer(mine);
        begin_task(mine);
    }
    switch (steps_.advance(thread, mine.position)) {
    case Steps::Progress::at_work:
    case Steps::Progress::crashed:
        break;
    case Steps::Progress::failed:
        mine.failed.push_back(mine.position.task);
        mine.position = {};
        break;
    case Steps::Progress::done:
        mine.position = {};
        break;
    }
}

void ProcessPool::take_item(Worker& mine) {
    if (call_queue_.empty()) {
        sleepers_.push_back(mine.thread);
        last_idle_ = simulation_.now();
        return simulation_.then(mine.thread,
                                {op::let_go(State::idle, ReleaseCause::blocking_call), op::block(), op::take_gil()});
    }
    mine.item = std::move(call_queue_.front());
    call_queue_.pop_front();
    mine.begun = 0;
    mine.failed.clear();
    simulation_.set_task(mine.thread, mine.item->tasks.front());
    simulation_.then(mine.thread, op::run(State::serialising, cost_of_taking(mine)));
    // There is room in the call queue now; its owner fills it when it next looks, after a result.
}

void ProcessPool::begin_task(Worker& mine) {
    mine.position = steps_.begin(mine.item->tasks[mine.begun++]);
    if (mine.item->step) {
        mine.position.step = *mine.item->step;
        mine.position.end = *mine.item->step + 1;
    }
}

void ProcessPool::answer(Worker& mine) {
    simulation_.then(mine.thread, {op::run(State::serialising, cost_of_answering(mine)), op::mark(item_done)});
}

void ProcessPool::reached(int thread, int number, std::int64_t amount) {
    Worker& mine = worker(thread);
    Work arrived;
    if (number == message_sent) {
        arrived.job = Job::receive_message;
        arrived.item.owner = mine.item->owner;
        arrived.bytes = amount;
    } else {
        arrived.job = Job::receive_result;
        arrived.item = std::move(*mine.item);
        arrived.failed = std::move(mine.failed);
        mine.item.reset();
        simulation_.set_task(thread, none);
    }
    inbox_.push_back(std::move(arrived));
    simulation_.call(owner_);
}

void ProcessPool::crash(int thread, Failure failure) {
    const int process = simulation_.place(thread).process;
    outcome_.end("exit code of process " + std::to_string(process), -signal_of(failure));
    simulation_.end_process(process);
    has_died_ = true;
    simulation_.call(owner_);
}

} // namespace gil::sim
