// The lanes of a simulation: how much of them is recorded is limited over all of them together, what they add up to is
// counted whatever is recorded.
#pragma once

#include <cstddef>
#include <vector>

#include "core/trace/trace_recorder.h"

namespace gil::sim {

class Lanes {
  public:
    int add(Lane lane, State first);
    /// From `intervals` in all on nothing more is recorded: every lane then stays for the rest of the trace in the
    /// state that it was in at that instant, so that the trace is a sound one.
    void limit(std::size_t intervals) { limit_ = intervals; }

    void enter(int lane, State state, Nanoseconds now, ReleaseCause cause = ReleaseCause::none) {
        Entry& entry = lanes_[static_cast<std::size_t>(lane)];
        const bool changes = state != entry.state;
        if (changes) count(lane, state, now);
        if (recorded_ >= limit_) {
            if (changes || cause != ReleaseCause::none) entry.recorder.drop();
            return;
        }
        const std::size_t before = entry.recorder.kept();
        entry.recorder.enter(state, now, cause);
        recorded_ += entry.recorder.kept() - before; // it may have taken one back
    }
    void set_task(int lane, int task) { lanes_[static_cast<std::size_t>(lane)].recorder.set_task(task); }
    void add_cpu(int lane, Nanoseconds cpu) { lanes_[static_cast<std::size_t>(lane)].recorder.add_cpu(cpu); }

    [[nodiscard]] std::size_t recorded() const { return recorded_; }

    /// Gives everything away; no lane is left.
    [[nodiscard]] Trace finish(Nanoseconds end);

  private:
    struct Entry {
        TraceRecorder recorder;
        std::size_t interpreter;
        bool has_gil;
        bool coroutine;
        State state;           ///< entered last
        bool is_first = true;  ///< `state` is what the lane began with
        Nanoseconds since = 0; ///< in `state`
    };

    /// The lane enters `next`.
    void count(int lane, State next, Nanoseconds now);

    std::vector<Entry> lanes_;
    std::vector<int> holders_; ///< by interpreter: the lane that held its GIL last, -1 at first
    TraceSums sums_;
    std::size_t limit_ = static_cast<std::size_t>(-1);
    std::size_t recorded_ = 0;
};

} // namespace gil::sim
