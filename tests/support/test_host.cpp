#include "tests/support/test_host.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <utility>

#include "core/measure/child_program.h"

namespace gil::test {

TestHost::TestHost() {
    capabilities_.engine = "test host";
    capabilities_.hardware_concurrency = 2;
}

Nanoseconds TestHost::now() const {
    const auto since = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::nanoseconds>(since).count();
}

void TestHost::sleep_for(Nanoseconds duration) {
    std::this_thread::sleep_for(std::chrono::nanoseconds(duration));
}

Result<Nothing> TestHost::wait_for(const Wait& wait, std::uint64_t) {
    sleep_for(wait.duration);
    if (!http_error.empty()) return Error{"http", http_error, {}};
    return Nothing{};
}

void TestHost::call_after(Nanoseconds delay, std::function<void()> then) {
    timers_.push_back({now() + delay, order_++, std::move(then)});
}

void TestHost::wait_async(const Wait& wait, std::uint64_t, std::function<void(Result<Nothing>)> then) {
    call_after(wait.duration, [this, then = std::move(then)] {
        if (http_error.empty()) {
            then(Nothing{});
        } else {
            then(Error{"http", http_error, {}});
        }
    });
}

void TestHost::prepare_threads(int, std::function<void(Result<Nothing>)> then) {
    call_after(0, [then = std::move(then)] { then(Nothing{}); });
}

void TestHost::prepare_processes(StartMethod, int, int, std::function<void(Result<Nothing>)> then) {
    call_after(0, [then = std::move(then)] { then(Nothing{}); });
}

namespace {

/// Shared by all "processes" of a test.
class TestBlock : public SharedBlock {
  public:
    explicit TestBlock(std::size_t bytes) : words_((bytes + 7) / 8), bytes_(bytes) {}
    [[nodiscard]] std::size_t size() const override { return bytes_; }
    [[nodiscard]] std::int64_t load(std::size_t index) const override {
        return __atomic_load_n(&words_[index], __ATOMIC_RELAXED);
    }
    void store(std::size_t index, std::int64_t value) override {
        __atomic_store_n(&words_[index], value, __ATOMIC_RELAXED);
    }
    // Calibrations copy hundreds of MiB: whole pieces, or sanitizers take minutes.
    void read(std::size_t offset, std::span<std::uint8_t> to) const override {
        const std::lock_guard lock(data_mutex_);
        if (!to.empty()) std::memcpy(to.data(), bytes_of_words() + offset, to.size());
    }
    void write(std::size_t offset, std::span<const std::uint8_t> from) override {
        const std::lock_guard lock(data_mutex_);
        if (!from.empty()) std::memcpy(bytes_of_words() + offset, from.data(), from.size());
    }
    void lock() override { mutex_.lock(); }
    [[nodiscard]] bool try_lock() override { return mutex_.try_lock(); }
    void unlock() override { mutex_.unlock(); }

  private:
    [[nodiscard]] std::uint8_t* bytes_of_words() const { return reinterpret_cast<std::uint8_t*>(words_.data()); }
    mutable std::vector<std::int64_t> words_;
    std::size_t bytes_;
    mutable std::mutex data_mutex_; ///< protects what is read and written as bytes, never as words
    std::mutex mutex_;
};

} // namespace

/// A child that is a thread with a host and a loop of its own; both sides talk only in bytes.
class TestChild : public ChildProcess {
  public:
    TestChild(TestHost& parent, const ChildOptions& options, ChildListener listener, bool dies)
        : parent_(parent), listener_(std::make_shared<ChildListener>(std::move(listener))) {
        child_->blocks_ = options.blocks;
        child_->open_lines_ = 1;
        ++parent_.open_lines_;
        thread_ = std::thread([this, dies] { dies ? die() : live(); });
    }
    ~TestChild() override {
        *listener_ = {};
        close();
        thread_.join();
    }
    void send(std::vector<std::uint8_t> message) override {
        if (parent_.to_child) parent_.to_child(message);
        child_->post([this, message = std::move(message)] { program_->receive(message); });
    }
    void close() override {
        if (std::exchange(closed_, true)) return;
        child_->post([this] {
            child_->open_lines_ = 0;
            if (program_) program_->closed();
        });
    }

