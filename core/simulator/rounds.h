// More threads at work than cores, and nothing else: they go round by time slices, thousands of times in a minute of
// work, and every round is like the one before.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "core/simulator/cores.h"

namespace gil::sim {

class Simulation;

/// Keeps in mind how the cores stood at the end of one time slice. When they stand like that again, only later, and
/// nothing but ends of slices came in between, then so it goes on: all rounds up to the next event of another kind, or
/// to shortly before somebody's work ends, are gone at once. The result is the same to the bit, for nothing is drawn
/// and nothing recorded meanwhile.
class Rounds {
  public:
    explicit Rounds(Simulation& simulation) : simulation_(simulation) {}

    /// Something else than the end of a slice has happened.
    void forget() { seen_.reset(); }
    /// The slice of `thread` is over at `now`, and that is not dealt with yet. The time that it is afterwards: `now`,
    /// or the same instant of a later round.
    [[nodiscard]] Nanoseconds slice_ends(int thread, Nanoseconds now);

  private:
    /// A thread, relative to the instant and to the virtual time of the first one on a core.
    struct Standing {
        int thread = 0;
        Nanoseconds since = 0;
        Nanoseconds slice_until = 0;
        Nanoseconds virtual_time = 0;
        bool slice_armed = false;
        bool operator==(const Standing&) const = default;
    };
    /// What each has done up to then.
    struct Account {
        int thread = 0;
        Nanoseconds cpu = 0;
        Nanoseconds burst = 0;
    };
    struct Picture {
        int ended = 0; ///< whose slice it is
        Nanoseconds now = 0;
        Nanoseconds base = 0;
        Nanoseconds floor = 0;                          ///< of virtual times, relative
        std::vector<Standing> running;                  ///< in the scheduler's order
        std::vector<Standing> queue;                    ///< who is next first
        std::vector<std::pair<EventKind, int>> pending; ///< ends of slices and bursts, in the order they were made
        std::vector<Account> accounts;                  ///< of running, then of queue
        Nanoseconds horizon = 0;                        ///< when something else may happen
    };

    [[nodiscard]] std::optional<Picture> picture(int ended, Nanoseconds now) const;
    [[nodiscard]] bool goes_on(int thread) const;
    void add_events(Picture& picture) const;
    /// How many rounds like the one from `seen_` to `present` are sure to follow.
    [[nodiscard]] std::int64_t sure_rounds(const Picture& present) const;
    void skip(const Picture& present, std::int64_t rounds);

    Simulation& simulation_;
    std::optional<Picture> seen_;
    std::size_t slices_ = 0; ///< that ended since
};

} // namespace gil::sim
