// What the kernels with costly turns have in common: the loop over the turns, and the sums that they are checked with.
// The turns of such a kernel repeat with a period, so the right value after any number of turns is known at once.
#pragma once

#include <algorithm>
#include <cassert>
#include <vector>

#include "core/kernels/kernel.h"

namespace gil {

/// Turns of one call for kernels whose turns take about a microsecond each; see turns_per_call.
inline constexpr std::uint64_t costly_turns_per_call = 64;

/// Runs turns up to `stop`, adds what each returns, and looks at the breaker every turns_per_check turns. `turn` is
/// called with the number of the turn and should be a call of its own: WebAssembly changes tiers at calls.
template<class Turn>
bool run_turns(KernelState& state, std::uint64_t stop, std::uint32_t turns_per_check,
               const std::atomic<std::uint32_t>& breaker, Turn&& turn) {
    const std::uint64_t stride = std::max<std::uint32_t>(1, turns_per_check);
    bool stopped = false;
    while (state.turn < stop && !stopped) {
        const std::uint64_t next = std::min(stop, state.turn + stride);
        for (; state.turn < next; ++state.turn) state.value += turn(state.turn);
        // Relaxed: the breaker is a hint; taking and dropping the lock orders everything that matters.
        stopped = breaker.load(std::memory_order_relaxed) != 0;
    }
    return stopped;
}

/// The values of the turns of one period, summed up.
class PeriodSums {
  public:
    /// `values`: what each turn of a period adds; at least one.
    explicit PeriodSums(const std::vector<std::uint64_t>& values) {
        assert(!values.empty());
        for (const std::uint64_t value : values) sums_.push_back(sums_.back() + value);
    }

    /// The sum of the first `turns` turns, modulo 2^64.
    [[nodiscard]] std::uint64_t after(std::uint64_t turns) const {
        const std::uint64_t period = sums_.size() - 1;
        return turns / period * sums_.back() + sums_[static_cast<std::size_t>(turns % period)];
    }

  private:
    std::vector<std::uint64_t> sums_ = {0}; ///< sums_[i]: of the first i turns
};

} // namespace gil
