#include "core/measure/process_pool.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <utility>

#include "core/measure/payload.h"
#include "core/measure/pool_worker.h"
#include "core/measure/worker_process.h"
#include "core/scenario/patience.h"
#include "core/scenario/run_plan.h"
#include "core/scenario/task_errors.h"

namespace gil {

namespace {

/// Chunks quicker than this are sent ahead to workers that are still busy, as many as concurrent.futures keeps in its
/// call queue: the way to and fro would else be longer than the work. A longer one is not, because another worker may
/// be free before.
constexpr Nanoseconds quick = 2 * millisecond;

struct Chunk {
    std::vector<ChildItem> items;
    std::function<void(const std::vector<ItemResult>&)> done;
    Nanoseconds sent = 0;
};

struct PoolProcess : WorkerProcess {
    std::deque<Chunk> at_work;   ///< sent and not answered
    Nanoseconds answered_at = 0; ///< when its last chunk's results came
};

class Pool : public ProcessPool, public std::enable_shared_from_this<Pool> {
  public:
    Pool(Host& host, const Scenario& scenario, const Speeds& speeds, std::vector<std::shared_ptr<SharedBlock>> blocks,
         TraceRecorder* parent)
        : host_(host), scenario_(scenario), plan_(plan_of(scenario)), speeds_(speeds), blocks_(std::move(blocks)),
          parent_(parent), payload_(make_payload_buffer(plan_.largest_payload, scenario.tasks.size())),
          most_workers_(static_cast<std::size_t>(plan_.workers)) {
        const BlockSlots& slots = plan_.slots;
        for (std::size_t i = slots.count; i > 0; --i) free_slots_.push_back((i - 1) * slots.bytes);
        workers_.reserve(most_workers_);
    }

    void submit(std::vector<ChildItem> chunk, std::function<void(const std::vector<ItemResult>&)> done) override {
        waiting_.push_back({std::move(chunk), std::move(done), 0});
        ++unfinished_;
        start_workers();
        pump();
    }

    void shut_down(std::function<void(Result<PoolOutcome>)> done) override {
        finished_ = std::move(done);
        close_when_done();
    }

  private:
    void enter(State state) {
        if (parent_ != nullptr) parent_->enter(state, host_.now());
    }

    /// _adjust_process_count of concurrent/futures/process.py.
    void start_workers() {
        if (broken_) return;
        if (scenario_.start_method == StartMethod::fork) {
            while (workers_.size() < most_workers_ && !broken_) start_worker();
        } else if (idle_ > 0) {
            --idle_;
        } else if (workers_.size() < most_workers_) {
            start_worker();
        }
    }

    void start_worker() {
        const std::size_t index = workers_.size();
        workers_.emplace_back();
        ChildOptions options;
        options.method = scenario_.start_method;
        options.patience = patience_with(scenario_);
        options.blocks = blocks_;
        ChildListener listener;
        const std::weak_ptr<Pool> weak = weak_from_this();
        listener.on_message = [weak, index](Bytes message) {
            if (const auto self = weak.lock()) self->hear(index, message);
        };
        listener.on_end = [weak, index](const ProcessEnd& end) {
            if (const auto self = weak.lock()) self->ended(index, end);
        };
        workers_[index].process = host_.start_process(options, std::move(listener));
        ChildJob job;
        job.worker = static_cast<int>(index);
        job.is_pool = true;
        job.says_begun = true;
        job.scenario = scenario_;
        for (std::size_t i = 0; i < scenario_.tasks.size(); ++i) job.task_indices.push_back(static_cast<int>(i));
        job.speeds = speeds_;
        workers_[index].process->send(encode(job));
    }

    void hear(std::size_t index, const Bytes& message) {
        const auto kind = kind_of(message);
        PoolProcess& worker = workers_[index];
        if (broken_) return;
        if (!kind) return refuse(index, kind.error());
        switch (kind.value()) {
        case ChildMessage::begun:
            take_begun(index, message);
            break;
        case ChildMessage::results:
            take_results(index, message);
            break;
        case ChildMessage::put:
            take_queue_data(index, message);
            break;
        case ChildMessage::done:
            worker.times.done_at = host_.now();
            break;
        case ChildMessage::report:
            worker.times.told_at = host_.now();
            worker.told = message;
            break;
        case ChildMessage::error:
            fail(index, decode_error(message));
            break;
        default:
            return refuse(index, {"", "a message that no worker of a pool sends", ""});
        }
        pump();
        close_when_done();
    }

    /// Sends chunks to whoever is free, and some ahead.
    void pump() {
        while (!waiting_.empty() && !broken_) {
            PoolProcess* chosen = free_worker();
            if (chosen == nullptr) chosen = nearly_free_worker();
            if (chosen == nullptr) return;
            give(*chosen);
        }
    }

    PoolProcess* free_worker() {
        for (PoolProcess& worker : workers_) {
            if (worker.has_begun() && worker.at_work.empty()) return &worker;
        }
        return nullptr;
    }

