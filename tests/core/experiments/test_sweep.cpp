#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <vector>

#include "core/experiments/sweep.h"

using namespace gil;
using Catch::Approx;
using Line = std::vector<SweepPoint>;

TEST_CASE("Sweep.a break-even is interpolated in log x") {
    // A fixed cost of 8 against one that grows with x: they cross at 8, which is no point of the sweep.
    const Line fixed = {{1, 8}, {4, 8}, {16, 8}, {64, 8}};
    const Line growing = {{1, 1}, {4, 4}, {16, 16}, {64, 64}};
    REQUIRE(break_even(fixed, growing));
    CHECK(*break_even(fixed, growing) == Approx(8));
}

TEST_CASE("Sweep.a break-even may be absent, at the first point or on a point") {
    const Line low = {{1, 1}, {10, 1}, {100, 1}};
    const Line high = {{1, 2}, {10, 2}, {100, 2}};
    CHECK_FALSE(break_even(high, low));
    CHECK(*break_even(low, high) == Approx(1));
    CHECK_FALSE(break_even(low, low)); // equal is not below
    const Line meets = {{1, 3}, {10, 2}, {100, 1}};
    CHECK(*break_even(meets, high) == Approx(10));
    CHECK_FALSE(break_even({}, low));
    CHECK_FALSE(break_even(low, {}));
}

TEST_CASE("Sweep.of several crossings the last one counts") {
    const Line flat = {{1, 2}, {10, 2}, {100, 2}, {1'000, 2}};
    const Line wavy = {{1, 3}, {10, 1}, {100, 4}, {1'000, 1}};
    // log(4 / 2) above at 100 and log(1 / 2) below at 1,000: in the middle of the logarithms.
    CHECK(*break_even(wavy, flat) == Approx(316.2277).epsilon(1e-4));
    const Line back = {{1, 1}, {10, 3}};
    CHECK_FALSE(break_even(back, flat)); // ends above: it crossed back
}

TEST_CASE("Sweep.a break-even uses only what both lines have") {
    const Line sparse = {{1, 4}, {100, 1}};
    const Line dense = {{1, 2}, {10, 0.1}, {100, 2}, {1'000, 0.1}};
    CHECK(*break_even(sparse, dense) == Approx(10));
}

TEST_CASE("Sweep.the knee is the smallest x that reaches nine tenths of the best") {
    const Line line = {{1, 1}, {2, 1.9}, {4, 3.61}, {8, 4}, {16, 3.9}};
    REQUIRE(knee(line));
    CHECK(knee(line)->x == 4);
    CHECK(knee(line)->y == 3.61);
    CHECK(knee(line, 1)->x == 8);
    const Line falling = {{1, 5}, {2, 3}};
    CHECK(knee(falling)->x == 1);
    CHECK_FALSE(knee({}));
}
