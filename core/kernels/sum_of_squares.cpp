#include "core/kernels/sum_of_squares.h"

#include <algorithm>

namespace gil {

namespace {

/// The empty asm keeps compilers from replacing the loop by its formula.
inline std::uint64_t square(std::uint64_t turn) {
    std::uint64_t product = turn * turn;
    asm volatile("" : "+r"(product));
    return product;
}

/// Turns without a look at the eval breaker, in groups: so the multiplier limits the loop and not its jumps, which
/// leaves room for the looks (on Zen 4 they cost about 1 % and not 3 to 6).
inline std::uint64_t plain_turns(std::uint64_t turn, std::uint64_t stop, std::uint64_t sum) {
    static_assert(turns_per_group == 3);
    for (; turn + turns_per_group <= stop; turn += turns_per_group) {
        sum += square(turn);
        sum += square(turn + 1);
        sum += square(turn + 2);
    }
    for (; turn < stop; ++turn) sum += square(turn);
    return sum;
}

} // namespace

bool sum_of_squares(KernelState& state, std::uint64_t stop, std::uint32_t turns_per_check,
                    const std::atomic<std::uint32_t>& breaker) {
    const std::uint64_t stride = std::max<std::uint32_t>(1, turns_per_check);
    std::uint64_t turn = state.turn;
    std::uint64_t sum = state.value;
    bool stopped = false;
    while (turn < stop && !stopped) {
        const std::uint64_t next = std::min(stop, turn + stride);
        sum = plain_turns(turn, next, sum);
        turn = next;
        // Relaxed: the breaker is a hint; taking and dropping the lock orders everything that matters.
        stopped = breaker.load(std::memory_order_relaxed) != 0;
    }
    state = {turn, sum};
    return stopped;
}

std::uint64_t sum_of_squares_formula(std::uint64_t n) {
    if (n == 0) return 0;
    // Divide by 2 and by 3 before multiplying, where the division is exact; the products may then wrap.
    std::uint64_t a = n - 1;
    std::uint64_t b = n;
    (a % 2 == 0 ? a : b) /= 2;
    // a * b is n (n - 1) / 2; one of n - 1, n and 2n - 1 is a multiple of 3.
    std::uint64_t c = 2 * n - 1;
    (a % 3 == 0 ? a : b % 3 == 0 ? b : c) /= 3;
    return a * b * c;
}

} // namespace gil