  private:
    void tell_end(int exit_code) {
        parent_.post([listener = listener_, &parent = parent_, exit_code] {
            --parent.open_lines_;
            ProcessEnd end;
            end.exit_code = exit_code;
            if (exit_code != 0) end.words = "ended with exit code " + std::to_string(exit_code);
            if (listener->on_end) listener->on_end(end);
        });
    }
    void die() { tell_end(3); }
    void live() {
        ChildProgram program(
            *child_,
            [this](Bytes message) {
                if (parent_.from_child) parent_.from_child(message);
                parent_.post([listener = listener_, message] {
                    if (listener->on_message) listener->on_message(message);
                });
            },
            [this] { child_->leaving_ = true; });
        program_ = &program;
        (void)child_->run_loop();
        program_ = nullptr;
        tell_end(0);
    }

    TestHost& parent_;
    std::shared_ptr<ChildListener> listener_;
    std::unique_ptr<TestHost> child_ = std::make_unique<TestHost>();
    ChildProgram* program_ = nullptr; ///< the thread's own
    std::thread thread_;
    bool closed_ = false;
};

std::unique_ptr<ChildProcess> TestHost::start_process(const ChildOptions& options, ChildListener listener) {
    if (!process_error.empty()) {
        class Refused : public ChildProcess {
            void send(std::vector<std::uint8_t>) override {}
            void close() override {}
        };
        call_after(0, [this, listener = std::move(listener)] { listener.on_end({false, 1, process_error}); });
        return std::make_unique<Refused>();
    }
    return std::make_unique<TestChild>(*this, options, std::move(listener), started_++ == dying_process);
}

Result<std::shared_ptr<SharedBlock>> TestHost::create_shared_block(std::size_t bytes) {
    return std::shared_ptr<SharedBlock>(std::make_shared<TestBlock>(bytes));
}

std::shared_ptr<SharedBlock> TestHost::shared_block(std::size_t index) {
    return index < blocks_.size() ? blocks_[index] : nullptr;
}

void TestHost::write_astray() {
    std::abort();
}

void TestHost::post(std::function<void()> then) {
    {
        const std::lock_guard lock(mutex_);
        posted_.push_back(std::move(then));
    }
    arrived_.notify_one();
}

/// Runs one callback of another thread, if there is one.
bool TestHost::take_posted() {
    std::unique_lock lock(mutex_);
    if (posted_.empty()) return false;
    auto then = std::move(posted_.front());
    posted_.pop_front();
    lock.unlock();
    then();
    return true;
}

bool TestHost::run_loop(Nanoseconds limit) {
    const Nanoseconds until = now() + limit;
    while (!leaving_) {
        if (take_posted()) continue;
        const auto first = std::min_element(timers_.begin(), timers_.end(), [](const Timer& a, const Timer& b) {
            return a.due != b.due ? a.due < b.due : a.order < b.order;
        });
        if (first == timers_.end() && open_lines_ <= 0) return true;
        const Nanoseconds due = first == timers_.end() ? now() + 100 * millisecond : first->due;
        if (now() > until) return false;
        if (due > now()) {
            std::unique_lock lock(mutex_);
            arrived_.wait_for(lock, std::chrono::nanoseconds(due - now()), [this] { return !posted_.empty(); });
            continue;
        }
        auto then = std::move(first->then);
        timers_.erase(first);
        then();
    }
    return true;
}

Speeds test_speeds(double turns_per_ms) {
    Speeds speeds;
    for (KernelSpeed& speed : speeds.kernels) speed.ns_per_turn = 1e6 / turns_per_ms;
    return speeds;
}

Scenario test_scenario(ExecutionModel model, int workers, int count, std::vector<Step> steps) {
    Scenario scenario;
    scenario.model = model;
    scenario.workers = workers;
    const SharedList<Step> shared(std::move(steps));
    for (int i = 0; i < count; ++i) scenario.tasks.push_back({"task " + std::to_string(i + 1), shared});
    return scenario;
}

} // namespace gil::test
