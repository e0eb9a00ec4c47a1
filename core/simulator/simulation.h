// The simulated computer while a scenario runs on it: virtual time, cores, threads and what they are doing, their
// lanes. What is shared between threads lies beside it: GILs (gils.h), locks (locks.h), counters (counting.h).
#pragma once

#include <deque>
#include <initializer_list>
#include <optional>
#include <vector>

#include "core/machine/machine.h"
#include "core/scenario/scenario.h"
#include "core/simulator/cores.h"
#include "core/simulator/counting.h"
#include "core/simulator/event_queue.h"
#include "core/simulator/gils.h"
#include "core/simulator/lanes.h"
#include "core/simulator/locks.h"
#include "core/simulator/operation.h"
#include "core/simulator/rounds.h"
#include "core/simulator/simulator.h"

namespace gil::sim {

inline constexpr int none = -1;

/// Where a thread belongs.
struct Place {
    int lane = none;
    int process = 0;     ///< threads of one process die together
    int domain = 0;      ///< threads of one domain share variables and locks; 0 is that of the main thread
    int gil = none;      ///< number of the GIL that it shares with others; none: it has nobody to share with
    bool has_gil = true; ///< what it lets go of is a GIL, shared or not
};

class Simulation {
  public:
    Simulation(const Scenario& scenario, const Machine& machine, std::uint64_t seed);
    Simulation(const Simulation&) = delete;
    Simulation& operator=(const Simulation&) = delete;

    /// `program` must outlive the run. The thread exists from `start` on.
    int add_thread(Program& program, const Place& place);
    int add_lane(Lane lane, State first = State::starting);

    /// The thread wants a core at `time`.
    void start(int thread, Nanoseconds time);
    /// Plans these operations, in this order, before all that the thread has planned already.
    void then(int thread, std::initializer_list<Operation> operations);
    void then(int thread, const Operation& operation) { threads_[at(thread)].planned.push_back(operation); }
    /// The blocked thread wants a core after `latency`.
    void wake(int thread, Nanoseconds latency);
    /// Does so if the thread is blocked by op::block, after about a wake-up latency; once until it blocks again.
    void call(int thread) { call_after(thread, random_.around(machine_.wake_latency)); }
    void call_after(int thread, Nanoseconds latency);
    /// Calls the program of `thread` at `time`.
    void alarm(int thread, Nanoseconds time, std::uint32_t what);
    /// The process is dead from now on, and so are its threads; their lanes go idle.
    void end_process(int process);

    /// Until nothing is left to happen, or the budget is used up. `stats` may be null.
    void run(const Budget& budget, SimulationStats* stats);
    /// Where and why the run was stopped; `tasks_done` is for others to fill in.
    [[nodiscard]] const std::optional<Stop>& stop() const { return stop_; }
    /// The lanes, finished at `end`, or where the run was stopped.
    [[nodiscard]] Trace finish(Nanoseconds end);

    /// From now on the thread writes into `lane`, and its CPU time goes there.
    void switch_lane(int thread, int lane);
    void set_task(int thread, int task);
    /// Enters `state` in the thread's lane; a cause counts only where there is a GIL.
    void enter(int thread, State state, ReleaseCause cause = ReleaseCause::none);
    [[nodiscard]] Lanes& lanes() { return lanes_; }

    [[nodiscard]] const Place& place(int thread) const { return threads_[at(thread)].place; }
    [[nodiscard]] bool is_dead(int thread) const { return threads_[at(thread)].dead; }
    /// What the thread does on its core looks at its eval breaker; a C function does not.
    [[nodiscard]] bool looks(int thread) const { return threads_[at(thread)].current.act != Act::run_fixed; }
    [[nodiscard]] bool is_blocked(int thread) const { return threads_[at(thread)].blocked; }
    [[nodiscard]] int thread_count() const { return static_cast<int>(threads_.size()); }
    [[nodiscard]] Nanoseconds now() const { return now_; }
    [[nodiscard]] const Scenario& scenario() const { return scenario_; }
    [[nodiscard]] const Machine& machine() const { return machine_; }
    [[nodiscard]] Random& random() { return random_; }
    [[nodiscard]] EventQueue& events() { return events_; }
    [[nodiscard]] Cores& cores() { return cores_; }
    [[nodiscard]] Gils& gils() { return gils_; }
    [[nodiscard]] Locks& locks() { return locks_; }
    [[nodiscard]] Counting& counting() { return counting_; }

    // For what goes on as it did (rounds.h).
    /// The thread increments a counter.
    [[nodiscard]] bool counts(int thread) const { return threads_[at(thread)].current.act == Act::count; }
    /// The event can never count again.
    [[nodiscard]] bool is_stale(const Event& event) const;

    // For threads that take turns at a GIL (turns.h).
    [[nodiscard]] bool takes_short_cuts() const { return !every_event_; }
    /// No more may be done.
    [[nodiscard]] bool is_spent() const { return events_.effort() > most_effort_; }
    /// `holder` is at CPU work that can be interrupted, `waiter` was interrupted in such work.
    [[nodiscard]] bool only_computes(int holder, int waiter) const;
    [[nodiscard]] Nanoseconds rest_of_waiter(int waiter) const { return next_but_one(waiter).time; }
    /// When something may come up next, but for the end of the burst of `thread`; a time that is past when there is too
    /// much to look through.
    [[nodiscard]] Nanoseconds next_event_beside(int thread) const;
    /// As `enter`, at a time of its own.
    void enter_at(int thread, Nanoseconds time, State state, ReleaseCause cause);
    /// Now it is `now`: `holder` is at work and `waiter` waits with `rest` of its own left. `first` held the GIL
    /// before.
    void after_turns(Nanoseconds now, int first, int holder, int waiter, Nanoseconds rest);

    /// The burst of `thread` was interrupted with `left` to go, because its GIL is wanted: drops it. False when the
    /// thread left its core.
    bool lose_gil(int thread, Nanoseconds left);
    /// Carries out what is planned until the thread is off its core or at work.
    void proceed(int thread);

  private:
    struct Thread {
        Program* program = nullptr;
        Place place;
        std::vector<Operation> planned; ///< the last one is next
        Operation current;              ///< the run or count under way
        Nanoseconds cpu_told = 0;       ///< CPU time that lanes know of
        bool blocked = false;
        bool dead = false;
    };

    static std::size_t at(int index) { return static_cast<std::size_t>(index); }
    void apply(const Budget& budget);
    void drop_stale_events();
    [[nodiscard]] const Operation& next_but_one(int thread) const {
        const auto& planned = threads_[at(thread)].planned;
        return planned[planned.size() - 2];
    }
    void handle(const Event& event);
    void slice_end(const Event& event);
    void wake_up(int thread);
    void settle();
    /// False when the thread is off its core or at work.
    bool carry_out(int thread, const Operation& operation);
    bool begin_run(int thread, const Operation& operation);
    bool try_lock(int thread, int lock);
    bool await_lock(int thread, const Operation& operation);
    void tell_cpu(Thread& thread, int id);

    const Scenario& scenario_;
    const Machine& machine_;
    Random random_;
    EventQueue events_;
    Cores cores_;
    Gils gils_;
    Locks locks_;
    Counting counting_;
    std::deque<Thread> threads_; ///< a deque: programs add threads while others run
    Lanes lanes_;
    Nanoseconds now_ = 0;
    Nanoseconds last_stale_ = 0; ///< of the events that were thrown away; what comes up last is the end of the run
    Rounds rounds_;
    std::optional<Stop> stop_;
    std::uint64_t most_effort_ = 0;
    bool every_event_ = false;
};

} // namespace gil::sim
