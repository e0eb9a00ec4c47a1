// Two threads that do nothing but take turns at their GIL, thousands of times a second for minutes: turn by turn
// instead of event by event.
#pragma once

#include "core/simulator/gils.h"

namespace gil::sim {

/// A turn is four events whose order is known beforehand: the holder sees that it was asked, the waiter is awake and
/// takes the GIL, the former holder is awake and waits, its switch interval is over. What they compute, draw and record
/// is done here in that order without the queue, so that the result is the same to the bit. As soon as anything else
/// might happen in between (another thread, the end of one's work) it ends, between two turns.
class Turns {
  public:
    /// The time-out of `waiter`, the only one, has just come up, and `holder` is about to be asked.
    Turns(Simulation& simulation, int holder, int waiter);

    struct State {
        Nanoseconds now = 0; ///< again somebody is about to be asked
        int holder = nobody;
        int waiter = nobody;
        Nanoseconds switched_at = 0;
        Nanoseconds waits_since = 0;
        std::uint64_t turns = 0;
    };
    /// As many turns as can be taken; maybe none. `interval` is what a waiter waits before it asks, about.
    [[nodiscard]] State take(Nanoseconds interval);

  private:
    [[nodiscard]] bool applies() const;
    [[nodiscard]] bool may_take_another(Nanoseconds horizon) const;
    void take_one(Nanoseconds interval);

    Simulation& simulation_;
    State state_;
    Nanoseconds rest_ = 0;  ///< what the waiter has left of its work
    Nanoseconds reach_ = 0; ///< longer than this no turn takes
};

} // namespace gil::sim
