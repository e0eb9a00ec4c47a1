// The simulator's future: events in order of virtual time, ties in the order they were made.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/base/units.h"

namespace gil::sim {

enum class EventKind : std::uint8_t {
    wake,         ///< a blocked thread wants a core again (started, signalled, its I/O is done)
    burst_end,    ///< a thread on a core has finished its CPU work
    slice_end,    ///< the scheduler's time slice is over
    breaker_seen, ///< the GIL's holder looks at its eval breaker
    gil_timeout,  ///< a waiter's switch interval is over; `thread` is the number of the lock
    alarm,        ///< a program asked to be called; `stamp` is what it wanted to be told
};

struct Event {
    Nanoseconds time = 0;
    std::uint64_t order = 0;
    int thread = 0;
    std::uint32_t stamp = 0; ///< compared with the thread's stamp of that kind; a stale event is ignored
    EventKind kind = EventKind::wake;
};

/// How effort is counted (EventQueue::effort).
inline constexpr std::uint64_t effort_of_event = 16;

class EventQueue {
  public:
    void push(Nanoseconds time, EventKind kind, int thread, std::uint32_t stamp) {
        effort_ += effort_of_event;
        heap_.push_back({time, next_order_++, thread, stamp, kind});
        std::push_heap(heap_.begin(), heap_.end(), Later{});
    }
    [[nodiscard]] bool empty() const { return heap_.empty(); }
    Event pop() {
        std::pop_heap(heap_.begin(), heap_.end(), Later{});
        const Event event = heap_.back();
        heap_.pop_back();
        return event;
    }

    /// What the simulation has done so far: every event counts as effort_of_event, every thread or lock that was looked
    /// at because of one as 1.
    [[nodiscard]] std::uint64_t effort() const { return effort_; }
    void spend(std::size_t looks) { effort_ += looks; }

    /// So many events that most of them may be stale.
    [[nodiscard]] bool is_crowded() const { return heap_.size() >= crowded_; }
    [[nodiscard]] const std::vector<Event>& pending() const { return heap_; }
    /// Throws away the events that `is_stale` says true of; the time of the latest of them, 0 when there is none.
    template<class IsStale>
    Nanoseconds drop(IsStale is_stale) {
        Nanoseconds latest = 0;
        std::erase_if(heap_, [&](const Event& event) {
            const bool stale = is_stale(event);
            if (stale) latest = std::max(latest, event.time);
            return stale;
        });
        std::make_heap(heap_.begin(), heap_.end(), Later{});
        crowded_ = std::max(first_crowd, 2 * heap_.size());
        return latest;
    }

  private:
    /// A type of its own and no function: it is what the simulator does most, and is to be inlined.
    struct Later {
        bool operator()(const Event& a, const Event& b) const {
            return a.time != b.time ? a.time > b.time : a.order > b.order;
        }
    };

    static constexpr std::size_t first_crowd = 64;

    std::vector<Event> heap_;
    std::uint64_t next_order_ = 0;
    std::uint64_t effort_ = 0;
    std::size_t crowded_ = first_crowd;
};

/// SplitMix64: small, seeded, the same everywhere.
class Random {
  public:
    explicit Random(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next() {
        std::uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        return z ^ (z >> 31);
    }
    /// Below `bound`, which is > 0. The bias of the modulo is far below what the model resolves.
    std::uint64_t below(std::uint64_t bound) { return next() % bound; }
    /// Close to `mean`, within a twentieth: what takes about the same time again and again.
    Nanoseconds close_to(Nanoseconds mean) {
        if (mean < 20) return mean;
        return mean - mean / 20 + static_cast<Nanoseconds>(below(static_cast<std::uint64_t>(mean / 10) + 1));
    }
    /// Around `mean`: uniform between half and one and a half of it.
    Nanoseconds around(Nanoseconds mean) {
        if (mean <= 0) return 0;
        return mean / 2 + static_cast<Nanoseconds>(below(static_cast<std::uint64_t>(mean) + 1));
    }

  private:
    std::uint64_t state_;
};

} // namespace gil::sim
