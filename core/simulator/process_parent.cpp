#include "core/simulator/process_parent.h"

#include "core/simulator/costs.h"

namespace gil::sim {

ProcessParent::ProcessParent(Simulation& simulation, Outcome& outcome, std::vector<std::int64_t> arguments,
                             std::function<void(int process, Nanoseconds time)> start)
    : simulation_(simulation), outcome_(outcome), arguments_(std::move(arguments)), start_(std::move(start)) {
    Place place;
    place.process = parent_process;
    thread_ = simulation_.add_thread(*this, place);
    simulation_.start(thread_, 0);
}

void ProcessParent::deliver(std::int64_t bytes, bool is_message) {
    inbox_.push_back({bytes, is_message ? received_message : received_result});
    simulation_.call(thread_);
}

void ProcessParent::next(int thread) {
    const Scenario& scenario = simulation_.scenario();
    const Machine& machine = simulation_.machine();
    if (next_process_ < static_cast<int>(arguments_.size())) {
        const std::int64_t bytes = arguments_[static_cast<std::size_t>(next_process_)];
        outcome_.serialise(bytes);
        simulation_.then(thread, {op::run(State::serialising, pack(scenario, machine, bytes)),
                                  op::mark(start_child, next_process_++), op::sleep(machine.process_launch)});
    } else if (!inbox_.empty()) {
        const Message message = inbox_.front();
        inbox_.pop_front();
        simulation_.then(thread,
                         {op::run(State::serialising, machine.message + unpack(scenario, machine, message.bytes)),
                          op::mark(message.mark, message.bytes)});
    } else {
        finished_ = simulation_.now();
        simulation_.then(thread, op::block());
    }
}

void ProcessParent::reached(int /*thread*/, int number, std::int64_t amount) {
    if (number == start_child) {
        start_(static_cast<int>(amount), simulation_.now() + simulation_.machine().process_launch);
    } else if (number == received_message) {
        outcome_.receive(amount);
    }
}

} // namespace gil::sim
