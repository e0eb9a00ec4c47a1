#include "core/measure/pool_runner.h"

#include "core/measure/counters.h"
#include "core/measure/loop_runner.h"
#include "core/measure/payload.h"
#include "core/measure/process_pool.h"
#include "core/scenario/run_plan.h"
#include "core/scenario/task_errors.h"
#include "core/trace/trace_recorder.h"

namespace gil {

namespace {

/// A chunk with more data than this is cut, so that it stays one message.
constexpr std::int64_t most_chunk_bytes = 32 << 20;

using Blocks = std::vector<std::shared_ptr<SharedBlock>>;

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
            if (scenario_.tasks[i].is_lambda) {
                // Pickled by name, and it has none: this future fails, the pool goes on.
                run_.outputs[i].error = lambda_error;
                continue;
            }
            chunk.push_back({static_cast<std::uint32_t>(i), 0, 0, 0});
            bytes += std::max(scenario_.tasks[i].argument_bytes, scenario_.tasks[i].result_bytes);
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
        payload_ = make_payload(plan_.largest_payload, 0);
        pool_ = make_process_pool(host_, scenario_, speeds_, blocks_, nullptr);
        LoopProgram program;
        program.tasks = scenario_.tasks;
        for (std::size_t i = 0; i < scenario_.tasks.size(); ++i) program.task_indices.push_back(static_cast<int>(i));
        program.overlapping = true;
        program.lane.interpreter = started_workers(scenario_);
        program.context = {&host_, &speeds_, &*counters_, scenario_.interpreter.eval_check, payload_, {}, 0, true};
        program.offload = [this](std::size_t task, std::size_t step, std::function<void(Result<TaskOutput>)> done) {
            offload(task, step, std::move(done));
        };
        run_on_loop(host_, std::move(program),
                    [self = shared_from_this()](Result<LoopOutcome> outcome) { self->loop_ended(std::move(outcome)); });
    }

  private:
    void offload(std::size_t task, std::size_t step, std::function<void(Result<TaskOutput>)> done) {
        if (scenario_.tasks[task].is_lambda) {
            host_.call_after(0, [done = std::move(done)] { done(TaskOutput{0, 0, 0, lambda_error}); });
            return;
        }
        const ChildItem item{static_cast<std::uint32_t>(task), static_cast<std::uint32_t>(step), 1, 0};
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
                if (!self->run_.outputs[i].error.empty()) continue;
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
