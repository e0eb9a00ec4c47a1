// What a simulated run ends with besides its trace: a result or an error per task, and what is observed afterwards.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/scenario/scenario.h"
#include "core/scenario/task_errors.h"
#include "core/trace/run.h"

namespace gil::sim {

class Counting;
class Simulation;

/// The signal that ends a process in which that happens.
[[nodiscard]] int signal_of(Failure failure);

class Outcome {
  public:
    explicit Outcome(const Scenario& scenario);

    /// The task has returned, or has not and never will. The first word counts.
    void complete(int task);
    void fail(int task, const std::string& error);
    /// `who` ("process 2") was ended by a signal, and with it all of these tasks that were not done.
    void end_with_process(const std::vector<int>& tasks, const std::string& who, Failure failure);
    [[nodiscard]] bool is_settled(int task) const { return settled_[static_cast<std::size_t>(task)]; }
    [[nodiscard]] std::size_t unsettled() const { return unsettled_; }

    void receive(std::int64_t bytes) { received_ += bytes; }
    void serialise(std::int64_t bytes);
    /// "exit code" of the program, or "exit code of process 2".
    void end(const std::string& name, int exit_code) { ends_.push_back({name, exit_code, 0, {}}); }

    /// The run, which ended at `end` unless the simulation was stopped: then nothing is observed afterwards.
    [[nodiscard]] Run finish(Simulation& simulation, Nanoseconds end);

  private:
    void observe(Run& run, Counting& counting) const;
    void settle(int task);

    const Scenario& scenario_;
    std::vector<TaskOutput> outputs_;
    std::vector<bool> settled_;
    std::size_t unsettled_;
    std::int64_t received_ = 0;
    std::uint64_t serialised_ = 0;
    std::vector<Observation> ends_;
};

} // namespace gil::sim
