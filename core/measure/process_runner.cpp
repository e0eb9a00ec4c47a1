#include "core/measure/process_runner.h"

#include <algorithm>
#include <optional>

#include "core/measure/counters.h"
#include "core/measure/functions.h"
#include "core/measure/payload.h"
#include "core/measure/worker_process.h"
#include "core/scenario/patience.h"
#include "core/scenario/run_plan.h"
#include "core/scenario/task_errors.h"
#include "core/trace/trace_recorder.h"

namespace gil {

namespace {

struct Child : WorkerProcess {
    ChildJob job;
    std::string name; ///< "process 2"
    std::optional<ChildReport> report;
    std::optional<ProcessEnd> end;
    std::string error; ///< what it said instead of a report
};

/// Starts all children at once, feeds them, joins them.
class ProcessRun : public std::enable_shared_from_this<ProcessRun> {
  public:
    ProcessRun(Host& host, const Scenario& scenario, const Speeds& speeds, std::shared_ptr<SharedBlock> block,
               std::function<void(Result<Run>)> done)
        : host_(host), scenario_(scenario), plan_(plan_of(scenario)), speeds_(speeds), block_(std::move(block)),
          done_(std::move(done)), payload_(make_payload_buffer(plan_.largest_payload, scenario.tasks.size())) {}

    /// `outputs`: of tasks that no child was given.
    void start(std::vector<Child> children, std::vector<TaskOutput> outputs) {
        children_ = std::move(children);
        outputs_ = std::move(outputs);
        begin_ = host_.now();
        for (std::size_t i = 0; i < children_.size(); ++i) start_child(i);
    }

  private:
    [[nodiscard]] bool inherits_arguments() const { return scenario_.start_method == StartMethod::fork; }

    void start_child(std::size_t index) {
        Child& child = children_[index];
        ChildOptions options;
        options.method = scenario_.start_method;
        options.threads = plan_.threads_in_process;
        options.patience = patience_with(scenario_);
        if (block_) options.blocks.push_back(block_);
        ChildListener listener;
        listener.on_message = [self = shared_from_this(), index](Bytes message) { self->hear(index, message); };
        listener.on_end = [self = shared_from_this(), index](const ProcessEnd& end) { self->ended(index, end); };
        child.process = host_.start_process(options, std::move(listener));
        child.process->send(encode(child.job));
        for (std::size_t task = 0; task < child.job.scenario.tasks.size(); ++task) {
            const std::int64_t size = child.job.scenario.tasks[task].argument_bytes;
            if (size <= 0 || inherits_arguments()) continue;
            const auto number = static_cast<std::uint32_t>(child.job.task_indices[task]);
            const auto data = data_of(payload_, number, DataKind::argument, size);
            child.process->send(encode_data(ChildMessage::argument, number, data));
            serialised_ += data.size();
        }
        child.process->send(encode_kind(ChildMessage::start));
    }

    void hear(std::size_t index, const Bytes& message) {
        Child& child = children_[index];
        const auto kind = kind_of(message);
        if (!kind) return refuse(child, kind.error());
        switch (kind.value()) {
        case ChildMessage::begun:
            take_begun(child, message);
            break;
        case ChildMessage::result:
            take_data(child, message, DataKind::result);
            break;
        case ChildMessage::put:
            take_data(child, message, DataKind::message);
            break;
        case ChildMessage::done:
            child.times.done_at = host_.now();
            close_when_done();
            break;
        case ChildMessage::report:
            child.times.told_at = host_.now();
            child.told = message;
            break;
        case ChildMessage::error:
            child.error = decode_error(message);
            break;
        default:
            refuse(child, {"", "a message that only a parent sends", ""});
        }
    }

    /// What came cannot be understood, so nothing that this run would say could be believed.
    void refuse(Child& child, const Error& error) {
        child.error = "sent " + error.line();
        finish_soon();
    }

    void take_begun(Child& child, const Bytes& message) {
        const auto begun = decode_begun(message);
        if (!begun) return refuse(child, begun.error());
        child.begun_at = begun.value();
    }

