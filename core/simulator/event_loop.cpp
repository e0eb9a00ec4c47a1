#include "core/simulator/event_loop.h"
#include "core/scenario/task_errors.h"

#include <algorithm>

#include <string>

namespace gil::sim {

namespace {

bool has_pool(const Scenario& scenario) {
    return scenario.model == ExecutionModel::hybrid;
}

} // namespace

EventLoop::EventLoop(const Scenario& scenario, const Machine& machine, std::uint64_t seed)
    : scenario_(scenario), machine_(machine), simulation_(scenario, machine, seed), outcome_(scenario),
      steps_(simulation_, outcome_, [this](int, Failure failure) { crash(failure); }),
      helpers_(simulation_, [this](int caller) { make_ready(caller); }) {
    for (int task = 0; task < static_cast<int>(scenario.tasks.size()); ++task) add_coroutine(task);
    Place place;
    place.has_gil = false; // coroutines pass nothing on
    thread_ = simulation_.add_thread(*this, place);
    if (!has_pool(scenario)) return;
    pool_.emplace(simulation_, outcome_, [this](const PoolItem& item) { make_ready(item.owner); });
    pool_->set_owner(thread_);
}

void EventLoop::add_coroutine(int task) {
    Coroutine added;
    added.position = steps_.begin(task);
    Lane lane;
    lane.name = "coroutine " + std::to_string(task + 1);
    lane.coroutine = true;
    lane.interpreter = has_pool(scenario_) ? started_workers(scenario_) : 0;
    added.lane = simulation_.add_lane(std::move(lane));
    simulation_.lanes().set_task(added.lane, task);
    const auto& steps = scenario_.tasks[static_cast<std::size_t>(task)].steps;
    added.first_job = steps.size();
    for (std::size_t i = 0; i < steps.size(); ++i) {
        if (!is_cpu_work(steps[i])) continue;
        if (added.first_job == steps.size()) added.first_job = i;
        added.last_job = i;
    }
    coroutines_.push_back(added);
    ready_.push_back(task);
}

Run EventLoop::run(const Budget& budget, SimulationStats* stats) {
    simulation_.start(thread_, machine_.loop_start);
    simulation_.run(budget, stats);
    Nanoseconds end = end_.value_or(simulation_.now());
    if (exit_code_ == 0 && pool_ && pool_->has_workers()) {
        end = std::max(end, pool_->last_idle()) + machine_.process_exit;
    }
    outcome_.end("exit code", exit_code_);
    return outcome_.finish(simulation_, end);
}

void EventLoop::make_ready(int coroutine) {
    idle(coroutine);
    ready_.push_back(coroutine);
    simulation_.call(thread_);
}

void EventLoop::alarm(int /*thread*/, std::uint32_t what) {
    const auto coroutine = static_cast<int>(what);
    idle(coroutine);
    ready_.push_back(coroutine);
    simulation_.call_after(thread_, 0); // the timer is late already
}

void EventLoop::next(int thread) {
    if (!started_) begin();
    if (present_ != none) return go_on();
    if (pool_ && pool_->plan_work(pool_work_done)) {
        if (const int owner = pool_->work_is_for(); owner != none)
            simulation_.switch_lane(thread, coroutine(owner).lane);
        return;
    }
    if (!ready_.empty()) {
        present_ = ready_.front();
        ready_.pop_front();
        simulation_.switch_lane(thread, coroutine(present_).lane);
        simulation_.enter(thread, State::running);
        return simulation_.then(thread, op::run(State::running, machine_.loop_overhead));
    }
    if (outcome_.unsettled() > 0) return simulation_.then(thread, op::block());
    end_ = simulation_.now();
    simulation_.then(thread, op::end());
}

/// The loop stands: every coroutine is ready, and waits for its turn.
void EventLoop::begin() {
    started_ = true;
    for (const int task : ready_) idle(task);
}

void EventLoop::go_on() {
    Position& position = coroutine(present_).position;
    if (position.step >= position.end) return end_coroutine(nullptr);
    const Step& step = scenario_.tasks[static_cast<std::size_t>(present_)].steps[position.step];
    if (const auto* waiting = std::get_if<Wait>(&step)) {
        ++position.step;
        wait(*waiting);
    } else if (const auto* taken = std::get_if<Acquire>(&step)) {
        ++position.step;
        simulation_.then(thread_, {op::run(State::running, machine_.lock_pair), op::mark(acquires, taken->lock)});
    } else if (const auto* given = std::get_if<Release>(&step)) {
        ++position.step;
        release(given->lock);
    } else if (pool_ && is_cpu_work(step)) {
        if (scenario_.tasks[static_cast<std::size_t>(present_)].is_lambda) return end_coroutine(lambda_error);
        simulation_.then(thread_, {op::run(State::running, machine_.pool_item), op::mark(offloads)});
    } else if (steps_.advance(thread_, position) == Steps::Progress::failed) {
        end_coroutine(exception_error);
    }
}

void EventLoop::wait(const Wait& wait) {
    call_ = blocking(machine_, wait);
    const bool blocks = wait.kind == WaitKind::file || wait.kind == WaitKind::database;
    const Nanoseconds work = machine_.io_overhead + (blocks ? machine_.pool_item : 0);
    simulation_.then(thread_, {op::run(State::running, work), op::mark(blocks ? calls_helper : waits)});
}

void EventLoop::reached(int thread, int number, std::int64_t amount) {
    const int coroutine = present_;
    switch (number) {
    case waits:
        suspend(State::waiting_for_io);
        simulation_.alarm(thread, simulation_.now() + call_.away + simulation_.random().around(call_.slack),
                          static_cast<std::uint32_t>(coroutine));
        break;
    case calls_helper:
        suspend(State::waiting_for_io);
        helpers_.call(coroutine, call_);
        break;
    case offloads:
        offload();
        break;
    case acquires:
        if (!acquire(static_cast<int>(amount))) suspend(State::waiting_for_lock);
        break;
    case pool_work_done:
        // The lane that showed the work goes on waiting for its result, unless that is what has come.
        simulation_.enter(thread, State::waiting_for_io);
        pool_->did_work();
        break;
    }
}

void EventLoop::suspend(State state) {
    simulation_.enter(thread_, state);
    present_ = none;
}

bool EventLoop::acquire(int lock) {
    Lock& wanted = locks_[static_cast<std::size_t>(lock)];
    if (wanted.owner == none) {
        wanted.owner = present_;
        return true;
    }
    wanted.waiting.push_back(present_);
    return false;
}

void EventLoop::release(int lock) {
    Lock& given = locks_[static_cast<std::size_t>(lock)];
    given.owner = none;
    if (given.waiting.empty()) return;
    given.owner = given.waiting.front();
    given.waiting.pop_front();
    make_ready(given.owner);
}

void EventLoop::offload() {
    Coroutine& mine = coroutine(present_);
    PoolItem item;
    item.tasks = {present_};
    item.step = mine.position.step;
    item.owner = present_;
    item.has_argument = mine.position.step == mine.first_job;
    item.has_result = mine.position.step == mine.last_job;
    ++mine.position.step;
    suspend(State::waiting_for_io);
    pool_->submit(std::move(item));
}

/// `error` null: it has returned.
void EventLoop::end_coroutine(const char* error) {
    const int coroutine = present_;
    if (error != nullptr) {
        outcome_.fail(coroutine, error);
    } else {
        outcome_.complete(coroutine);
    }
    for (int lock = 0; lock < limits::max_locks; ++lock) {
        if (locks_[static_cast<std::size_t>(lock)].owner == coroutine) release(lock);
    }
    simulation_.set_task(thread_, none);
    suspend(State::idle);
}

void EventLoop::crash(Failure failure) {
    end_ = simulation_.now();
    exit_code_ = -signal_of(failure);
    std::vector<int> all;
    for (int task = 0; task < static_cast<int>(scenario_.tasks.size()); ++task) all.push_back(task);
    simulation_.end_process(0);
    if (pool_) pool_->kill_workers();
    for (const int task : all) {
        simulation_.lanes().set_task(coroutine(task).lane, none);
        idle(task);
    }
    outcome_.end_with_process(all, "the program", failure);
}

} // namespace gil::sim
