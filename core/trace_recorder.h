// Writes one lane of a trace while it happens. Gap-free by construction: entering a state ends the one before.
#pragma once

#include <cstddef>

#include "core/trace.h"

namespace gil {

/// One owner thread; never blocks. Memory is bounded: after `capacity` intervals further ones are counted as dropped
/// and their time goes to the last interval kept.
class TraceRecorder {
  public:
    static constexpr std::size_t default_capacity = 200'000;

    /// The lane begins at `begin` in state `first`. All times come from one clock and never go back; a time before the
    /// last one (clocks of two cores may disagree by nanoseconds) counts as the last one.
    TraceRecorder(Lane lane, Nanoseconds begin, State first = State::starting, std::size_t capacity = default_capacity)
        : lane_(std::move(lane)), capacity_(capacity) {
        lane_.intervals.reserve(256 < capacity ? 256 : capacity);
        lane_.intervals.push_back({begin, begin, first, ReleaseCause::none, -1});
    }

    /// Enters `state` at `now`. `cause` says why the running interval that ends here let go of the GIL.
    void enter(State state, Nanoseconds now, ReleaseCause cause = ReleaseCause::none) {
        Interval& last = lane_.intervals.back();
        if (now < last.begin) now = last.begin;
        if (lane_.intervals.size() >= capacity_) {
            ++lane_.dropped;
            return;
        }
        // The same state goes on, unless the GIL was let go in between.
        if (last.state == state && last.task == task_ && cause == ReleaseCause::none) return;
        last.end = now;
        if (last.state == State::running) last.cause = cause;
        if (last.end == last.begin && lane_.intervals.size() > 1) {
            // Nothing happened in between (a lock that was free): no empty interval.
            const Interval& before = lane_.intervals[lane_.intervals.size() - 2];
            if (before.state == state && before.task == task_ && before.cause == ReleaseCause::none) {
                lane_.intervals.pop_back();
            } else {
                last = {now, now, state, ReleaseCause::none, task_};
            }
            return;
        }
        lane_.intervals.push_back({now, now, state, ReleaseCause::none, task_});
    }

    /// The task that intervals from now on belong to; -1 for none.
    void set_task(int task) { task_ = task; }
    [[nodiscard]] State state() const { return lane_.intervals.back().state; }
    void add_cpu(Nanoseconds cpu) { lane_.cpu = lane_.cpu.value_or(0) + cpu; }

    /// Ends the lane at `end` and gives it away; the recorder is spent.
    [[nodiscard]] Lane finish(Nanoseconds end) {
        Interval& last = lane_.intervals.back();
        last.end = end < last.begin ? last.begin : end;
        return std::move(lane_);
    }

  private:
    Lane lane_;
    std::size_t capacity_;
    int task_ = -1;
};

/// Moves a lane's times by `-origin`, so that the run begins at 0; what lies before 0 is cut to 0.
void make_relative(Lane& lane, Nanoseconds origin);

/// Makes the lane cover [0, end]: `starting` from 0 to its first interval, `idle` after its last, cut at `end`.
void fit_lane(Lane& lane, Nanoseconds end);

} // namespace gil
