// Workers whose tasks are dealt out beforehand: sequential, threads, free_threaded, processes, subinterpreters, and the
// hybrid of processes and threads.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/scenario/run_plan.h"
#include "core/simulator/outcome.h"
#include "core/simulator/process_parent.h"
#include "core/simulator/simulation.h"
#include "core/simulator/steps.h"
#include "core/simulator/thread_starter.h"

namespace gil::sim {

class DealtWorkers : public Program {
  public:
    DealtWorkers(const Scenario& scenario, const Machine& machine, std::uint64_t seed);
    Run run(const Budget& budget, SimulationStats* stats);

    void next(int thread) override;
    void reached(int thread, int number, std::int64_t amount) override;

  private:
    enum Mark : int { task_done, message_sent, result_sent, thread_started };

    struct Worker {
        int process = 0; ///< from 0; the one process of threads
        std::vector<int> tasks;
        std::size_t task = 0; ///< in `tasks`
        Position position;
        bool has_begun = false; ///< it has what its tasks are called with
        Nanoseconds finished = 0;
    };
    /// The workers' processes, or the one program.
    struct Process {
        std::vector<int> tasks;
        int first_thread = 0;
        int threads = 0;
        std::unique_ptr<ThreadStarter> starter; ///< where threads share its GIL
        int exit_code = 0;
    };

    Worker& worker(int thread) { return workers_[static_cast<std::size_t>(thread)]; }
    void add_processes();
    void add_worker(int process, const std::string& name, std::vector<int> tasks);
    void start_workers();
    void add_starter(int process);
    void start_threads();
    void begin(int thread);
    /// The present task is over; `alive`: the worker goes on with its next one.
    void end_task(int thread, bool alive);
    void retire(int thread);
    void give_result(int thread, const Task& task);
    void crash(int thread, Failure failure);
    [[nodiscard]] std::string name_of(int process) const;

    const Scenario& scenario_;
    const RunPlan plan_;
    const Machine& machine_;
    Simulation simulation_;
    Outcome outcome_;
    Steps steps_;
    std::vector<Worker> workers_; ///< by thread; their threads come first
    std::vector<Process> processes_;
    std::unique_ptr<ProcessParent> parent_; ///< only where it has data to send or to receive
    Nanoseconds crashed_at_ = -1;           ///< of the one program
};

} // namespace gil::sim
