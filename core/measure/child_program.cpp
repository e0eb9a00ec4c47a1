#include "core/measure/child_program.h"

#include <algorithm>
#include <deque>
#include <optional>

#include "core/measure/loop_runner.h"
#include "core/measure/payload.h"
#include "core/measure/pool_worker.h"
#include "core/measure/run_in_process.h"
#include "core/measure/thread_runner.h"
#include "core/scenario/run_plan.h"

namespace gil {

class ChildProgram::Impl : public std::enable_shared_from_this<Impl> {
  public:
    Impl(Host& host, std::function<void(Bytes)> send, std::function<void()> leave)
        : host_(host), send_(std::move(send)), leave_(std::move(leave)) {}

    void receive(Bytes message) {
        if (left_ || report_) return;
        const auto kind = kind_of(message);
        if (!kind) return give_up(kind.error().line());
        switch (kind.value()) {
        case ChildMessage::job:
            take_job(message);
            break;
        case ChildMessage::argument:
            take_argument(message);
            break;
        case ChildMessage::start:
            start();
            break;
        case ChildMessage::items:
            if (pool_) pool_->receive(std::move(message));
            break;
        case ChildMessage::stop:
            if (pool_) pool_->close();
            break;
        default:
            give_up("a message that only a child sends");
        }
    }

    void closed() {
        if (left_) return;
        closed_ = true;
        if (!job_) return give_up("no job came");
        if (report_) return tell();
        if (pool_) return pool_->close();
        if (!started_) give_up("no word came to start");
    }

  private:
    void give_up(const std::string& words) {
        if (left_) return;
        left_ = true;
        send_(encode_error(words));
        leave_();
    }

    /// The report stays here until the parent wants it.
    void finish(ChildReport report) {
        report_ = std::move(report);
        if (closed_) return tell();
        send_(encode_kind(ChildMessage::done));
    }

    void tell() {
        left_ = true;
        send_(encode(*report_));
        leave_();
    }

    void take_job(const Bytes& message) {
        auto job = decode_job(message);
        if (!job) return give_up(job.error().line());
        if (job_) return give_up("a second job");
        job_ = std::move(job.value());
        begin_ = host_.now();
        if (job_->says_begun) send_(encode_begun(begin_));
        if (job_->is_pool) {
            // Weak: the worker is ours, and a worker that ends early would keep both of us for ever.
            pool_ =
                make_pool_worker(host_, *job_, begin_, send_, [weak = weak_from_this()](Result<ChildReport> report) {
                    const auto self = weak.lock();
                    if (self && report) self->finish(std::move(report.value()));
                    if (self && !report) self->give_up(report.error().line());
                });
        }
    }

    /// Restoring an argument is this copy out of the message; its task counts what arrived as it was.
    void take_argument(const Bytes& message) {
        const auto data = decode_data(message);
        if (!data) return give_up(data.error().line());
        const auto at = job_ ? std::ranges::find(job_->task_indices, static_cast<int>(data.value().task))
                             : std::vector<int>::iterator();
        if (!job_ || at == job_->task_indices.end()) return give_up("an argument for no task");
        const Nanoseconds from = host_.now();
        const Bytes restored(data.value().bytes.begin(), data.value().bytes.end());
        arguments_.resize(job_->task_indices.size());
        const auto index = static_cast<std::size_t>(at - job_->task_indices.begin());
        if (is_data_of(restored, data.value().task, DataKind::argument)) arguments_[index] += restored.size();
        restoring_.push_back({from, host_.now()});
    }

    /// Arguments are part of a call, so a job starts after all of them.
    void start() {
        if (!job_) return give_up("no job came");
        if (started_ || job_->is_pool) return;
        started_ = true;
        if (job_->whole_run) return run_whole();
        if (job_->scenario.model == ExecutionModel::threads) return run_threads_of_job();
        run_loop();
    }

    void run_whole() {
        measure_in_process(host_, job_->scenario, job_->speeds, [self = shared_from_this()](Result<Run> run) {
            if (!run) return self->give_up(run.error().line());
            Run& done = run.value();
            self->finish({std::move(done.trace.lanes), std::move(done.outputs), std::move(done.observations),
                          done.trace.end, done.trace.bytes_serialised});
        });
    }

    void run_threads_of_job() {
        ThreadNames names{"process " + std::to_string(job_->worker + 1) + ", thread ", job_->worker,
                          job_->task_indices};
        std::vector<QueueItem> queue;
        auto run = run_threads(host_, job_->scenario, job_->speeds, host_.shared_block(0), names, &queue);
        if (!run) return give_up(run.error().line());
        send_queue(queue);
        ChildReport report;
        report.outputs = std::move(run.value().outputs);
        report.lanes = std::move(run.value().trace.lanes);
        // Back to the clock that parent and child share.
        const Nanoseconds start = host_.now() - run.value().trace.end;
        for (Lane& lane : report.lanes) make_relative(lane, -start);
        finish(std::move(report));
    }

