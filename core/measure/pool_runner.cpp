#include "core/measure/pool_runner.h"

#include "core/measure/counters.h"
#include "core/measure/functions.h"
#include "core/measure/loop_runner.h"
#include "core/measure/payload.h"
#include "core/measure/process_pool.h"
#include "core/scenario/run_plan.h"
#include "core/trace/trace_recorder.h"

namespace gil {

namespace {

/// A chunk with more data than this is cut, so that it stays one message.
constexpr std::int64_t most_chunk_bytes = 32 << 20;

using Blocks = std::vector<std::shared_ptr<SharedBlock>>;

/// The first and the last step of `task` that compute; its number of steps where none does.
std::pair<std::size_t, std::size_t> jobs_of(const Task& task) {
    std::pair jobs{task.steps.size(), task.steps.size()};
    for (std::size_t i = 0; i < task.steps.size(); ++i) {
        if (!is_cpu_work(task.steps[i])) continue;
        jobs.first = std::min(jobs.first, i);
        jobs.second = i;
    }
    return jobs;
}

/// What both kinds share: the pool, and the run that is put together at the end.
class PoolRun {
  public:
    PoolRun(Host& host, const Scenario& scenario, const Speeds& speeds, Blocks blocks,
            std::function<void(Result<Run>)> done)
        : host_(host), scenario_(scenario), plan_(plan_of(scenario)), speeds_(speeds), blocks_(std::move(blocks)),
          done_(std::move(done)) {
        run_.origin = Origin::measured;
        run_.outputs.resize(scenario.tasks.size());
        begin_ = host.now();
    }

  protected:
    /// The parent's lanes come first; `lanes` are in times of Host::now().
    void finish(std::vector<Lane> lanes, Result<PoolOutcome> outcome) {
        if (!outcome) return done_(outcome.error());
        run_.trace.end = outcome.value().end - begin_;
        run_.trace.bytes_serialised = outcome.value().bytes_serialised;
        for (Lane& lane : outcome.value().lanes) lanes.push_back(std::move(lane));
        for (Lane& lane : lanes) {
            make_relative(lane, begin_);
            fit_lane(lane, run_.trace.end);
            run_.trace.lanes.push_back(std::move(lane));
        }
        if (!blocks_.empty() && blocks_.front()) {
            for (Observation& each : observe(scenario_, Counters(blocks_.front()))) {
                if (each.name != "counter") run_.observations.push_back(std::move(each));
            }
        }
        observe_queue(scenario_, outcome.value().received + received_, run_.observations);
        if (plan_.failures) {
            for (Observation& death : outcome.value().deaths) run_.observations.push_back(std::move(death));
            run_.observations.push_back(survivors_of(run_.outputs));
        }
        done_(std::move(run_));
    }

    Host& host_;
    Scenario scenario_;
    const RunPlan plan_;
    Speeds speeds_;
    Blocks blocks_;
    std::function<void(Result<Run>)> done_;
    Run run_;
    std::uint64_t received_ = 0; ///< bytes that the parent itself put into its queue
    Nanoseconds begin_ = 0;
};

/// executor.map(f, tasks, chunksize=n)
class MappedRun : public PoolRun, public std::enable_shared_from_this<MappedRun> {
  public:
    using PoolRun::PoolRun;

    void start() {
        Lane lane;
        lane.name = "parent";
        lane.interpreter = started_workers(scenario_);
        parent_.emplace(std::move(lane), begin_, State::running);
        pool_ = make_process_pool(host_, scenario_, speeds_, blocks_, &*parent_);
        std::vector<ChildItem> chunk;
        std::int64_t bytes = 0;
        for (std::size_t i = 0; i < scenario_.tasks.size(); ++i) {
            const Task& task = scenario_.tasks[i];
            auto function = pickled_function(task);
            if (!function) {
                // This future fails, the pool goes on.
                run_.outputs[i].error = function.error().what;
                continue;
            }
            ChildItem item;
            item.task = static_cast<std::uint32_t>(i);
            item.function = std::move(function.value());
            item.argument_bytes = static_cast<std::uint64_t>(task.argument_bytes);
            item.result_bytes = static_cast<std::uint64_t>(task.result_bytes);
            chunk.push_back(std::move(item));
            bytes += std::max(task.argument_bytes, task.result_bytes);
            if (chunk.size() < static_cast<std::size_t>(scenario_.chunksize) && bytes < most_chunk_bytes) continue;
            submit(std::exchange(chunk, {}));
            bytes = 0;
        }
        if (!chunk.empty()) submit(std::move(chunk));
        parent_->enter(State::idle, host_.now(), ReleaseCause::blocking_call);
        pool_->shut_down([self = shared_from_this()](Result<PoolOutcome> outcome) { self->end(std::move(outcome)); });
    }

