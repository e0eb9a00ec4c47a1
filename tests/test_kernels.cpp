#include <catch2/catch_test_macros.hpp>

#include "core/kernels/kernel.h"
#include "core/measure/program.h"

using namespace gil;

namespace {

std::uint64_t run_to(std::uint64_t turns, std::uint32_t turns_per_check) {
    const std::atomic<std::uint32_t> breaker{0};
    KernelState state;
    while (state.turn < turns) run_kernel(Kernel::sum_of_squares, state, turns, turns_per_check, breaker);
    return state.value;
}

} // namespace

TEST_CASE("Kernel.sum of squares equals the formula, also where it wraps at 2^64") {
    for (const std::uint64_t turns : {0u, 1u, 2u, 3u, 10u, 63u, 64u, 65u, 20'000u, 20'001u, 5'000'000u}) {
        CHECK(run_to(turns, 64) == expected_value(Kernel::sum_of_squares, turns));
    }
    CHECK(expected_value(Kernel::sum_of_squares, 4) == 14);
}

TEST_CASE("Kernel.the result does not depend on how often the breaker is looked at") {
    for (const std::uint32_t stride : {1u, 7u, 64u, 4096u}) CHECK(run_to(100'000, stride) == run_to(100'000, 64));
}

TEST_CASE("Kernel.a call is short and stops at a set breaker after one stride") {
    KernelState state;
    std::atomic<std::uint32_t> breaker{0};
    CHECK_FALSE(run_kernel(Kernel::sum_of_squares, state, 1'000'000, 64, breaker));
    CHECK(state.turn == turns_per_call);
    breaker = 1;
    CHECK(run_kernel(Kernel::sum_of_squares, state, 1'000'000, 64, breaker));
    CHECK(state.turn == turns_per_call + 64);
}

TEST_CASE("Kernel.work becomes a fixed number of turns") {
    KernelSpeeds speeds;
    speeds[0].ns_per_turn = 2.0;
    CHECK(turns_for(Compute{Kernel::sum_of_squares, millisecond}, speeds) == 500'000);
    CHECK(turns_for(Compute{Kernel::sum_of_squares, 0}, speeds) == 0);
    CHECK(turns_for(Compute{Kernel::sum_of_squares, 1}, speeds) == 1);
}

TEST_CASE("Program.a worker that skipped work is found out") {
    const Speeds speeds;
    Scenario scenario;
    scenario.tasks = {{"a", {Compute{Kernel::sum_of_squares, microsecond}, Compute{Kernel::sum_of_squares, 500}}}};
    std::vector<TaskOutput> outputs = {expected_output(scenario.tasks[0], speeds)};
    CHECK(outputs[0].turns == 1'500);
    CHECK(outputs_are_right(scenario, speeds, outputs));
    outputs[0].checksum += 1;
    CHECK_FALSE(outputs_are_right(scenario, speeds, outputs));
    outputs.clear();
    CHECK_FALSE(outputs_are_right(scenario, speeds, outputs));
}