    /// The busy worker with the fewest chunks ahead, among equals the one that has been at it the longest; nullptr when
    /// workers + 1 are ahead.
    PoolProcess* nearly_free_worker() {
        if (last_took_ >= quick) return nullptr;
        std::size_t ahead = 0;
        PoolProcess* chosen = nullptr;
        for (PoolProcess& worker : workers_) {
            if (!worker.has_begun() || worker.at_work.empty()) continue;
            ahead += worker.at_work.size() - 1;
            const auto place = [](const PoolProcess& each) {
                return std::pair(each.at_work.size(), each.at_work.front().sent);
            };
            if (chosen == nullptr || place(worker) < place(*chosen)) chosen = &worker;
        }
        return ahead < most_workers_ + 1 ? chosen : nullptr;
    }

    [[nodiscard]] bool shares_block() const { return blocks_.size() > 1 && blocks_[1]; }

    /// There is one for every task that may be on its way.
    void take_slot(ChildItem& item) {
        item.block_offset = free_slots_.back();
        free_slots_.pop_back();
    }

    void give(PoolProcess& worker) {
        Chunk chunk = std::move(waiting_.front());
        waiting_.pop_front();
        const bool shared = shares_block();
        bool has_data = false;
        std::vector<std::span<const std::uint8_t>> data;
        for (ChildItem& item : chunk.items) {
            const auto size = static_cast<std::int64_t>(item.argument_bytes);
            auto bytes = data_of(payload_, item.task, DataKind::argument, size);
            if (size > 0 && !has_data) enter(State::serialising);
            has_data = has_data || size > 0;
            if (shared) take_slot(item);
            if (shared && size > 0) {
                blocks_[1]->write(static_cast<std::size_t>(item.block_offset), bytes);
                bytes = {};
            }
            serialised_ += bytes.size();
            data.push_back(bytes);
        }
        Bytes message = encode_items(chunk.items, data);
        enter(has_data ? State::serialising : State::running);
        chunk.sent = host_.now();
        worker.at_work.push_back(std::move(chunk));
        worker.process->send(std::move(message));
        enter(State::idle);
    }

    void take_begun(std::size_t index, const Bytes& message) {
        const auto begun = decode_begun(message);
        if (!begun) return refuse(index, begun.error());
        workers_[index].begun_at = begun.value();
    }

    void take_results(std::size_t index, const Bytes& message) {
        PoolProcess& worker = workers_[index];
        auto results = decode_results(message);
        if (!results) return refuse(index, results.error());
        const std::size_t asked = worker.at_work.empty() ? 0 : worker.at_work.front().items.size();
        if (asked == 0 || results.value().results.size() != asked) {
            return refuse(index, {"", "results that were not asked for", ""});
        }
        Chunk chunk = std::move(worker.at_work.front());
        worker.at_work.pop_front();
        const Nanoseconds now = host_.now();
        last_took_ = now - std::max(chunk.sent, worker.answered_at);
        worker.answered_at = now;
        for (std::size_t i = 0; i < results.value().results.size(); ++i) {
            restore(chunk.items[i], results.value().results[i], results.value().data[i]);
            if (shares_block()) free_slots_.push_back(static_cast<std::size_t>(chunk.items[i].block_offset));
        }
        enter(State::idle);
        if (worker.at_work.empty()) ++idle_;
        finish(chunk, results.value().results);
    }

    /// The caller's copy of a result, and whether it is the one that was sent.
    void restore(const ChildItem& item, ItemResult& result, std::span<const std::uint8_t> data) {
        if (result.result_bytes == 0) return;
        enter(State::serialising);
        if (!data.empty()) {
            const Bytes restored(data.begin(), data.end());
            if (is_data_of(restored, item.task, DataKind::result)) result.output.bytes += restored.size();
        } else if (shares_block()) {
            const auto offset = static_cast<std::size_t>(item.block_offset + item.argument_bytes);
            const auto size = static_cast<std::size_t>(result.result_bytes);
            const std::uint64_t first_word = first_word_of(item.task, DataKind::result);
            if (block_holds_payload(*blocks_[1], offset, size, first_word)) result.output.bytes += size;
        }
    }

    void take_queue_data(std::size_t index, const Bytes& message) {
        const auto data = decode_data(message);
        if (!data) return refuse(index, data.error());
        const auto& [task, bytes] = data.value();
        if (is_data_of(bytes, task, DataKind::message)) received_ += bytes.size();
    }

    /// What came cannot be understood, so nothing that this run would say could be believed.
    void refuse(std::size_t index, const Error& error) { fail(index, "sent " + error.line(), false); }

    void finish(const Chunk& chunk, const std::vector<ItemResult>& results) {
        --unfinished_;
        chunk.done(results);
    }

