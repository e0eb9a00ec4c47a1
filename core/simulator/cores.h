// The simulated operating system's scheduler: fair by virtual run time, with time slices once there are more runnable
// threads than cores, and woken sleepers that may take a core from a long-running thread (as Linux' CFS and EEVDF do).
// The more cores are busy, the slower each of them may be: they share a clock budget, caches and memory.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/machine/machine.h"
#include "core/simulator/event_queue.h"

namespace gil::sim {

/// Converts between the time that a thread has its core and the work it does there, which is counted in the time that
/// it takes on a core while all others are idle.
class CoreSpeed {
  public:
    static constexpr std::int64_t full = 1'000'000;

    /// `ppm` of full speed, above 0 and at most `full`.
    explicit CoreSpeed(std::int64_t ppm) : ppm_(ppm) {}
    /// Rounded down.
    [[nodiscard]] Nanoseconds work_in(Nanoseconds time) const { return time / full * ppm_ + time % full * ppm_ / full; }
    /// Rounded up: in so much time that much work is done.
    [[nodiscard]] Nanoseconds time_for(Nanoseconds work) const {
        return work / ppm_ * full + (work % ppm_ * full + ppm_ - 1) / ppm_;
    }
    bool operator==(const CoreSpeed&) const = default;

  private:
    std::int64_t ppm_;
};

class Cores {
  public:
    /// `machine` and `events` must outlive it.
    Cores(const Machine& machine, EventQueue& events);

    /// One more thread, off the cores. Threads are numbered from 0.
    void add_thread() { threads_.emplace_back(); }

    /// `thread` wants a core for `burst` ns of CPU work (0: it only has something to decide).
    void want(int thread, Nanoseconds burst, Nanoseconds now);
    /// The thread on its core has more to do: a new burst without giving up the core.
    void extend(int thread, Nanoseconds burst, Nanoseconds now);
    /// The thread on its core blocks or ends.
    void leave(int thread, Nanoseconds now);
    /// Replaces the rest of the thread's burst, wherever the thread is.
    void change(int thread, Nanoseconds burst, Nanoseconds now);
    /// The thread is no more, wherever it is.
    void remove(int thread, Nanoseconds now);
    /// A slice_end event came up.
    void slice_end(int thread, std::uint32_t stamp, Nanoseconds now);
    /// A burst_end event came up: true when it is still valid; the burst is then accounted for.
    bool burst_end(int thread, std::uint32_t stamp, Nanoseconds now);
    /// Stops the burst under way and tells how much of it is left; the thread keeps its core.
    Nanoseconds interrupt(int thread, Nanoseconds now);

    /// The CPU time of those who are on a core is told up to `now`.
    void account_all(Nanoseconds now);

    // For threads that take turns at a GIL (turns.h), with cores to spare. Like the calls above, but for the event at
    // the end of the burst: await_end makes it.
    /// No other thread is on a core or wants one, and there is a core for another one as fast as this one.
    [[nodiscard]] bool has_only(int thread) const;
    /// interrupt, leave: what is left of the burst.
    Nanoseconds lose_turn(int thread, Nanoseconds now);
    /// want, extend: the thread works on its burst.
    void begin_turn(int thread, Nanoseconds burst, Nanoseconds now);
    /// want, leave: the thread only had something to decide.
    void pass_by(int thread, Nanoseconds now);
    void await_end(int thread);
    [[nodiscard]] Nanoseconds burst_until(int thread) const { return threads_[index(thread)].burst_until; }
    [[nodiscard]] Nanoseconds time_for(Nanoseconds work) const { return speed_.time_for(work); }

    /// All that happens at `now` has happened: from here on the cores run as fast as so many busy ones do.
    void adjust_speed(Nanoseconds now);

    /// A thread that was put on a core since the last call and has no work left to do there; ask until empty.
    std::optional<int> next_dispatched();

    [[nodiscard]] bool on_core(int thread) const { return threads_[index(thread)].on_core; }
    /// Rises whenever the thread gains or loses a core or its burst changes; stamps breaker_seen events.
    [[nodiscard]] std::uint32_t stamp(int thread) const { return threads_[index(thread)].stamp; }
    [[nodiscard]] Nanoseconds cpu_time(int thread) const { return threads_[index(thread)].cpu; }
    /// What is left of the thread's burst at `now`.
    [[nodiscard]] Nanoseconds left(int thread, Nanoseconds now) const;
    /// Threads that got a core while a burst was left since the last call (their eval breaker may be set already).
    std::optional<int> next_resumed() { return take_last(resumed_); }
    /// Threads that lost their core while a burst was left since the last call; they may be on one again.
    std::optional<int> next_stopped() { return take_last(stopped_); }

  private:
    friend class Rounds; ///< which turns the clock forward

    struct Thread {
        Nanoseconds virtual_time = 0;
        Nanoseconds since = 0; ///< when the present stretch on a core began
        Nanoseconds slice_until = 0;
        Nanoseconds burst_until = 0; ///< when it is over at the speed of now; stamps burst_end events
        Nanoseconds burst = 0;       ///< work left at `since`
        Nanoseconds cpu = 0;         ///< time on a core
        std::uint32_t stamp = 0;
        bool on_core = false;
        bool slice_armed = false;
    };
    struct Waiting {
        Nanoseconds virtual_time = 0;
        std::uint64_t order = 0;
        int thread = 0;
    };

    static std::size_t index(int thread) { return static_cast<std::size_t>(thread); }
    static bool later(const Waiting& a, const Waiting& b);
    static std::optional<int> take_last(std::vector<int>& threads) {
        if (threads.empty()) return std::nullopt;
        const int thread = threads.back();
        threads.pop_back();
        return thread;
    }
    void account(Thread& thread, Nanoseconds now);
    [[nodiscard]] CoreSpeed speed_of(std::size_t busy) const;
    void put_on_core(Thread& thread, Nanoseconds now);
    void await_burst_end(int thread, Nanoseconds now);
    void enqueue(int thread);
    void dispatch(int thread, Nanoseconds now);
    void stop_running(int thread);
    void preempt(int thread, Nanoseconds now);
    void arm_slices(Nanoseconds now);
    void fill_free_core(Nanoseconds now);
    [[nodiscard]] int longest_running(Nanoseconds now) const;

    const Machine& machine_;
    EventQueue& events_;
    CoreSpeed speed_{CoreSpeed::full}; ///< of every core, now
    std::vector<Thread> threads_;
    std::vector<int> running_;
    std::vector<Waiting> queue_; ///< heap, smallest virtual time first
    std::vector<int> dispatched_;
    std::vector<int> resumed_;
    std::vector<int> stopped_;
    Nanoseconds floor_ = 0; ///< smallest virtual time a newcomer may start from
    std::uint64_t order_ = 0;
};

} // namespace gil::sim