    /// The caller's copy of what was sent, and whether it is that.
    void take_data(Child& child, const Bytes& message, DataKind kind) {
        const auto data = decode_data(message);
        if (!data) return refuse(child, data.error());
        const std::size_t task = data.value().task;
        if (task >= scenario_.tasks.size()) return refuse(child, {"", "data of a task that there is not", ""});
        const Bytes restored(data.value().bytes.begin(), data.value().bytes.end());
        serialised_ += restored.size();
        if (!is_data_of(restored, task, kind)) return;
        if (kind == DataKind::message) {
            received_ += restored.size();
        } else {
            results_.resize(scenario_.tasks.size());
            results_[task] += restored.size();
        }
    }

    void ended(std::size_t index, const ProcessEnd& end) {
        children_[index].end = end;
        children_[index].times.ended_at = host_.now();
        close_when_done();
        const bool all = std::all_of(children_.begin(), children_.end(), [](const Child& child) { return child.end; });
        if (all || is_failure(children_[index])) finish_soon();
    }

    /// From the loop: whoever calls is called by a child, which goes away there.
    void finish_soon() {
        if (std::exchange(finished_, true)) return;
        host_.call_after(0, [self = shared_from_this()] { self->finish(); });
    }

    void close_when_done() { closed_ = closed_ || close_once_done(children_); }

    /// An end that the scenario did not ask for; the others are then not waited for.
    [[nodiscard]] bool is_failure(const Child& child) const {
        if (!child.error.empty()) return true;
        if (!child.end) return false;
        return !child.end->started || child.end->lost || (child.told.empty() && !plan_.deadly);
    }

    void finish() {
        for (Child& child : children_) {
            child.process.reset();
            read_report(child);
        }
        for (const Child& child : children_) {
            if (!is_failure(child)) continue;
            std::string words = child.error;
            if (words.empty()) words = child.end->clean() ? "ended without an answer" : child.end->words;
            return done_(Error{child.name, std::move(words), {}});
        }
        done_(assemble());
    }

    static void read_report(Child& child) {
        if (child.told.empty()) return;
        auto report = decode_report(child.told);
        if (report) child.report = std::move(report.value());
        if (!report) child.error = report.error().line();
    }

    Run assemble() {
        Run run;
        run.origin = Origin::measured;
        Nanoseconds end = begin_;
        for (const Child& child : children_) end = std::max(end, child.times.end());
        run.trace.end = end - begin_;
        run.trace.bytes_serialised = serialised_;
        run.outputs = std::move(outputs_);
        for (Child& child : children_) {
            take_outputs(child, run);
            take_lanes(child, run);
        }
        observe_run(run);
        return run;
    }

    void take_outputs(const Child& child, Run& run) const {
        for (std::size_t i = 0; i < child.job.task_indices.size(); ++i) {
            const auto index = static_cast<std::size_t>(child.job.task_indices[i]);
            TaskOutput& output = run.outputs[index];
            if (child.report && i < child.report->outputs.size()) {
                output = child.report->outputs[i];
            } else {
                output.error = child.name + " " + child.end->words;
            }
            if (!output.error.empty()) continue;
            if (inherits_arguments()) output.bytes += static_cast<std::uint64_t>(scenario_.tasks[index].argument_bytes);
            if (index < results_.size()) output.bytes += results_[index];
        }
    }

    void take_lanes(Child& child, Run& run) const {
        std::vector<Lane> lanes;
        if (child.report) lanes = std::move(child.report->lanes);
        if (lanes.empty()) lanes.push_back(lane_without_report(child, child.name, child.job.worker));
        for (Lane& lane : lanes) {
            // A whole run counts from its own start.
            make_relative(lane, child.job.whole_run ? begin_ - child.begun_at : begin_);
            fit_lane(lane, run.trace.end);
            run.trace.lanes.push_back(std::move(lane));
        }
    }

    void observe_run(Run& run) const {
        for (const Child& child : children_) {
            if (child.report) {
                run.observations.insert(run.observations.end(), child.report->observations.begin(),
                                        child.report->observations.end());
            }
        }
        if (block_) {
            const Counters counters(block_);
            for (Observation& each : observe(scenario_, counters)) {
                if (each.name != "counter") run.observations.push_back(std::move(each));
            }
        }
        if (!children_.front().job.whole_run) observe_queue(scenario_, received_, run.observations);
        observe_ends(run);
    }

