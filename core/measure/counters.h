// What tasks share and count up: a variable of the interpreter, a multiprocessing.Value, a multiprocessing.Array.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "core/measure/host.h"
#include "core/measure/speeds.h"
#include "core/trace/run.h"

namespace gil {

/// The array that the post's example shares: [0, 1, 2].
inline constexpr std::int64_t array_start[] = {0, 1, 2};

/// One run's counters. Any thread; every access is relaxed and on purpose no more than that: what is lost is lost.
class Counters {
  public:
    /// `block` may be null when no task uses a Value or an Array; it must have counter_block_bytes.
    explicit Counters(std::shared_ptr<SharedBlock> block) : block_(std::move(block)) {}

    [[nodiscard]] std::int64_t load(Counter counter) const;
    void store(Counter counter, std::int64_t value);
    /// The counter's own lock: a threading.Lock, or Value.get_lock().
    void lock(Counter counter);
    [[nodiscard]] bool try_lock(Counter counter);
    void unlock(Counter counter);

  private:
    std::atomic<std::int64_t> variable_{0};
    std::mutex mutex_; ///< protects nothing by itself: it is the program's lock around variable_
    std::shared_ptr<SharedBlock> block_;
};

inline constexpr std::size_t counter_block_bytes = 64;

/// Writes the array's start values.
void fill_counter_block(SharedBlock& block);

/// "counter", "value" and "array" with what they ended with and what they should have, for those that are used.
[[nodiscard]] std::vector<Observation> observe(const Scenario& scenario, const Counters& counters);

/// Adds "received": what arrived in the queue of all that was sent; nothing when nothing is sent.
void observe_queue(const Scenario& scenario, std::uint64_t received, std::vector<Observation>& observations);

/// `count` increments under way. The bytecodes between are padded to their length in CPython, since a race needs time
/// to happen: an increment of a nanosecond would never meet another one.
class IncrementProgress {
  public:
    IncrementProgress(const Increment& step, EvalCheck check, const Speeds& speeds, Counters& counters);

    enum class Stop : std::uint8_t {
        finished,
        asked,      ///< the breaker is set at a place where the interpreter looks: let go of the GIL, take it, go on
        wants_lock, ///< the lock is taken by another: let go of the GIL, lock it, take the GIL, call lock_taken()
    };
    /// Never blocks. `breaker` null: nobody can ask.
    Stop run(const std::atomic<std::uint32_t>* breaker);
    void lock_taken() { has_lock_ = true; }

  private:
    enum class At : std::uint8_t { begin, between, end };
    void spend(std::uint64_t bytecodes);

    Increment step_;
    EvalCheck check_;
    Counters& counters_;
    std::uint64_t turns_per_bytecode_;
    std::int64_t done_ = 0;
    std::int64_t held_ = 0; ///< the value that was loaded
    At at_ = At::begin;
    bool has_lock_ = false;
};

} // namespace gil
