#include "core/simulator/steps.h"

#include "core/simulator/costs.h"

namespace gil::sim {

/// Plans the operations of one step. Fail is not among them: it ends the task.
struct Steps::Planner {
    Simulation& simulation;
    Outcome& outcome;
    int mark;
    int thread;

    [[nodiscard]] const Scenario& scenario() const { return simulation.scenario(); }
    [[nodiscard]] const Machine& machine() const { return simulation.machine(); }
    [[nodiscard]] int domain() const { return simulation.place(thread).domain; }

    void operator()(const Compute& step) const {
        simulation.then(thread, op::run(State::running, interpreted(scenario(), machine(), step.work)));
    }
    void operator()(const Wait& step) const {
        const Blocking call = blocking(machine(), step);
        simulation.then(thread,
                        {op::run(State::running, machine().io_overhead),
                         op::let_go(State::waiting_for_io, ReleaseCause::blocking_call),
                         op::run(State::waiting_for_io, call.cpu), op::sleep(call.away, call.slack), op::take_gil()});
    }
    void operator()(const NativeCall& step) const {
        if (step.keeps_gil || scenario().model == ExecutionModel::free_threaded) {
            simulation.then(thread, op::run_fixed(State::running, step.work));
        } else {
            simulation.then(thread, {op::let_go(State::native, ReleaseCause::native_call),
                                     op::run_fixed(State::native, step.work), op::take_gil()});
        }
    }
    void operator()(const Increment& step) const {
        if (step.count <= 0) return;
        simulation.counting().begin(thread, step);
        simulation.then(thread, op::count());
    }
    void operator()(const Acquire& step) const {
        simulation.then(
            thread, {op::run(State::running, machine().lock_pair), op::try_lock(Locks::number(domain(), step.lock))});
    }
    void operator()(const Release& step) const {
        simulation.then(thread, op::unlock(Locks::number(domain(), step.lock)));
    }
    void operator()(const Send& step) const {
        if (mark != none) {
            outcome.serialise(step.bytes);
            simulation.then(thread,
                            {op::run(State::serialising, machine().message + pack(scenario(), machine(), step.bytes)),
                             op::mark(mark, step.bytes)});
            return;
        }
        outcome.receive(step.bytes);
        if (scenario().model != ExecutionModel::subinterpreters) return; // a reference is enough
        outcome.serialise(step.bytes);
        simulation.then(thread, op::run(State::serialising, hand_over(machine(), step.bytes)));
    }
    void operator()(const Fail&) const {}
};

Position Steps::begin(int task) const {
    return {task, 0, simulation_.scenario().tasks[static_cast<std::size_t>(task)].steps.size()};
}

Steps::Progress Steps::advance(int thread, Position& position) {
    if (position.step >= position.end) return Progress::done;
    simulation_.set_task(thread, position.task);
    const auto& steps = simulation_.scenario().tasks[static_cast<std::size_t>(position.task)].steps;
    const Step& step = steps[position.step++];
    if (const auto* fail = std::get_if<Fail>(&step)) {
        if (fail->failure != Failure::exception) {
            crash_(thread, fail->failure);
            return Progress::crashed;
        }
        simulation_.locks().release_all(thread); // an exception leaves a `with lock:`, too
        return Progress::failed;
    }
    std::visit(Planner{simulation_, outcome_, mark_, thread}, step);
    return Progress::at_work;
}

} // namespace gil::sim
