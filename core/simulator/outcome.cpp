#include "core/simulator/outcome.h"

#include <array>
#include <utility>

#include "core/simulator/simulation.h"

namespace gil::sim {

int signal_of(Failure failure) {
    constexpr int sigabrt = 6;
    constexpr int sigsegv = 11;
    return failure == Failure::abort ? sigabrt : sigsegv;
}

Outcome::Outcome(const Scenario& scenario)
    : scenario_(scenario), outputs_(scenario.tasks.size()), settled_(scenario.tasks.size()),
      unsettled_(scenario.tasks.size()) {}

void Outcome::settle(int task) {
    settled_[static_cast<std::size_t>(task)] = true;
    --unsettled_;
}

void Outcome::complete(int task) {
    if (is_settled(task)) return;
    settle(task);
    const Task& done = scenario_.tasks[static_cast<std::size_t>(task)];
    outputs_[static_cast<std::size_t>(task)].bytes =
        static_cast<std::uint64_t>(done.argument_bytes + done.result_bytes);
}

void Outcome::fail(int task, const std::string& error) {
    if (is_settled(task)) return;
    settle(task);
    outputs_[static_cast<std::size_t>(task)].error = error;
}

void Outcome::end_with_process(const std::vector<int>& tasks, const std::string& who, Failure failure) {
    const std::string error = who + " was ended by signal " + std::to_string(signal_of(failure)) +
                              (failure == Failure::abort ? " (SIGABRT)" : " (SIGSEGV)");
    for (const int task : tasks) fail(task, error);
}

void Outcome::serialise(std::int64_t bytes) {
    if (scenario_.transport == Transport::pickle) serialised_ += static_cast<std::uint64_t>(bytes);
}

Run Outcome::finish(Simulation& simulation, Nanoseconds end) {
    Run run;
    run.trace = simulation.finish(end);
    run.trace.bytes_serialised = serialised_;
    run.outputs = std::move(outputs_);
    run.stop = simulation.stop();
    if (run.stop) {
        run.stop->tasks_done = static_cast<std::int64_t>(run.outputs.size() - unsettled_);
    } else {
        observe(run, simulation.counting());
    }
    return run;
}

void Outcome::observe(Run& run, Counting& counting) const {
    constexpr std::array<Counter, 3> counters = {Counter::variable, Counter::value, Counter::array};
    constexpr std::array<const char*, 3> names = {"counter", "value", "array"};
    std::array<bool, 3> used{};
    std::array<std::int64_t, 3> sums{};
    std::int64_t sent = 0;
    bool fails = false;
    for (const Task& task : scenario_.tasks) {
        for (const Step& step : task.steps) {
            if (const auto* increment = std::get_if<Increment>(&step)) {
                const auto index = static_cast<std::size_t>(increment->counter);
                used[index] = true;
                sums[index] += increment->count * increment->amount;
            } else if (const auto* send = std::get_if<Send>(&step)) {
                sent += send->bytes;
            } else if (std::holds_alternative<Fail>(step)) {
                fails = true;
            }
        }
    }
    for (std::size_t i = 0; i < counters.size(); ++i) {
        if (used[i]) run.observations.push_back({names[i], counting.value(counters[i]), sums[i], {}});
    }
    if (sent > 0) run.observations.push_back({"received", received_, sent, {}});
    if (!fails) return;
    run.observations.insert(run.observations.end(), ends_.begin(), ends_.end());
    std::int64_t survivors = 0;
    for (const TaskOutput& output : run.outputs) survivors += output.error.empty() ? 1 : 0;
    run.observations.push_back({"survivors", survivors, static_cast<std::int64_t>(run.outputs.size()), {}});
}

} // namespace gil::sim