    void ended(std::size_t index, const ProcessEnd& end) {
        PoolProcess& worker = workers_[index];
        worker.times.ended_at = host_.now();
        if (worker.told.empty() || end.lost) {
            if (!broken_) {
                observe_end(end, " of process " + std::to_string(index + 1), deaths_);
            }
            fail(index, end.words.empty() ? "ended without a report" : end.words, !end.lost);
        }
        close_when_done();
    }

    /// The pool breaks: everybody who waits gets told, and the other workers are ended.
    /// `on_purpose`: by what the scenario does, if it does such things.
    void fail(std::size_t index, const std::string& words, bool on_purpose = true) {
        if (broken_) return;
        broken_ = true;
        if (!on_purpose || !plan_.deadly) failure_ = Error{"process " + std::to_string(index + 1), words, {}};
        std::deque<Chunk> lost = std::move(waiting_);
        for (PoolProcess& worker : workers_) {
            for (Chunk& chunk : worker.at_work) lost.push_back(std::move(chunk));
            worker.at_work.clear();
        }
        // Not from inside the callback of one of them.
        host_.call_after(0, [self = shared_from_this()] {
            for (PoolProcess& worker : self->workers_) {
                worker.process.reset();
                if (!worker.has_ended()) worker.times.ended_at = self->host_.now();
            }
            self->all_gone_ = true;
            self->close_when_done();
        });
        for (const Chunk& chunk : lost) {
            std::vector<ItemResult> results;
            for (const ChildItem& item : chunk.items) results.push_back({item.task, {0, 0, 0, broken_pool_error}, 0});
            finish(chunk, results);
        }
    }

    void close_when_done() {
        if (!finished_ || unfinished_ > 0) return;
        if (!std::exchange(stopping_, true)) {
            stopped_at_ = host_.now();
            for (PoolProcess& worker : workers_) {
                if (worker.process) worker.process->send(encode_kind(ChildMessage::stop));
            }
        }
        closed_ = closed_ || close_once_done(workers_);
        const bool gone =
            std::all_of(workers_.begin(), workers_.end(), [](const PoolProcess& worker) { return worker.has_ended(); });
        if (broken_ ? !all_gone_ : !gone) return;
        // The last step, from the loop: whoever called may be a callback of a child that now goes away.
        auto finished = std::move(finished_);
        finished_ = nullptr;
        host_.call_after(0, [self = shared_from_this(), finished = std::move(finished)] { self->hand_over(finished); });
    }

    void take_report(const PoolProcess& worker, int index, PoolOutcome& outcome) {
        const std::string name = "process " + std::to_string(index + 1);
        if (worker.told.empty()) return outcome.lanes.push_back(lane_without_report(worker, name, index));
        auto report = decode_report(worker.told);
        if (!report || report.value().lanes.empty()) {
            failure_ = Error{name, "its report cannot be read", {}};
            return;
        }
        outcome.lanes.push_back(std::move(report.value().lanes.front()));
        outcome.bytes_serialised += report.value().bytes_serialised;
    }

    void hand_over(const std::function<void(Result<PoolOutcome>)>& finished) {
        PoolOutcome outcome{{}, stopped_at_, serialised_, received_, deaths_};
        for (std::size_t i = 0; i < workers_.size(); ++i) {
            workers_[i].process.reset();
            outcome.end = std::max(outcome.end, workers_[i].times.end());
            take_report(workers_[i], static_cast<int>(i), outcome);
        }
        if (failure_) {
            finished(*failure_);
        } else {
            finished(std::move(outcome));
        }
    }

    Host& host_;
    const Scenario& scenario_;
    const RunPlan plan_;
    const Speeds& speeds_;
    std::vector<std::shared_ptr<SharedBlock>> blocks_;
    TraceRecorder* parent_;
    Bytes payload_;
    std::vector<std::size_t> free_slots_; ///< offsets in the shared block
    std::size_t most_workers_;
    std::vector<PoolProcess> workers_;
    std::deque<Chunk> waiting_;
    std::size_t unfinished_ = 0; ///< chunks
    std::size_t idle_ = 0;       ///< workers that have nothing to do and have not been promised anything
    Nanoseconds last_took_ = quick;
    std::uint64_t serialised_ = 0;
    std::uint64_t received_ = 0;
    std::vector<Observation> deaths_;
    bool broken_ = false;
    bool all_gone_ = false;
    bool stopping_ = false;
    bool closed_ = false;
    Nanoseconds stopped_at_ = 0; ///< when nothing was left to do
    std::optional<Error> failure_;
    std::function<void(Result<PoolOutcome>)> finished_;
};

} // namespace

std::shared_ptr<ProcessPool> make_process_pool(Host& host, const Scenario& scenario, const Speeds& speeds,
                                               std::vector<std::shared_ptr<SharedBlock>> blocks,
                                               TraceRecorder* parent) {
    return std::make_shared<Pool>(host, scenario, speeds, std::move(blocks), parent);
}

} // namespace gil
