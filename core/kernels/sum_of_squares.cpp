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

/// Four sums take turns: a single one would have to wait for every addition.
struct Sums {
    std::uint64_t first = 0;
    std::uint64_t second = 0;
    std::uint64_t third = 0;
    std::uint64_t fourth = 0;

    void add_four(std::uint64_t turn) {
        first += square(turn);
        second += square(turn + 1);
        third += square(turn + 2);
        fourth += square(turn + 3);
    }
    void add_group(std::uint64_t turn) {
        static_assert(turns_per_group == 8);
        add_four(turn);
        add_four(turn + 4);
    }
    [[nodiscard]] std::uint64_t total() const { return first + second + third + fourth; }
};

} // namespace

/// One loop over groups that counts down to the next look. Two loops, one within the other, cost 3 to 7 % for the looks
/// (the inner one ends, and that is predicted badly), and so does this one where groups are so small that there are
/// many of them between two looks.
bool sum_of_squares(KernelState& state, std::uint64_t stop, std::uint32_t turns_per_check,
                    const std::atomic<std::uint32_t>& breaker) {
    const std::uint32_t groups_per_check = std::max<std::uint32_t>(1, turns_per_check / turns_per_group);
    std::uint32_t groups_left = groups_per_check;
    std::uint64_t turn = state.turn;
    Sums sums{state.value};
    bool stopped = false;
    while (turn + turns_per_group <= stop && !stopped) {
        sums.add_group(turn);
        turn += turns_per_group;
        if (--groups_left > 0) continue;
        groups_left = groups_per_check;
        // Relaxed: the breaker is a hint; taking and dropping the lock orders everything that matters.
        stopped = breaker.load(std::memory_order_relaxed) != 0;
    }
    std::uint64_t sum = sums.total();
    if (!stopped) {
        for (; turn < stop; ++turn) sum += square(turn);
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