    /// What threads put into a queue only waits there; their process sends it (multiprocessing/queues.py, _feed).
    void send_queue(const std::vector<QueueItem>& queue) {
        make_data();
        for (const QueueItem& item : queue) {
            const int number = job_->task_indices[static_cast<std::size_t>(item.task)];
            put(static_cast<std::size_t>(number),
                data_of(payload_, static_cast<std::size_t>(number), DataKind::message, item.bytes));
        }
    }

    void put(std::size_t task, std::span<const std::uint8_t> data) {
        send_(encode_data(ChildMessage::put, static_cast<std::uint32_t>(task), data));
    }

    /// For all numbers that its tasks have in the whole run.
    void make_data() {
        const auto& numbers = job_->task_indices;
        const int most = numbers.empty() ? -1 : *std::ranges::max_element(numbers);
        payload_ = make_payload_buffer(plan_of(job_->scenario).largest_payload, static_cast<std::size_t>(most + 1));
    }

    void run_loop() {
        LoopProgram program;
        program.tasks = job_->scenario.tasks;
        program.task_indices = job_->task_indices;
        program.lane.name = "process " + std::to_string(job_->worker + 1);
        program.lane.interpreter = job_->worker;
        counters_.emplace(host_.shared_block(0));
        make_data();
        program.context.host = &host_;
        program.context.speeds = &job_->speeds;
        program.context.counters = &*counters_;
        program.context.check = job_->scenario.interpreter.eval_check;
        program.context.payload = payload_;
        program.context.put = [this](std::size_t task, std::span<const std::uint8_t> data) { put(task, data); };
        run_on_loop(host_, std::move(program), [self = shared_from_this()](Result<LoopOutcome> outcome) {
            if (!outcome) return self->give_up(outcome.error().line());
            self->report_loop(std::move(outcome.value()));
        });
    }

    void report_loop(LoopOutcome outcome) {
        ChildReport report;
        report.lanes = std::move(outcome.lanes);
        report.outputs = std::move(outcome.outputs);
        for (std::size_t i = 0; i < arguments_.size(); ++i) report.outputs[i].bytes += arguments_[i];
        prepend_restoring(report.lanes.front());
        send_results(report);
        finish(std::move(report));
    }

    /// What the tasks return goes to the parent, serialised.
    void send_results(ChildReport& report) {
        const Nanoseconds from = host_.now();
        bool any = false;
        for (std::size_t i = 0; i < job_->scenario.tasks.size(); ++i) {
            const std::int64_t size = job_->scenario.tasks[i].result_bytes;
            if (size <= 0 || !report.outputs[i].error.empty()) continue;
            any = true;
            const auto number = static_cast<std::size_t>(job_->task_indices[i]);
            const auto data = data_of(payload_, number, DataKind::result, size);
            send_(encode_data(ChildMessage::result, static_cast<std::uint32_t>(number), data));
        }
        auto& intervals = report.lanes.front().intervals;
        if (!any) return;
        intervals.back().end = std::max(intervals.back().begin, from);
        intervals.push_back({intervals.back().end, host_.now(), State::serialising, ReleaseCause::none, -1});
    }

    /// Before the program ran, its arguments were restored.
    void prepend_restoring(Lane& lane) {
        if (restoring_.empty()) return;
        const Nanoseconds start = lane.intervals.empty() ? host_.now() : lane.intervals.front().begin;
        lane.intervals.insert(lane.intervals.begin(), {std::min(restoring_.front().first, start), start,
                                                       State::serialising, ReleaseCause::none, -1});
    }

    Host& host_;
    std::function<void(Bytes)> send_;
    std::function<void()> leave_;
    std::optional<ChildJob> job_;
    std::shared_ptr<PoolWorker> pool_;
    std::optional<Counters> counters_;
    Bytes payload_;
    std::vector<std::uint64_t> arguments_; ///< bytes that arrived as they were, by task
    std::vector<std::pair<Nanoseconds, Nanoseconds>> restoring_;
    Nanoseconds begin_ = 0;
    std::optional<ChildReport> report_; ///< the work is done
    bool started_ = false;
    bool closed_ = false;
    bool left_ = false;
};

ChildProgram::ChildProgram(Host& host, std::function<void(Bytes)> send, std::function<void()> leave)
    : impl_(std::make_shared<Impl>(host, std::move(send), std::move(leave))) {}

ChildProgram::~ChildProgram() = default;

void ChildProgram::receive(Bytes message) {
    impl_->receive(std::move(message));
}

void ChildProgram::closed() {
    impl_->closed();
}

} // namespace gil