    void observe_ends(Run& run) const {
        if (!plan_.failures) return;
        for (const Child& child : children_) {
            ProcessEnd end = *child.end;
            if (end.exit_code == 0 && raised(child)) end.exit_code = 1;
            observe_end(end, child.job.whole_run ? "" : " of " + child.name, run.observations);
        }
        run.observations.push_back(survivors_of(run.outputs));
    }

    /// A bare process that ends by an exception says 1 (multiprocessing/process.py).
    [[nodiscard]] static bool raised(const Child& child) {
        if (!child.report || child.job.whole_run) return false;
        const auto is_raised = [](const TaskOutput& output) { return output.error == exception_error; };
        return std::ranges::any_of(child.report->outputs, is_raised);
    }

    Host& host_;
    Scenario scenario_;
    const RunPlan plan_;
    Speeds speeds_;
    std::shared_ptr<SharedBlock> block_;
    std::function<void(Result<Run>)> done_;
    Bytes payload_;
    std::vector<Child> children_;
    std::vector<TaskOutput> outputs_;
    std::vector<std::uint64_t> results_; ///< bytes of results that arrived, by task
    std::uint64_t serialised_ = 0;
    std::uint64_t received_ = 0;
    Nanoseconds begin_ = 0;
    bool closed_ = false;
    bool finished_ = false;
};

/// The error of a task whose function cannot be sent becomes its output, and no child gets it.
void give_tasks(const Scenario& scenario, const RunPlan& plan, ChildJob& job, std::vector<TaskOutput>& outputs) {
    for (const int number : tasks_of_worker(scenario, job.worker)) {
        const Task& task = scenario.tasks[static_cast<std::size_t>(number)];
        if (const auto function = pickled_function(task); plan.names && !function) {
            outputs[static_cast<std::size_t>(number)].error = function.error().what;
            continue;
        }
        job.task_indices.push_back(number);
        job.scenario.tasks.push_back(task);
    }
}

std::vector<Child> make_children(const Scenario& scenario, const Speeds& speeds, std::vector<TaskOutput>& outputs) {
    std::vector<Child> children;
    const RunPlan plan = plan_of(scenario);
    for (int worker = 0; worker < plan.workers; ++worker) {
        Child child;
        child.name = "process " + std::to_string(worker + 1);
        child.job.worker = worker;
        child.job.says_begun = plan.deadly;
        child.job.speeds = speeds;
        child.job.scenario = scenario;
        child.job.scenario.model =
            scenario.model == ExecutionModel::hybrid ? ExecutionModel::threads : ExecutionModel::sequential;
        child.job.scenario.workers = scenario.threads_per_process;
        child.job.scenario.tasks.clear();
        give_tasks(scenario, plan, child.job, outputs);
        children.push_back(std::move(child));
    }
    return children;
}

} // namespace

void run_processes(Host& host, const Scenario& scenario, const Speeds& speeds, std::shared_ptr<SharedBlock> block,
                   std::function<void(Result<Run>)> done) {
    std::vector<TaskOutput> outputs(scenario.tasks.size());
    auto children = make_children(scenario, speeds, outputs);
    std::make_shared<ProcessRun>(host, scenario, speeds, std::move(block), std::move(done))
        ->start(std::move(children), std::move(outputs));
}

void run_in_child(Host& host, const Scenario& scenario, const Speeds& speeds, std::function<void(Result<Run>)> done) {
    Child child;
    child.name = "the program";
    child.job.says_begun = true;
    child.job.whole_run = true;
    child.job.scenario = scenario;
    child.job.speeds = speeds;
    for (std::size_t i = 0; i < scenario.tasks.size(); ++i) child.job.task_indices.push_back(static_cast<int>(i));
    std::vector<Child> children;
    children.push_back(std::move(child));
    std::make_shared<ProcessRun>(host, scenario, speeds, nullptr, std::move(done))
        ->start(std::move(children), std::vector<TaskOutput>(scenario.tasks.size()));
}

} // namespace gil
