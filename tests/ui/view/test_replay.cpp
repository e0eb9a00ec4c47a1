#include <catch2/catch_test_macros.hpp>

#include "core/engine/simulate_report.h"
#include "core/experiments/experiment.h"
#include "ui/view/replay.h"

using namespace gil;
using namespace gil::ui;

TEST_CASE("replay: a task lasts from its first to its last stretch of work, over all lanes") {
    Trace trace;
    trace.end = 100;
    trace.lanes.resize(2);
    trace.lanes[0].intervals = {{0, 10, State::starting, ReleaseCause::none, 0},
                                {10, 20, State::running, ReleaseCause::interval_expired, 0},
                                {20, 60, State::waiting_for_gil, ReleaseCause::none, 0},
                                {60, 70, State::native, ReleaseCause::none, 0},
                                {70, 100, State::idle, ReleaseCause::none, 0}};
    trace.lanes[1].intervals = {{0, 100, State::running, ReleaseCause::task_end, 7}};
    const std::vector<TaskSpan> spans = task_spans(trace, 2);
    CHECK(spans[0] == TaskSpan{10, 70});
    CHECK(spans[1] == TaskSpan{});
    CHECK(progress_at(spans[0], 9) == Progressed::waiting);
    CHECK(progress_at(spans[0], 10) == Progressed::working);
    CHECK(progress_at(spans[0], 30) == Progressed::working);
    CHECK(progress_at(spans[0], 70) == Progressed::done);
    CHECK(progress_at(spans[1], 100) == Progressed::waiting);
    CHECK(done_at(spans, 100) == 1);
}

TEST_CASE("replay: it takes some seconds, goes forward only and ends at the end") {
    const Replay replay{true, 100};
    const Nanoseconds total = 480 * millisecond;
    CHECK(replay_time(replay, 99, total) == 0);
    CHECK(replay_time(replay, 100, total) == 0);
    Nanoseconds last = 0;
    for (double now = 100; now < 100 + replay_seconds(total); now += 0.1) {
        const Nanoseconds time = replay_time(replay, now, total);
        CHECK(time >= last);
        last = time;
    }
    CHECK(replay_time(replay, 100 + replay_seconds(total), total) == total);
    CHECK(replay_seconds(1) >= 1);
    CHECK(replay_seconds(100 * second) <= 10);
}

TEST_CASE("replay: in every variant of image processing all pictures get done, one by one") {
    const Experiment& experiment = *find_experiment("image-processing");
    const Knobs knobs(experiment.knobs);
    const Report report = simulate_experiment(experiment, knobs, experiment.make(knobs), Machine{});
    for (const VariantReport& variant : report.variants) {
        INFO(variant.name);
        const Trace& trace = variant.median_run.trace;
        const std::vector<TaskSpan> spans = task_spans(trace, variant.scenario.tasks.size());
        CHECK(done_at(spans, 0) == 0);
        CHECK(done_at(spans, trace.end) == static_cast<int>(spans.size()));
        int last = 0;
        for (Nanoseconds time = 0; time <= trace.end; time += trace.end / 50) {
            const int done = done_at(spans, time);
            CHECK(done >= last);
            last = done;
        }
    }
}
