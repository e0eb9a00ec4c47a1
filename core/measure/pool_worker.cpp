#include "core/measure/pool_worker.h"

#include <algorithm>
#include <array>
#include <deque>

#include "core/base/text.h"
#include "core/measure/functions.h"
#include "core/scenario/run_plan.h"

namespace gil {

namespace {

class Worker : public PoolWorker, public std::enable_shared_from_this<Worker> {
  public:
    Worker(Host& host, const ChildJob& job, Nanoseconds begin, std::function<void(Bytes)> send,
           std::function<void(Result<ChildReport>)> finish)
        : host_(host), job_(job), plan_(plan_of(job.scenario)), send_(std::move(send)), finish_(std::move(finish)),
          counters_(host.shared_block(0)), recorder_(lane_of(job), begin, State::idle) {
        context_.host = &host_;
        context_.speeds = &job_.speeds;
        context_.counters = &counters_;
        context_.check = job_.scenario.interpreter.eval_check;
        context_.put = [this](std::size_t task, std::span<const std::uint8_t> data) {
            send_(encode_data(ChildMessage::put, static_cast<std::uint32_t>(task), data));
        };
        cpu_before_ = host.thread_cpu_time();
    }

    void receive(Bytes message) override {
        messages_.push_back(std::move(message));
        if (!busy_) next_message();
    }

    void close() override {
        closed_ = true;
        if (!busy_) leave();
    }

  private:
    static Lane lane_of(const ChildJob& job) {
        Lane lane;
        lane.name = "process " + std::to_string(job.worker + 1);
        lane.interpreter = job.worker;
        return lane;
    }

    void enter(State state, ReleaseCause cause = ReleaseCause::none) { recorder_.enter(state, host_.now(), cause); }

    void next_message() {
        while (!messages_.empty()) {
            const Bytes message = std::move(messages_.front());
            messages_.pop_front();
            if (message.size() > 512) enter(State::serialising);
            auto items = decode_items(message);
            if (!items) return give_up(items.error());
            if (auto fits = check(items.value().items); !fits) return give_up(fits.error());
            make_data();
            items_ = std::move(items.value().items);
            restore(items.value().data);
            busy_ = true;
            item_ = 0;
            begin_item();
            if (busy_) return; // a task waits
        }
        if (closed_ && !busy_) leave();
    }

    [[nodiscard]] Result<Nothing> check(const std::vector<ChildItem>& items) const {
        const auto most = static_cast<std::uint64_t>(plan_.largest_payload);
        for (const ChildItem& item : items) {
            if (item.task >= job_.scenario.tasks.size()) return Error{"items", "there is no such task", ""};
            if (item.result_bytes > most) return Error{"items", "more is to be returned than any task returns", ""};
        }
        return Nothing{};
    }

    void give_up(const Error& error) {
        if (std::exchange(left_, true)) return;
        finish_(error);
    }

    /// What its tasks return and send is part of the first one's work.
    void make_data() {
        if (has_data_) return;
        has_data_ = true;
        if (plan_.largest_payload > 0) enter(State::serialising);
        payload_ = make_payload_buffer(plan_.largest_payload, job_.scenario.tasks.size());
        context_.payload = payload_;
    }

    /// Restoring an argument is its copy out of the message.
    void restore(const std::vector<std::span<const std::uint8_t>>& data) {
        results_.clear();
        for (std::size_t i = 0; i < items_.size(); ++i) {
            ItemResult result;
            result.task = items_[i].task;
            if (!data[i].empty()) {
                const Bytes restored(data[i].begin(), data[i].end());
                if (is_data_of(restored, items_[i].task, DataKind::argument)) result.output.bytes = restored.size();
            } else if (items_[i].argument_bytes > 0) {
                enter(State::serialising);
                result.output.bytes = read_block(items_[i]);
            }
            results_.push_back(std::move(result));
        }
    }

    std::uint64_t read_block(const ChildItem& item) {
        const auto block = host_.shared_block(1);
        if (!block) return 0;
        const auto size = static_cast<std::size_t>(item.argument_bytes);
        const std::uint64_t first_word = first_word_of(item.task, DataKind::argument);
        return block_holds_payload(*block, static_cast<std::size_t>(item.block_offset), size, first_word) ? size : 0;
    }

    void begin_item() {
        while (item_ < items_.size()) {
            const ChildItem& item = items_[item_];
            const Function* const function = find_function(item.function);
            if (function == nullptr) {
                results_[item_++].output.error = "AttributeError: there is no " + printable(item.function);
                continue;
            }
            recorder_.set_task(job_.task_indices[item.task]);
            context_.task = item.task;
            enter(State::running);
            progress_.emplace(function->call(job_.scenario.tasks[item.task], item.first_step, item.step_count));
            if (!go_on()) return; // it waits
        }
        answer();
    }

