// Writes one lane of a trace while it happens. Gap-free by construction: entering a state ends the one before.
#pragma once

#include <cstddef>
#include <vector>

#include "core/trace/trace.h"

namespace gil {

/// One owner thread; never blocks. Memory is bounded: after `capacity` intervals further ones are counted as dropped
/// and their time goes to the last interval kept.
class TraceRecorder {
  public:
    static constexpr std::size_t default_capacity = 200'000;

    /// The lane begins at `begin` in state `first`. All times come from one clock and never go back; a time before the
    /// last one (clocks of two cores may disagree by nanoseconds) counts as the last one.
    TraceRecorder(Lane lane, Nanoseconds begin, State first = State::starting, std::size_t capacity = default_capacity)
        : lane_(std::move(lane)), capacity_(capacity), last_{begin, begin, first, ReleaseCause::none, -1} {}

    /// Enters `state` at `now`. `cause` says why the running interval that ends here let go of the GIL.
    void enter(State state, Nanoseconds now, ReleaseCause cause = ReleaseCause::none) {
        if (now < last_.begin) now = last_.begin;
        if (kept_ + 1 >= capacity_) {
            ++lane_.dropped;
            return;
        }
        // The same state goes on, unless the GIL was let go in between.
        if (last_.state == state && last_.task == task_ && cause == ReleaseCause::none) return;
        last_.end = now;
        if (last_.state == State::running) last_.cause = cause;
        if (last_.end == last_.begin && kept_ > 0) {
            // Nothing happened in between (a lock that was free): no empty interval. Two waits stay two, however short
            // the work between them is for the clock.
            const Interval& before = blocks_.back().back();
            const bool goes_on = state == before.state && last_.state != State::running;
            if (goes_on && before.task == task_ && before.cause == ReleaseCause::none) {
                last_ = before;
                drop_newest();
                return;
            }
        } else {
            keep(last_);
        }
        last_ = {now, now, state, ReleaseCause::none, task_};
    }

    /// The task that intervals from now on belong to; -1 for none.
    void set_task(int task) { task_ = task; }
    [[nodiscard]] State state() const { return last_.state; }
    /// Intervals that have ended.
    [[nodiscard]] std::size_t kept() const { return kept_; }
    /// Counts an interval that is not to be recorded.
    void drop() { ++lane_.dropped; }
    void add_cpu(Nanoseconds cpu) { lane_.cpu = lane_.cpu.value_or(0) + cpu; }

    /// Ends the lane at `end` and gives it away; the recorder is spent.
    [[nodiscard]] Lane finish(Nanoseconds end);

  private:
    /// Blocks of this size come back from malloc without new pages and are never copied while a run lasts. The first
    /// ones are smaller: of ten thousand coroutines few have a long story.
    static constexpr std::size_t block_size = 1'024;
    static constexpr std::size_t first_block_size = 16;

    void keep(const Interval& interval) {
        if (blocks_.empty()) {
            blocks_.emplace_back().reserve(first_block_size);
        } else if (const std::size_t size = blocks_.back().capacity(); blocks_.back().size() >= size) {
            blocks_.emplace_back().reserve(size < block_size ? 4 * size : size);
        }
        blocks_.back().push_back(interval);
        ++kept_;
    }
    void drop_newest() {
        blocks_.back().pop_back();
        if (blocks_.back().empty()) blocks_.pop_back();
        --kept_;
    }

    Lane lane_;
    std::size_t capacity_;
    Interval last_;                             ///< the interval under way
    std::vector<std::vector<Interval>> blocks_; ///< those that have ended; no block is empty
    std::size_t kept_ = 0;
    int task_ = -1;
};

/// Moves a lane's times by `-origin`, so that the run begins at 0; what lies before 0 is cut to 0.
void make_relative(Lane& lane, Nanoseconds origin);

/// Makes the lane cover [0, end]: `starting` from 0 to its first interval, `idle` after its last, cut at `end`.
void fit_lane(Lane& lane, Nanoseconds end);

} // namespace gil
