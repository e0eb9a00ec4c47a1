#include "core/simulator/asyncio_simulation.h"

#include <algorithm>
#include <deque>

#include "core/simulator/event_queue.h"
#include "core/trace_recorder.h"

namespace gil::sim {

namespace {

class EventLoop {
  public:
    EventLoop(const Scenario& scenario, const Machine& machine, std::uint64_t seed)
        : scenario_(scenario), machine_(machine), random_(seed), next_step_(scenario.tasks.size(), 0) {
        for (std::size_t i = 0; i < scenario.tasks.size(); ++i) {
            Lane lane;
            lane.name = "coroutine " + std::to_string(i + 1);
            lane.coroutine = true;
            lanes_.emplace_back(std::move(lane), 0);
            lanes_.back().set_task(static_cast<int>(i));
            ready_.push_back(static_cast<int>(i));
        }
    }

    Run run(SimulationStats* stats) {
        while (!ready_.empty() || !timers_.empty()) {
            if (ready_.empty()) fire_next_timer();
            collect_due_timers();
            const int coroutine = ready_.front();
            ready_.pop_front();
            run_until_it_waits(coroutine);
            ++events_;
        }
        if (stats != nullptr) stats->events += events_;
        Run run;
        run.trace.end = now_;
        for (TraceRecorder& lane : lanes_) run.trace.lanes.push_back(lane.finish(now_));
        run.outputs.resize(scenario_.tasks.size());
        return run;
    }

  private:
    TraceRecorder& lane(int coroutine) { return lanes_[static_cast<std::size_t>(coroutine)]; }

    void make_ready(int coroutine, Nanoseconds since) {
        lane(coroutine).enter(State::idle, since);
        ready_.push_back(coroutine);
        ++events_;
    }

    /// Nothing is ready: the loop sleeps in select() until the earliest timer.
    void fire_next_timer() {
        const Event timer = timers_.pop();
        now_ = std::max(now_, timer.time);
        make_ready(timer.thread, now_);
    }

    void collect_due_timers() {
        while (!timers_.empty()) {
            const Event timer = timers_.pop();
            if (timer.time > now_) {
                timers_.push(timer.time, timer.kind, timer.thread, timer.stamp);
                return;
            }
            make_ready(timer.thread, timer.time);
        }
    }

    void run_until_it_waits(int coroutine) {
        const Task& task = scenario_.tasks[static_cast<std::size_t>(coroutine)];
        std::size_t& step = next_step_[static_cast<std::size_t>(coroutine)];
        const Nanoseconds begin = now_;
        lane(coroutine).enter(State::running, now_);
        now_ += machine_.loop_overhead;
        while (step < task.steps.size()) {
            const Step& next = task.steps[step++];
            if (const auto* compute = std::get_if<Compute>(&next)) {
                now_ += compute->work;
                continue;
            }
            if (!std::holds_alternative<Wait>(next)) continue;
            now_ += machine_.io_overhead;
            lane(coroutine).add_cpu(now_ - begin);
            lane(coroutine).enter(State::waiting_for_io, now_);
            timers_.push(now_ + duration_of(next) + random_.around(machine_.timer_slack), EventKind::wake, coroutine,
                         0);
            return;
        }
        lane(coroutine).add_cpu(now_ - begin);
        lane(coroutine).set_task(-1);
        lane(coroutine).enter(State::idle, now_, ReleaseCause::none);
    }

    const Scenario& scenario_;
    const Machine& machine_;
    Random random_;
    std::vector<std::size_t> next_step_;
    std::vector<TraceRecorder> lanes_;
    std::deque<int> ready_;
    EventQueue timers_;
    Nanoseconds now_ = 0;
    std::uint64_t events_ = 0;
};

} // namespace

Run simulate_asyncio(const Scenario& scenario, const Machine& machine, std::uint64_t seed, SimulationStats* stats) {
    return EventLoop(scenario, machine, seed).run(stats);
}

} // namespace gil::sim
