// The locks of the simulated program: threading.Lock, and the lock of a multiprocessing.Value.
#pragma once

#include <vector>

#include "core/base/units.h"
#include "core/gil/gil_protocol.h"
#include "core/scenario/scenario.h"

namespace gil::sim {

class Simulation;

/// A lock as the platform makes it, from a word and a queue of sleepers: who gives it back wakes the first sleeper and
/// goes on; until that one is awake anybody may take it, the giver too. A sleeper that comes too late is the first
/// again.
///
/// A thread that counts under a lock takes it and gives it back thousands of times in one burst (Counting). That is a
/// streak, and whether the lock is free depends on the instant. On several cores there may be several streaks.
class Locks {
  public:
    explicit Locks(Simulation& simulation);

    /// Numbers of locks. Threads of one domain share `lock` of a scenario, and a counter that is a variable.
    [[nodiscard]] static int number(int domain, int lock);
    [[nodiscard]] static int number(int domain, Counter counter);

    /// True when the thread holds the lock now. Never blocks.
    bool try_take(int lock, int thread);
    /// The thread, which has just failed to take it, sleeps until it is woken to try again. `again`: it had been woken.
    void park(int lock, int thread, bool again);
    /// The CPU work that giving it back costs beyond that of a lock nobody else wants. The lock is free then.
    Nanoseconds release(int lock);
    /// What an exception or the end of its process does to what the thread holds in its domain's locks.
    void release_all(int thread);
    /// The thread is dead.
    void died(int thread);

    /// True when the thread was woken to try again and has not done so.
    [[nodiscard]] bool is_arriving(int lock, int thread) { return at(lock).arriving == thread; }
    [[nodiscard]] bool is_held_by(int lock, int thread) { return at(lock).owner == thread; }
    [[nodiscard]] bool is_crowded(int lock) { return !at(lock).parked.empty() || at(lock).arriving != nobody; }

    /// The lock's holder begins to take it and give it back in a burst of its own.
    void begin_streak(int lock, int thread);
    /// The end of that; `held`: in the middle, so that the thread holds it, unless another one has taken it.
    void end_streak(int lock, int thread, bool held);
    [[nodiscard]] std::size_t streaks(int lock) { return at(lock).streakers.size(); }
    /// Of collisions between those who count under a lock at once only one in so many is looked at, and then takes so
    /// many times as long: there may be millions.
    [[nodiscard]] std::int64_t grain() const { return grain_; }
    /// Somebody sleeps and nobody has been woken: it is up to the next release.
    [[nodiscard]] bool awaits_release(int lock) { return !at(lock).parked.empty() && at(lock).arriving == nobody; }
    /// Wakes the first sleeper when the lock is given back, which will be in `until_release`.
    void wake_first(int lock, Nanoseconds until_release);

    /// CPU work of a release while somebody wants the lock. The semaphore under threading.Lock (up to CPython 3.13) and
    /// under Value.get_lock() makes the call that wakes a sleeper at every release while anybody still has to get the
    /// lock (glibc, nptl/sem_post.c); the mutex of a free-threaded build only when it wakes one (Python/lock.c). On one
    /// core whoever was woken is ready and waits for the core, not for a call, which then finds nobody asleep.
    [[nodiscard]] bool calls_at_every_release() const;

  private:
    struct Lock {
        int owner = nobody;
        int arriving = nobody;      ///< woken, on its way
        std::vector<int> streakers; ///< in the order in which they began
        std::vector<int> parked;    ///< sleepers, the first one first
    };

    Lock& at(int lock);
    /// Wakes the first sleeper if somebody sleeps and nobody is on its way.
    bool wake_one(Lock& lock);
    [[nodiscard]] Nanoseconds latency_of(const Lock& lock);

    Simulation& simulation_;
    std::vector<Lock> locks_;
    std::int64_t grain_;
};

} // namespace gil::sim
