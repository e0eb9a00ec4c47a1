// The steps of a task as a thread of a simulation does them.
#pragma once

#include <cstdint>
#include <functional>

#include "core/simulator/outcome.h"
#include "core/simulator/simulation.h"

namespace gil::sim {

/// Where a task stands.
struct Position {
    int task = none;
    std::size_t step = 0;
    std::size_t end = 0; ///< behind the last step to do
};

class Steps {
  public:
    /// `crash`: the process of the thread dies at this instant, by this; it is to end it (Simulation::end_process).
    Steps(Simulation& simulation, Outcome& outcome, std::function<void(int thread, Failure)> crash)
        : simulation_(simulation), outcome_(outcome), crash_(std::move(crash)) {}

    [[nodiscard]] Position begin(int task) const;

    enum class Progress : std::uint8_t {
        at_work, ///< the thread has operations to carry out; ask again afterwards
        done,
        failed, ///< by an exception
        crashed ///< the thread is dead
    };
    /// Gives the thread what it does next for the task.
    Progress advance(int thread, Position& position);

    /// The parent's memory is another one: queue.put() serialises what it is given and sends it, and then the thread
    /// comes to `mark` with the number of bytes.
    void send_with_mark(int mark) { mark_ = mark; }

  private:
    struct Planner;
    Simulation& simulation_;
    Outcome& outcome_;
    std::function<void(int thread, Failure)> crash_;
    int mark_ = none;
};

} // namespace gil::sim
