// Simulates every model whose workers are threads of the operating system: sequential, threads, processes,
// free_threaded. asyncio has a file of its own, since its workers are coroutines.
#pragma once

#include <optional>
#include <vector>

#include "core/gil_protocol.h"
#include "core/machine.h"
#include "core/run.h"
#include "core/scenario.h"
#include "core/simulator.h"
#include "core/simulator/cores.h"
#include "core/simulator/event_queue.h"
#include "core/trace_recorder.h"

namespace gil::sim {

class ThreadsSimulation {
  public:
    ThreadsSimulation(const Scenario& scenario, const Machine& machine, std::uint64_t seed);
    Run run(SimulationStats* stats);

  private:
    /// What a thread does once it is on a core and its burst is over.
    enum class Next : std::uint8_t {
        begin,     ///< first own instruction
        take_gil,  ///< wants the GIL (again): started, signalled, back from a blocking call or a forced switch
        next_step, ///< look at the next step of the program
        block,     ///< let go of the GIL for a blocking call
        begin_io,  ///< the blocking call itself
        retire,    ///< give up the core for good
    };
    struct Thread {
        int interpreter = 0;
        std::vector<int> tasks; ///< indices into the scenario
        std::size_t task = 0;   ///< position in `tasks`
        std::size_t step = 0;
        Next next = Next::begin;
        Next after_burst = Next::next_step; ///< what follows the CPU work that a lost GIL interrupted
        Nanoseconds burst_left = 0;         ///< CPU work to go on with once the GIL is back
        Nanoseconds wait = 0;               ///< length of the blocking call that follows
        bool drop_requested = false;        ///< this thread's eval breaker (per thread, as since CPython 3.12)
        std::uint64_t switch_number_before = 0;
        std::uint32_t wait_stamp = 0; ///< validates gil_timeout events
        Nanoseconds finished = 0;
    };
    struct InterpreterState {
        GilState gil;
        int holder = nobody;
        std::vector<int> waiting; ///< on the condition, not yet signalled
        int switch_waiter = nobody;
    };

    Thread& thread(int id) { return threads_[static_cast<std::size_t>(id)]; }
    TraceRecorder& lane(int id) { return lanes_[static_cast<std::size_t>(id)]; }
    InterpreterState& interpreter_of(int id) { return interpreters_[static_cast<std::size_t>(thread(id).interpreter)]; }
    [[nodiscard]] bool has_gil() const { return scenario_.model != ExecutionModel::free_threaded; }
    [[nodiscard]] Nanoseconds cost_of(const Compute& compute) const;

    void add_workers();
    void start_workers();
    void handle(const Event& event);
    void settle();
    void proceed(int id);
    void begin(int id);
    void next_step(int id);
    void compute(int id, Nanoseconds burst, Next after);
    void block(int id);
    void begin_io(int id);
    void finish(int id);

    void take_gil(int id);
    void wait_for_gil(int id);
    void acquired(int id);
    void drop_gil(int id, Next next);
    void signal_one(InterpreterState& interpreter);
    void arm_timeout(int id);
    void gil_timeout(int id, std::uint32_t stamp);
    void look_at_breaker(int id);
    void breaker_seen(int id, std::uint32_t stamp);
    void wake(int id, Nanoseconds latency);

    const Scenario& scenario_;
    const Machine& machine_;
    Random random_;
    EventQueue events_;
    std::vector<Thread> threads_;
    std::vector<TraceRecorder> lanes_;
    std::vector<InterpreterState> interpreters_;
    std::optional<Cores> cores_;
    Nanoseconds now_ = 0;
};

} // namespace gil::sim
