#include "core/simulator/mapped_pool.h"
#include "core/scenario/task_errors.h"

#include <algorithm>

namespace gil::sim {

MappedPool::MappedPool(const Scenario& scenario, const Machine& machine, std::uint64_t seed)
    : scenario_(scenario), machine_(machine), simulation_(scenario, machine, seed), outcome_(scenario),
      pool_(simulation_, outcome_, [](const PoolItem&) {}) {
    Lane lane;
    lane.name = "parent";
    lane.interpreter = started_workers(scenario);
    Place place;
    place.lane = simulation_.add_lane(std::move(lane));
    main_ = simulation_.add_thread(*this, place);
    pool_.set_owner(main_);
}

Run MappedPool::run(const Budget& budget, SimulationStats* stats) {
    make_chunks();
    simulation_.then(main_, op::take_gil());
    simulation_.start(main_, 0);
    simulation_.run(budget, stats);
    if (pool_.has_workers()) end_ = std::max(end_, pool_.last_idle()) + machine_.process_exit;
    return outcome_.finish(simulation_, end_);
}

/// A lambda is pickled by its name and has none: that future fails, the others are not touched by it.
void MappedPool::make_chunks() {
    PoolItem chunk;
    for (int task = 0; task < static_cast<int>(scenario_.tasks.size()); ++task) {
        if (scenario_.tasks[static_cast<std::size_t>(task)].is_lambda) {
            outcome_.fail(task, lambda_error);
            continue;
        }
        chunk.tasks.push_back(task);
        if (static_cast<int>(chunk.tasks.size()) < scenario_.chunksize) continue;
        chunks_.push_back(std::move(chunk));
        chunk = {};
    }
    if (!chunk.tasks.empty()) chunks_.push_back(std::move(chunk));
}

void MappedPool::next(int thread) {
    if (pool_.plan_work(pool_work_done)) return;
    if (!chunks_.empty()) {
        simulation_.then(thread, {op::run(State::running, machine_.pool_item), op::mark(chunk_submitted)});
    } else if (outcome_.unsettled() > 0) {
        simulation_.then(thread, {op::let_go(State::idle, ReleaseCause::blocking_call), op::block(), op::take_gil()});
    } else {
        end_ = simulation_.now();
        simulation_.then(thread, {op::let_go(State::idle, ReleaseCause::task_end), op::end()});
    }
}

void MappedPool::reached(int /*thread*/, int number, std::int64_t /*amount*/) {
    if (number == pool_work_done) return pool_.did_work();
    PoolItem chunk = std::move(chunks_.front());
    chunks_.pop_front();
    pool_.submit(std::move(chunk));
}

} // namespace gil::sim
