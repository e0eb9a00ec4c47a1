// The parent of processes that were started by hand: serialises what they are called with, starts them one after
// another, receives what they send. It has no lane, but it needs a core.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

#include "core/simulator/outcome.h"
#include "core/simulator/simulation.h"

namespace gil::sim {

class ProcessParent : public Program {
  public:
    /// `arguments`: bytes that each process is called with. `start`: the process is to start at that time.
    ProcessParent(Simulation& simulation, Outcome& outcome, std::vector<std::int64_t> arguments,
                  std::function<void(int process, Nanoseconds time)> start);

    /// A process has sent this; `is_message`: to the queue.
    void deliver(std::int64_t bytes, bool is_message);
    /// When it had done all there was to do.
    [[nodiscard]] Nanoseconds finished() const { return finished_; }

    void next(int thread) override;
    void reached(int thread, int number, std::int64_t amount) override;

  private:
    enum Mark : int { start_child, received_message, received_result };
    struct Message {
        std::int64_t bytes = 0;
        Mark mark = received_result;
    };

    Simulation& simulation_;
    Outcome& outcome_;
    std::vector<std::int64_t> arguments_;
    std::function<void(int process, Nanoseconds time)> start_;
    std::deque<Message> inbox_; ///< what has arrived; it may be millions
    int next_process_ = 0;
    int thread_ = none;
    Nanoseconds finished_ = 0;
};

/// The process of a ProcessParent and of the main thread of a pool: nothing that dies takes it along.
inline constexpr int parent_process = -1;

} // namespace gil::sim
