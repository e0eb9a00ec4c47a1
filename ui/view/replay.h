// Which tasks are done at a moment of a run, and a run played again in a few seconds. Pure; no ImGui.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "core/trace/trace.h"

namespace gil::ui {

/// When a task began to compute and when it was done; -1: never.
struct TaskSpan {
    Nanoseconds begin = -1;
    Nanoseconds end = -1;
    bool operator==(const TaskSpan&) const = default;
};

/// One per task, from the stretches in which a lane computed for it.
[[nodiscard]] inline std::vector<TaskSpan> task_spans(const Trace& trace, std::size_t tasks) {
    std::vector<TaskSpan> spans(tasks);
    for (const Lane& lane : trace.lanes) {
        for (const Interval& interval : lane.intervals) {
            if (interval.state != State::running && interval.state != State::native) continue;
            if (interval.task < 0 || static_cast<std::size_t>(interval.task) >= tasks) continue;
            TaskSpan& span = spans[static_cast<std::size_t>(interval.task)];
            span.begin = span.begin < 0 ? interval.begin : std::min(span.begin, interval.begin);
            span.end = std::max(span.end, interval.end);
        }
    }
    return spans;
}

enum class Progressed : std::uint8_t { waiting, working, done };

[[nodiscard]] inline Progressed progress_at(const TaskSpan& span, Nanoseconds time) {
    if (span.begin < 0 || time < span.begin) return Progressed::waiting;
    return time < span.end ? Progressed::working : Progressed::done;
}

[[nodiscard]] inline int done_at(std::span<const TaskSpan> spans, Nanoseconds time) {
    return static_cast<int>(std::count_if(spans.begin(), spans.end(), [time](const TaskSpan& span) {
        return progress_at(span, time) == Progressed::done;
    }));
}

/// A run being shown again.
struct Replay {
    bool playing = false;
    double started = 0; ///< seconds on the screen's clock
};

/// How long a replay takes on the screen: as long as the run did, but never too quick or slow to watch.
[[nodiscard]] inline double replay_seconds(Nanoseconds total) {
    return std::clamp(static_cast<double>(total) / 1e9, 1.5, 5.0);
}

/// The run's time that a replay has come to at `now`; `total` when it is over.
[[nodiscard]] inline Nanoseconds replay_time(const Replay& replay, double now, Nanoseconds total) {
    const double share = std::clamp((now - replay.started) / replay_seconds(total), 0.0, 1.0);
    return static_cast<Nanoseconds>(share * static_cast<double>(total));
}

} // namespace gil::ui
