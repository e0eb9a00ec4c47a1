// The costs of a Machine in groups: each is measured as a whole, and a scenario needs some of them.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>

#include "core/scenario/scenario.h"

namespace gil {

enum class CostGroup : std::uint8_t {
    interpreter,       ///< how often it looks at its eval breaker, and what it pays for having no GIL
    cores,             ///< what several busy ones take from each other, and how many there are
    threads,           ///< their start, and the wake-up of one that waits
    timer,             ///< how late a timed wait ends, and the work around a wait
    fork,              ///< start of a process by that method
    forkserver,        ///< the same; with it what a start costs the parent, and the end of a process
    spawn,             ///< start of a process by that method
    event_loop,        ///< of asyncio
    executor,          ///< what an item of any pool costs who submits it, and what its worker has to load
    messages,          ///< small ones between processes
    transfers,         ///< data between processes
    large_transfers,   ///< more than a MiB at once
    copies,            ///< serialising and restoring
    interpreters,      ///< start of a subinterpreter
    counters,          ///< of one interpreter, and their lock
    shared_access,     ///< what another core has just written; only where there are several cores
    contention,        ///< a lock that threads without a GIL want at once; the same
    shared_counters,   ///< of several processes, and their lock
    shared_contention, ///< such a counter beside another process that does the same; only where there are several cores
    lock_wakes,        ///< waking whoever sleeps on a lock
    shared_blocks,     ///< memory that several processes see
    files,             ///< how much of an operation is CPU work
    databases,         ///< the same
    assumed            ///< nobody measures it: the scheduler's time slice
};
inline constexpr int cost_group_count = static_cast<int>(CostGroup::assumed) + 1;

/// A set of them.
class CostGroups {
  public:
    constexpr CostGroups() = default;
    constexpr CostGroups(std::initializer_list<CostGroup> groups) {
        for (const CostGroup group : groups) add(group);
    }
    [[nodiscard]] static constexpr CostGroups all() {
        CostGroups groups;
        groups.bits_ = (1U << cost_group_count) - 1;
        return groups;
    }

    constexpr void add(CostGroup group) { bits_ |= bit(group); }
    constexpr void add(CostGroups groups) { bits_ |= groups.bits_; }
    constexpr void remove(CostGroup group) { bits_ &= ~bit(group); }
    [[nodiscard]] constexpr bool contains(CostGroup group) const { return (bits_ & bit(group)) != 0; }
    [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
    /// Those of this set that are not in `other`.
    [[nodiscard]] constexpr CostGroups without(CostGroups other) const {
        CostGroups groups;
        groups.bits_ = bits_ & ~other.bits_;
        return groups;
    }
    /// Those of this set that are in `other`.
    [[nodiscard]] constexpr CostGroups also_in(CostGroups other) const { return without(without(other)); }

    constexpr bool operator==(const CostGroups&) const = default;

  private:
    static constexpr std::uint32_t bit(CostGroup group) { return 1U << static_cast<unsigned>(group); }
    std::uint32_t bits_ = 0;
};

/// That of starting a process so.
[[nodiscard]] CostGroup start_group(StartMethod method);

/// All that a simulation of `scenario` depends on, and perhaps a little more; never `assumed`.
[[nodiscard]] CostGroups costs_needed(const Scenario& scenario);
[[nodiscard]] CostGroups costs_needed(std::span<const Variant> variants);

/// `wanted` with those that must be known before them, as costs are measured as what is left after others.
[[nodiscard]] CostGroups with_costs_below(CostGroups wanted);

} // namespace gil
