#include <catch2/catch_test_macros.hpp>

#include <array>
#include <set>
#include <thread>
#include <vector>

#include "core/kernels/kernel.h"
#include "core/measure/program.h"

using namespace gil;

namespace {

constexpr std::array<Kernel, kernel_count> all_kernels = {Kernel::sum_of_squares, Kernel::image_filter, Kernel::numeric,
                                                          Kernel::encryption, Kernel::parsing};

const std::atomic<std::uint32_t> never{0};

std::uint64_t run_to(Kernel kernel, std::uint64_t turns, std::uint32_t turns_per_check) {
    KernelState state;
    while (state.turn < turns) run_kernel(kernel, state, turns, turns_per_check, never);
    return state.value;
}

} // namespace

TEST_CASE("Kernel.sum of squares equals the formula, also where it wraps at 2^64") {
    for (const std::uint64_t turns : {0u, 1u, 2u, 3u, 10u, 63u, 64u, 65u, 20'000u, 20'001u, 5'000'000u}) {
        CHECK(run_to(Kernel::sum_of_squares, turns, 64) == expected_value(Kernel::sum_of_squares, turns));
    }
    CHECK(expected_value(Kernel::sum_of_squares, 4) == 14);
}

TEST_CASE("Kernel.each equals its reference after any number of turns, over several periods") {
    for (const Kernel kernel : all_kernels) {
        KernelState state;
        // The longest period is that of image_filter, 768 turns.
        for (std::uint64_t turns = 0; turns <= 2'000; ++turns) {
            run_kernel(kernel, state, turns, 1, never);
            if (state.value != expected_value(kernel, turns)) {
                INFO(to_string(kernel) << " after " << turns << " turns");
                CHECK(state.value == expected_value(kernel, turns));
                break;
            }
        }
        CHECK(state.turn == 2'000);
    }
}

TEST_CASE("Kernel.values are the same with every compiler and on every platform") {
    CHECK(expected_value(Kernel::image_filter, 5'000) == 0x38072ec);
    CHECK(expected_value(Kernel::numeric, 5'000) == 0x375d4d84);
    CHECK(expected_value(Kernel::encryption, 5'000) == 0xcad4fc78f06cc6f3);
    CHECK(expected_value(Kernel::parsing, 5'000) == 0x36755829266);
}

TEST_CASE("Kernel.the right value is known at once for any number of turns") {
    for (const Kernel kernel : all_kernels) {
        // All periods divide 768 * 64 * 256.
        constexpr std::uint64_t periods = 12'582'912;
        CHECK(expected_value(kernel, 0) == 0);
        if (kernel == Kernel::sum_of_squares) continue;
        const std::uint64_t rest = expected_value(kernel, 1'234);
        CHECK(expected_value(kernel, 9 * periods + 1'234) == 9 * expected_value(kernel, periods) + rest);
    }
}

TEST_CASE("Kernel.turns differ in what they compute") {
    for (const Kernel kernel : all_kernels) {
        std::set<std::uint64_t> added;
        for (std::uint64_t turn = 10; turn < 60; ++turn) {
            added.insert(expected_value(kernel, turn + 1) - expected_value(kernel, turn));
        }
        INFO(to_string(kernel));
        CHECK(added.size() >= 45);
    }
}

TEST_CASE("Kernel.the result does not depend on how often the breaker is looked at") {
    for (const Kernel kernel : all_kernels) {
        const std::uint64_t turns = kernel == Kernel::sum_of_squares ? 100'000 : 3'000;
        for (const std::uint32_t stride : {1u, 7u, 64u, 4096u})
            CHECK(run_to(kernel, turns, stride) == expected_value(kernel, turns));
    }
}

TEST_CASE("Kernel.a call is short and stops at a set breaker after one stride") {
    for (const Kernel kernel : all_kernels) {
        INFO(to_string(kernel));
        KernelState state;
        std::atomic<std::uint32_t> breaker{0};
        CHECK_FALSE(run_kernel(kernel, state, 1'000'000, 8, breaker));
        const std::uint64_t call = state.turn;
        CHECK(call == (kernel == Kernel::sum_of_squares ? turns_per_call : 64));
        breaker = 1;
        CHECK(run_kernel(kernel, state, 1'000'000, 8, breaker));
        CHECK(state.turn == call + 8);
        CHECK(run_kernel(kernel, state, 1'000'000, 0, breaker));
        CHECK(state.turn == call + 8 + (kernel == Kernel::sum_of_squares ? turns_per_group : 1));
    }
}

TEST_CASE("Kernel.several states take turns on one thread without disturbing each other") {
    for (const Kernel kernel : all_kernels) {
        std::array<KernelState, 3> states;
        constexpr std::uint64_t turns = 500;
        for (std::uint64_t end = 5; end <= turns; end += 5) {
            for (std::size_t i = 0; i < states.size(); ++i) run_kernel(kernel, states[i], end - i, 1, never);
        }
        INFO(to_string(kernel));
        for (std::size_t i = 0; i < states.size(); ++i) CHECK(states[i].value == expected_value(kernel, turns - i));
    }
}

TEST_CASE("Kernel.1, 2, 3, 7, 16 threads compute at once, and a state may change its thread") {
    for (const Kernel kernel : all_kernels) {
        for (const std::size_t count : {1u, 2u, 3u, 7u, 16u}) {
            std::vector<KernelState> states(count);
            for (const std::uint64_t end : {777u, 1'500u}) {
                std::vector<std::thread> threads;
                for (std::size_t i = 0; i < count; ++i) {
                    // Whoever had this state before is gone, and with it whatever it had kept for itself.
                    threads.emplace_back([kernel, end, &state = states[i]] {
                        while (state.turn < end) run_kernel(kernel, state, end, 1, never);
                    });
                }
                for (std::thread& thread : threads) thread.join();
            }
            INFO(to_string(kernel) << ", " << count << " threads");
            for (const KernelState& state : states) CHECK(state.value == expected_value(kernel, 1'500));
        }
    }
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