  private:
    void submit(std::vector<ChildItem> chunk) {
        pool_->submit(std::move(chunk), [self = shared_from_this()](const std::vector<ItemResult>& results) {
            for (const ItemResult& result : results) self->run_.outputs[result.task] = result.output;
        });
    }

    void end(Result<PoolOutcome> outcome) {
        std::vector<Lane> lanes;
        lanes.push_back(parent_->finish(host_.now()));
        pool_.reset();
        finish(std::move(lanes), std::move(outcome));
    }

    std::optional<TraceRecorder> parent_;
    std::shared_ptr<ProcessPool> pool_;
};

/// loop.run_in_executor(pool, f) for what computes, await for what waits.
class AsyncioRun : public PoolRun, public std::enable_shared_from_this<AsyncioRun> {
  public:
    using PoolRun::PoolRun;

    void start() {
        counters_.emplace(blocks_.empty() ? nullptr : blocks_.front());
        payload_ = make_payload_buffer(plan_.largest_payload, scenario_.tasks.size());
        pool_ = make_process_pool(host_, scenario_, speeds_, blocks_, nullptr);
        LoopProgram program;
        program.tasks = scenario_.tasks;
        for (std::size_t i = 0; i < scenario_.tasks.size(); ++i) program.task_indices.push_back(static_cast<int>(i));
        program.overlapping = true;
        program.lane.interpreter = started_workers(scenario_);
        program.context.host = &host_;
        program.context.speeds = &speeds_;
        program.context.counters = &*counters_;
        program.context.check = scenario_.interpreter.eval_check;
        program.context.payload = payload_;
        program.context.offloads = true;
        program.offload = [this](std::size_t task, std::size_t step, std::function<void(Result<TaskOutput>)> done) {
            offload(task, step, std::move(done));
        };
        run_on_loop(host_, std::move(program),
                    [self = shared_from_this()](Result<LoopOutcome> outcome) { self->loop_ended(std::move(outcome)); });
    }

  private:
    void offload(std::size_t task, std::size_t step, std::function<void(Result<TaskOutput>)> done) {
        const Task& called = scenario_.tasks[task];
        auto function = pickled_function(called);
        if (!function) {
            host_.call_after(0, [done = std::move(done), words = function.error().what] {
                done(TaskOutput{0, 0, 0, words});
            });
            return;
        }
        ChildItem item;
        item.task = static_cast<std::uint32_t>(task);
        item.function = std::move(function.value());
        item.first_step = static_cast<std::uint32_t>(step);
        item.step_count = 1;
        // The task's data go with its first job and come back with its last.
        const auto [first, last] = jobs_of(called);
        if (step == first) item.argument_bytes = static_cast<std::uint64_t>(called.argument_bytes);
        if (step == last) item.result_bytes = static_cast<std::uint64_t>(called.result_bytes);
        pool_->submit(
            {item}, [done = std::move(done)](const std::vector<ItemResult>& results) { done(results.front().output); });
    }

    void loop_ended(Result<LoopOutcome> loop) {
        pool_->shut_down([self = shared_from_this(), loop = std::move(loop)](Result<PoolOutcome> outcome) mutable {
            self->pool_.reset();
            if (!loop) return self->done_(loop.error());
            self->run_.outputs = std::move(loop.value().outputs);
            self->received_ = loop.value().received;
            for (std::size_t i = 0; i < self->run_.outputs.size(); ++i) {
                const Task& task = self->scenario_.tasks[i];
                if (!self->run_.outputs[i].error.empty() || jobs_of(task).first < task.steps.size()) continue;
                // None of its steps went to the pool: its data are where they are needed.
                self->run_.outputs[i].bytes = static_cast<std::uint64_t>(task.argument_bytes + task.result_bytes);
            }
            self->finish(std::move(loop.value().lanes), std::move(outcome));
        });
    }

    std::optional<Counters> counters_;
    Bytes payload_;
    std::shared_ptr<ProcessPool> pool_;
};

} // namespace

void run_process_pool(Host& host, const Scenario& scenario, const Speeds& speeds, Blocks blocks,
                      std::function<void(Result<Run>)> done) {
    std::make_shared<MappedRun>(host, scenario, speeds, std::move(blocks), std::move(done))->start();
}

void run_asyncio_with_pool(Host& host, const Scenario& scenario, const Speeds& speeds, Blocks blocks,
                           std::function<void(Result<Run>)> done) {
    std::make_shared<AsyncioRun>(host, scenario, speeds, std::move(blocks), std::move(done))->start();
}

} // namespace gil
