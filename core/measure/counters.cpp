#include "core/measure/counters.h"

namespace gil {

namespace {

constexpr std::size_t value_word = 0;
constexpr std::size_t array_word = 1;

std::size_t word_of(Counter counter) {
    return counter == Counter::value ? value_word : array_word;
}

template<class Use>
void for_each_increment(const Scenario& scenario, Use use) {
    for (const Task& task : scenario.tasks) {
        for (const Step& step : task.steps) {
            if (const auto* increment = std::get_if<Increment>(&step)) use(*increment);
        }
    }
}

} // namespace

std::int64_t Counters::load(Counter counter) const {
    if (counter == Counter::variable) return variable_.load(std::memory_order_relaxed);
    return block_->load(word_of(counter));
}

void Counters::store(Counter counter, std::int64_t value) {
    if (counter == Counter::variable) {
        variable_.store(value, std::memory_order_relaxed);
    } else {
        block_->store(word_of(counter), value);
    }
}

void Counters::lock(Counter counter) {
    counter == Counter::variable ? mutex_.lock() : block_->lock();
}

bool Counters::try_lock(Counter counter) {
    return counter == Counter::variable ? mutex_.try_lock() : block_->try_lock();
}

void Counters::unlock(Counter counter) {
    counter == Counter::variable ? mutex_.unlock() : block_->unlock();
}

void fill_counter_block(SharedBlock& block) {
    for (std::size_t i = 0; i < std::size(array_start); ++i) block.store(array_word + i, array_start[i]);
}

std::vector<Observation> observe(const Scenario& scenario, const Counters& counters) {
    constexpr std::string_view names[] = {"counter", "value", "array"};
    constexpr std::int64_t starts[] = {0, 0, array_start[0]};
    bool used[3] = {};
    std::int64_t sums[3] = {};
    for_each_increment(scenario, [&](const Increment& step) {
        const auto index = static_cast<std::size_t>(step.counter);
        used[index] = true;
        sums[index] += step.count * step.amount;
    });
    std::vector<Observation> observations;
    for (std::size_t i = 0; i < std::size(names); ++i) {
        if (!used[i]) continue;
        const std::int64_t value = counters.load(static_cast<Counter>(i));
        observations.push_back({std::string(names[i]), value, starts[i] + sums[i], {}});
    }
    return observations;
}

void observe_queue(const Scenario& scenario, std::uint64_t received, std::vector<Observation>& observations) {
    std::int64_t sent = 0;
    for (const Task& task : scenario.tasks) {
        for (const Step& step : task.steps) {
            if (const auto* send = std::get_if<Send>(&step)) sent += send->bytes;
        }
    }
    if (sent > 0) observations.push_back({"received", static_cast<std::int64_t>(received), sent, {}});
}

IncrementProgress::IncrementProgress(const Increment& step, EvalCheck check, const Speeds& speeds, Counters& counters)
    : step_(step), check_(check), counters_(counters), turns_per_bytecode_(turns_per_bytecode(speeds)) {}

void IncrementProgress::spend(std::uint64_t bytecodes) {
    const std::atomic<std::uint32_t> never_asked{0};
    KernelState state;
    const std::uint64_t turns = bytecodes * turns_per_bytecode_;
    run_kernel(Kernel::sum_of_squares, state, turns, static_cast<std::uint32_t>(turns), never_asked);
}

IncrementProgress::Stop IncrementProgress::run(const std::atomic<std::uint32_t>* breaker) {
    constexpr std::uint64_t call_bytecodes = 4;
    const bool looks_between = check_ == EvalCheck::every_bytecode || step_.call_between;
    const auto asked = [&] { return breaker != nullptr && breaker->load(std::memory_order_relaxed) != 0; };
    while (done_ < step_.count) {
        if (at_ == At::begin) {
            if (step_.locked && !has_lock_ && !counters_.try_lock(step_.counter)) return Stop::wants_lock;
            has_lock_ = step_.locked;
            held_ = counters_.load(step_.counter);
            spend(step_.call_between ? call_bytecodes : 1);
            at_ = At::between;
            if (looks_between && asked()) return Stop::asked;
        }
        if (at_ == At::between) {
            spend(1);
            counters_.store(step_.counter, held_ + step_.amount);
            if (has_lock_) counters_.unlock(step_.counter);
            has_lock_ = false;
            spend(1);
            at_ = At::end;
            if (asked()) return Stop::asked; // the backward jump of the loop
        }
        at_ = At::begin;
        ++done_;
    }
    return Stop::finished;
}

} // namespace gil
