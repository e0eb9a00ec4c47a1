// The GILs of a simulation: take_gil and drop_gil of Python/ceval_gil.c in virtual time, by the decisions of
// gil_protocol.h that the real lock asks, too.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "core/base/units.h"
#include "core/gil/gil_protocol.h"

namespace gil::sim {

class Simulation;

class Gils {
  public:
    explicit Gils(Simulation& simulation);

    /// One more GIL; they are numbered from 0. Place::gil says which one a thread uses; without one both calls do
    /// nothing.
    int add();
    void add_thread() { threads_.emplace_back(); }

    /// True when the thread, on its core, holds the GIL now; else it waits off its core and is to try again then.
    bool take(int thread);
    /// False when the thread left its core until another one has taken the GIL (a forced switch).
    bool let_go(int thread);

    /// The thread was asked to drop its GIL and has not done so.
    [[nodiscard]] bool is_asked(int thread) const { return threads_[at(thread)].asked; }
    /// The thread works on a core and may be interrupted: if it was asked, it will see that at its next look.
    void look(int thread);

    // Events came up.
    void breaker_seen(int thread, std::uint32_t stamp);
    void timeout(int gil, std::uint32_t stamp);
    [[nodiscard]] bool is_stale(int gil, std::uint32_t stamp) const { return gils_[at(gil)].stamp != stamp; }

  private:
    struct Thread {
        bool asked = false;            ///< its eval breaker (per thread, as since CPython 3.13)
        Nanoseconds waits_since = 0;   ///< while it waits for a GIL
        Nanoseconds first_timeout = 0; ///< of that wait; the next ones follow one period apart
        Nanoseconds phase = 0;         ///< of all of them
    };
    /// A waiter's time-outs are a row without end of which only those after a switch matter. So they are not events:
    /// the waiters stand in the order of their phase, and the next one that matters is looked up.
    struct Gil {
        GilState state;
        int holder = nobody;
        std::vector<int> waiting;                        ///< on the condition, not yet signalled
        std::vector<std::pair<Nanoseconds, int>> phases; ///< of their time-outs, sorted
        int switch_waiter = nobody;
        Nanoseconds switched_at = 0;
        std::optional<Nanoseconds> armed; ///< when the one time-out event that counts comes
        std::uint32_t stamp = 0;          ///< validates it
    };
    struct Timeout {
        Nanoseconds time = 0;
        int thread = nobody;
    };

    static std::size_t at(int index) { return static_cast<std::size_t>(index); }
    void wait(Gil& gil, int thread);
    void stop_waiting(Gil& gil, int thread);
    void signal_one(Gil& gil);
    [[nodiscard]] Timeout next_timeout(const Gil& gil) const;
    [[nodiscard]] bool counts(const Gil& gil, int thread, Nanoseconds timeout) const;
    void arm(int gil);
    void take_turns(Gil& gil);

    Simulation& simulation_;
    Nanoseconds interval_; ///< the switch interval
    Nanoseconds period_;   ///< from one time-out of a waiter to its next one
    std::vector<Gil> gils_;
    std::vector<Thread> threads_;
};

} // namespace gil::sim