    /// True when the item is done.
    bool go_on() {
        using Kind = TaskProgress::Pause::Kind;
        for (;;) {
            // One thread alone: its locks are always free.
            const auto pause = progress_->advance(context_, recorder_, results_[item_].output, [](int) {});
            if (pause.kind == Kind::wants_lock) continue;
            if (pause.kind == Kind::waits) {
                wait(pause.wait);
                return false;
            }
            ++item_;
            return true;
        }
    }

    void wait(const Wait& wait) {
        enter(State::waiting_for_io, ReleaseCause::blocking_call);
        const auto resume = [self = shared_from_this()] {
            self->enter(State::running);
            if (!self->go_on()) return;
            self->begin_item();
            if (!self->busy_) self->next_message();
        };
        if (wait.kind == WaitKind::sleep) {
            host_.call_after(wait.duration, resume);
            return;
        }
        host_.wait_async(wait, operations_for(wait, job_.speeds),
                         [self = shared_from_this(), resume](Result<Nothing> answer) {
                             if (!answer) self->results_[self->item_].output.error = answer.error().line();
                             resume();
                         });
    }

    void answer() {
        std::vector<std::span<const std::uint8_t>> data;
        bool has_data = false;
        for (std::size_t i = 0; i < items_.size(); ++i) {
            ItemResult& result = results_[i];
            const auto size = result.output.error.empty() ? static_cast<std::int64_t>(items_[i].result_bytes) : 0;
            result.result_bytes = static_cast<std::uint64_t>(size);
            has_data = has_data || size > 0;
            auto bytes = data_of(payload_, items_[i].task, DataKind::result, size);
            if (size > 0 && job_.scenario.transport == Transport::shared_memory) {
                enter(State::serialising);
                if (const auto block = host_.shared_block(1)) {
                    block->write(static_cast<std::size_t>(items_[i].block_offset) +
                                     static_cast<std::size_t>(items_[i].argument_bytes),
                                 bytes);
                }
                bytes = {};
            }
            serialised_ += bytes.size();
            data.push_back(bytes);
        }
        if (has_data) enter(State::serialising);
        send_(encode_results(results_, data));
        recorder_.set_task(-1);
        enter(State::idle, ReleaseCause::blocking_call);
        busy_ = false;
    }

    void leave() {
        if (left_) return;
        left_ = true;
        const auto cpu_after = host_.thread_cpu_time();
        if (cpu_before_ && cpu_after) recorder_.add_cpu(*cpu_after - *cpu_before_);
        ChildReport report;
        report.lanes.push_back(recorder_.finish(host_.now()));
        report.bytes_serialised = serialised_;
        finish_(std::move(report));
    }

    Host& host_;
    ChildJob job_;
    const RunPlan plan_;
    std::function<void(Bytes)> send_;
    std::function<void(Result<ChildReport>)> finish_;
    Counters counters_;
    Bytes payload_;
    TraceRecorder recorder_;
    TaskContext context_;
    std::optional<Nanoseconds> cpu_before_;
    std::uint64_t serialised_ = 0;

    std::deque<Bytes> messages_;
    std::vector<ChildItem> items_; ///< of the message under way
    std::vector<ItemResult> results_;
    std::size_t item_ = 0;
    std::optional<TaskProgress> progress_;
    bool has_data_ = false;
    bool busy_ = false;
    bool closed_ = false;
    bool left_ = false;
};

} // namespace

std::shared_ptr<PoolWorker> make_pool_worker(Host& host, const ChildJob& job, Nanoseconds begin,
                                             std::function<void(Bytes)> send,
                                             std::function<void(Result<ChildReport>)> finish) {
    return std::make_shared<Worker>(host, job, begin, std::move(send), std::move(finish));
}

bool block_holds_payload(const SharedBlock& block, std::size_t offset, std::size_t size, std::uint64_t first_word) {
    // In pieces that stay in the cache, and whole words each.
    constexpr std::size_t piece = 64 << 10;
    std::array<std::uint8_t, piece> bytes;
    for (std::size_t at = 0; at < size; at += piece) {
        const std::span<std::uint8_t> part(bytes.data(), std::min(piece, size - at));
        block.read(offset + at, part);
        if (!is_payload(part, first_word + at / 8)) return false;
    }
    return true;
}

} // namespace gil
