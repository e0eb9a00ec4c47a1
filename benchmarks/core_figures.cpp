#include "benchmarks/core_figures.h"

#include <algorithm>
#include <cstdio>
#include <string>

#include "core/engine/simulate_report.h"
#include "core/experiments/experiment.h"
#include "core/simulator/simulator.h"
#include "core/trace/trace_recorder.h"

namespace gil::bench {

void print(const char* figure, double value, const char* unit, const char* bar) {
    std::printf("%-62s %10.3f %-10s %s\n", figure, value, unit, bar);
    std::fflush(stdout);
}

Scenario scenario_of(ExecutionModel model, int workers, int tasks, Step step) {
    Scenario scenario;
    scenario.model = model;
    scenario.workers = workers;
    for (int i = 0; i < tasks; ++i) scenario.tasks.push_back({"task", {step}});
    return scenario;
}

namespace {

double median(std::vector<double> values) {
    return spread_of(values).median;
}

void bench_recording(const Host& host) {
    std::vector<double> rounds;
    std::vector<double> clocks;
    for (int round = 0; round < 9; ++round) {
        constexpr int count = 100'000;
        TraceRecorder recorder(Lane{}, 0);
        const Nanoseconds begin = host.now();
        // Made-up times: reading the clock is the machine's price (a system call on some), and is told by itself.
        for (int i = 1; i <= count; ++i) recorder.enter(i % 2 == 0 ? State::running : State::waiting_for_io, 10 * i);
        const Nanoseconds recorded = host.now();
        Nanoseconds last = 0;
        for (int i = 0; i < count; ++i) last = std::max(last, host.now());
        clocks.push_back(static_cast<double>(last - recorded) / count);
        rounds.push_back(static_cast<double>(recorded - begin) / count);
        (void)recorder.finish(20 * count);
    }
    print("recording one trace interval", median(rounds), "ns", "<= 60");
    print("reading the clock once", median(clocks), "ns", "");
}

double kernel_time(const Host& host, std::uint32_t turns_per_check) {
    constexpr std::uint64_t turns = 4'000'000; // about a millisecond: many readings of the clock, few changes of speed
    const std::atomic<std::uint32_t> breaker{0};
    KernelState state;
    const Nanoseconds begin = host.now();
    while (state.turn < turns) run_kernel(Kernel::sum_of_squares, state, turns, turns_per_check, breaker);
    return static_cast<double>(host.now() - begin);
}

/// In pairs of a millisecond with and without it, so that a core whose speed changes by the second changes both.
void bench_check_cost(const Host& host, const Speeds& speeds) {
    const std::uint32_t turns_per_check = speeds.kernels[0].turns_per_check;
    std::vector<double> ratios;
    for (int round = 0; round < 301; ++round) {
        const double with = kernel_time(host, turns_per_check);
        const double without = kernel_time(host, turns_per_call);
        ratios.push_back(100 * (with / without - 1));
    }
    print("cost of the eval-breaker check in the kernel", median(ratios), "%", "<= 3");
    print("sum_of_squares: turns between two checks", turns_per_check, "turns", "");
    for (const Kernel kernel : all_kernels) {
        const std::string figure = "kernel " + std::string(to_string(kernel));
        print(figure.c_str(), speeds.kernels[static_cast<std::size_t>(kernel)].ns_per_turn, "ns/turn",
              kernel == Kernel::sum_of_squares ? "" : "<= 2000");
    }
}

/// What goes on as it did is not simulated event by event.
void bench_short_cuts(const Host& host) {
    Scenario turns = scenario_of(ExecutionModel::threads, 2, 2, Compute{Kernel::sum_of_squares, 60 * second});
    turns.interpreter.switch_interval = microsecond;
    const Scenario rounds = scenario_of(ExecutionModel::processes, 8, 80, Compute{Kernel::sum_of_squares, 60 * second});
    const auto time_of = [&](const Scenario& scenario, bool every_event) {
        Budget budget;
        budget.every_event = every_event;
        const Nanoseconds begin = host.now();
        (void)simulate(scenario, Machine{}, 1, nullptr, budget);
        return to_ms(host.now() - begin);
    };
    print("two threads take turns for two minutes, 1,080,617 times", time_of(turns, false), "ms", "<= 400");
    print("the same event by event", time_of(turns, true), "ms", "");
    print("80 minutes of work of 8 processes on 4 cores", time_of(rounds, false), "ms", "<= 20");
    print("the same event by event", time_of(rounds, true), "ms", "");
}

void bench_simulator(const Host& host) {
    std::vector<double> rates;
    for (int round = 0; round < 5; ++round) {
        SimulationStats stats;
        const Scenario scenario = [] {
            Scenario s = scenario_of(ExecutionModel::threads, 4, 4, Compute{Kernel::sum_of_squares, 60 * second});
            s.interpreter.switch_interval = millisecond;
            return s;
        }();
        const Nanoseconds begin = host.now();
        (void)simulate(scenario, Machine{}, 1, &stats);
        rates.push_back(static_cast<double>(stats.events) * 1e3 / static_cast<double>(host.now() - begin));
    }
    print("simulator", median(rates), "M events/s", ">= 5");
    bench_short_cuts(host);
    for (const Experiment& experiment : experiments()) {
        const Knobs knobs(experiment.knobs);
        const auto variants = experiment.make(knobs);
        std::vector<double> times;
        for (int round = 0; round < 21; ++round) {
            const Nanoseconds begin = host.now();
            (void)simulate_experiment(experiment, knobs, variants, Machine{});
            times.push_back(to_ms(host.now() - begin));
        }
        print(("simulating " + std::string(experiment.id) + " with its defaults").c_str(), median(times), "ms", "< 2");
    }
}

} // namespace

void print_core_figures(const Host& host, const Speeds& speeds) {
    bench_recording(host);
    bench_check_cost(host, speeds);
    bench_simulator(host);
}

} // namespace gil::bench
