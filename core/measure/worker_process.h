// What a parent of worker processes keeps of each of them: a runner of processes and a pool alike.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/base/units.h"
#include "core/measure/child_message.h"
#include "core/measure/host.h"
#include "core/trace/run.h"
#include "core/trace/trace.h"

namespace gil {

/// When a child did what, as its parent saw it.
struct ChildTimes {
    Nanoseconds done_at = 0; ///< its work was done; 0: it never said so
    Nanoseconds told_at = 0; ///< its report was here
    Nanoseconds ended_at = 0;
    /// When it would have ended without a report: nobody but us has one.
    [[nodiscard]] Nanoseconds end() const { return told_at > 0 ? done_at + (ended_at - told_at) : ended_at; }
};

struct WorkerProcess {
    std::unique_ptr<ChildProcess> process; ///< while it may be heard of
    Bytes told;                            ///< its report as it came
    Nanoseconds begun_at = 0;              ///< 0: it never said so
    ChildTimes times;

    [[nodiscard]] bool has_begun() const { return begun_at > 0; }
    [[nodiscard]] bool has_ended() const { return times.ended_at > 0; }
    /// Nothing more is to come of its work.
    [[nodiscard]] bool is_done() const { return has_ended() || times.done_at > 0; }
};

/// How it ended, for a run whose tasks may end their process. Where there is no exit code, what the platform says of an
/// end that was not clean; nothing otherwise. `whose`: " of process 2".
inline void observe_end(const ProcessEnd& end, const std::string& whose, std::vector<Observation>& observations) {
    if (end.exit_code) {
        observations.push_back({"exit code" + whose, *end.exit_code, 0, {}});
    } else if (!end.clean()) {
        observations.push_back({"end" + whose, 0, 0, end.words});
    }
}

/// Nobody reports before the last one is done, as telling costs time that the others' work would lose: closes all of
/// them as soon as that is so, and is true from then on. `workers`: a range of what derives from WorkerProcess.
template<typename Workers>
[[nodiscard]] bool close_once_done(Workers& workers) {
    const auto done = [](const WorkerProcess& worker) { return worker.is_done(); };
    if (!std::all_of(workers.begin(), workers.end(), done)) return false;
    for (WorkerProcess& worker : workers) {
        if (worker.process && !worker.has_ended()) worker.process->close();
    }
    return true;
}

/// A worker that died takes what it recorded with it; its parent knows when it began and ended.
[[nodiscard]] inline Lane lane_without_report(const WorkerProcess& worker, std::string name, int interpreter) {
    Lane lane;
    lane.name = std::move(name);
    lane.interpreter = interpreter;
    const Nanoseconds end = worker.times.end();
    if (worker.has_begun() && worker.begun_at < end) {
        lane.intervals.push_back({worker.begun_at, end, State::running, ReleaseCause::none, -1});
    }
    return lane;
}

} // namespace gil
