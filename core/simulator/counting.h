// Counters and those who increment them: `counter += 1` in a loop, thousands of times in one burst of CPU work.
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/units.h"
#include "core/gil/gil_protocol.h"
#include "core/scenario/scenario.h"

namespace gil::sim {

class Simulation;

/// No event per increment. What was counted is worked out when something changes: a burst ends, the GIL or the core is
/// lost, another one begins to count at the same time.
///
/// One turn of the loop loads the counter, adds, and stores. A thread that is stopped between load and store holds a
/// value that grows stale: when it goes on, its store undoes whatever others have counted meanwhile. Of threads that
/// count at the same time each undoes what the others stored between its load and its store.
class Counting {
  public:
    explicit Counting(Simulation& simulation) : simulation_(simulation) {}
    void add_thread() { threads_.emplace_back(); }

    /// The thread is to do this step; op::count does it.
    void begin(int thread, const Increment& step);
    /// The thread, on its core, begins or goes on; true when its burst is over or other operations come first.
    bool go_on(int thread);

    // What may happen to the thread during its burst.
    void lost_gil(int thread); ///< the burst was interrupted
    void stopped(int thread);  ///< off its core
    void resumed(int thread);  ///< on a core again
    void died(int thread);

    // What Locks has to ask and to tell a thread that takes and gives back a lock in its burst.
    [[nodiscard]] bool holds_lock(int thread); ///< at this instant
    void lock_taken(int thread);               ///< by another one: the burst ends where it would be taken next
    void plan_streak(int thread);              ///< the number of those who do so has changed
    void crowd(int thread);                    ///< somebody sleeps until the lock is given back

    /// What the counter ended with; a variable is that of the main thread.
    [[nodiscard]] std::int64_t value(Counter counter);

  private:
    struct Thread {
        int counter = nobody; ///< number of the counter
        int lock = nobody;    ///< number of the lock; nobody: without
        std::int64_t amount = 0;
        std::int64_t left = 0;  ///< turns that are not finished, the one under way included
        std::int64_t whole = 0; ///< of those in the burst under way after the present one
        Nanoseconds rest = 0;   ///< of the present turn; 0: not begun
        Nanoseconds turn = 0;   ///< length of the following ones
        bool calls = false;     ///< a function between load and store
        bool between = false;   ///< the interpreter looks at its eval breaker between load and store
        bool at_work = false;   ///< the burst is under way, on a core or not
        bool racing = false;    ///< at work without a lock and on a core
        bool collides = false;  ///< after the burst it finds the lock taken
        bool is_stale = false;  ///< it was stopped between load and store
        std::int64_t stale = 0; ///< what it had loaded
    };
    struct Value {
        std::int64_t value = 0;
        std::int64_t fraction = 0; ///< of an increment, in `share` parts
        std::vector<int> racing;   ///< threads that count at this moment
    };

    Thread& at(int thread) { return threads_[static_cast<std::size_t>(thread)]; }
    Value& value_of(const Thread& thread);
    [[nodiscard]] Nanoseconds increment_of(const Thread& thread) const;
    [[nodiscard]] Nanoseconds lock_pair_of(const Thread& thread) const;
    [[nodiscard]] Nanoseconds turn_of(const Thread& thread) const;
    [[nodiscard]] Nanoseconds held_part(const Thread& thread) const;
    [[nodiscard]] Nanoseconds free_part(const Thread& thread) const;
    /// Turns finished since the last call; the burst's plan then starts from now.
    std::int64_t advance(int thread);
    void settle(Value& value);
    void count_finished(int thread);
    void finish_burst(int thread);
    void change_burst(int thread);
    void join(int thread);
    void leave(int thread);
    void change_turns(Value& value);
    void make_stale(int thread);
    void store_stale(int thread);

    Simulation& simulation_;
    std::vector<Thread> threads_;
    std::vector<Value> values_;
};

} // namespace gil::sim
