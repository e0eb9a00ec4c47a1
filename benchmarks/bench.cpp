// Prints the figures that the project promises, with commit, compiler and machine. Nothing here is asserted: a busy
// machine gives busy numbers. `bench --quick` shortens the runs.
#include <sys/utsname.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>
#include <vector>

#include "core/experiment.h"
#include "core/measure/kernel_calibration.h"
#include "core/measure/measure.h"
#include "core/measure/session.h"
#include "core/simulate_report.h"
#include "core/simulator.h"
#include "core/trace_recorder.h"
#include "native/engine_main.h"
#include "native/forkserver.h"
#include "native/native_host.h"

#ifndef GIL_COMMIT
#define GIL_COMMIT "unknown commit"
#endif

using namespace gil;

namespace {

constexpr std::array all_kernels = {Kernel::sum_of_squares, Kernel::image_filter, Kernel::numeric, Kernel::encryption,
                                    Kernel::parsing};

double median(std::vector<double> values) {
    return spread_of(values).median;
}

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

/// Medians of a session's variants, in ms; empty when it failed.
std::vector<VariantReport> measure(native::NativeHost& host, const std::vector<Scenario>& scenarios,
                                   const Speeds& speeds, int repeats) {
    std::vector<Variant> variants;
    for (const Scenario& scenario : scenarios) variants.push_back({std::string(to_string(scenario.model)), scenario});
    std::vector<VariantReport> reports;
    measure_session(
        host, variants, speeds, repeats, [](const SessionProgress&) {},
        [&](Result<std::vector<VariantReport>> result) {
            if (!result) std::fprintf(stderr, "bench: %s\n", result.error().line().c_str());
            if (result) reports = std::move(result.value());
            host.loop().stop();
        });
    host.loop().run();
    return reports;
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
    const std::atomic<std::uint32_t> breaker{0};
    KernelState state;
    const Nanoseconds begin = host.now();
    while (state.turn < 40'000'000) {
        run_kernel(Kernel::sum_of_squares, state, 40'000'000, turns_per_check, breaker);
    }
    return static_cast<double>(host.now() - begin);
}

void bench_check_cost(const Host& host, const Speeds& speeds) {
    std::vector<double> ratios;
    for (int round = 0; round < 15; ++round) {
        const double with = kernel_time(host, speeds.kernels[0].turns_per_check);
        const double without = kernel_time(host, turns_per_call);
        ratios.push_back(100 * (with / without - 1));
    }
    print("cost of the eval-breaker check in the kernel", median(ratios), "%", "<= 3");
    for (const Kernel kernel : all_kernels) {
        const std::string figure = "kernel " + std::string(to_string(kernel));
        print(figure.c_str(), speeds.kernels[static_cast<std::size_t>(kernel)].ns_per_turn, "ns/turn",
              kernel == Kernel::sum_of_squares ? "" : "<= 2000");
    }
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

void bench_cpu_bound(native::NativeHost& host, const Speeds& speeds, int repeats) {
    const Step work = Compute{Kernel::sum_of_squares, 300 * millisecond};
    const auto four = measure(
        host, {scenario_of(ExecutionModel::sequential, 1, 4, work), scenario_of(ExecutionModel::threads, 4, 4, work)},
        speeds, repeats);
    if (four.size() == 2) {
        print("cpu-bound 4 x 300 ms: threads / sequential", four[1].wall_ms.median / four[0].wall_ms.median, "x",
              "0.97 to 1.06");
    }
    const auto two = measure(
        host,
        {scenario_of(ExecutionModel::sequential, 1, 2, work), scenario_of(ExecutionModel::processes, 2, 2, work),
         scenario_of(ExecutionModel::free_threaded, 2, 2, work), scenario_of(ExecutionModel::threads, 2, 2, work)},
        speeds, repeats);
    if (two.size() != 4) return;
    print("cpu-bound 2 x 300 ms: processes speed-up", two[0].wall_ms.median / two[1].wall_ms.median, "x", ">= 1.85");
    print("cpu-bound 2 x 300 ms: free_threaded speed-up", two[0].wall_ms.median / two[2].wall_ms.median, "x",
          ">= 1.85");
    const Metrics& threads = two[3].metrics;
    print("two CPU-bound threads, 5 ms interval: GIL switches",
          static_cast<double>(threads.gil_switches) * 1e9 / static_cast<double>(threads.wall), "/s", "150 to 210");
}

void bench_io_bound(native::NativeHost& host, const Speeds& speeds, int repeats) {
    const Step wait = Wait{WaitKind::sleep, 50 * millisecond};
    const auto runs = measure(
        host, {scenario_of(ExecutionModel::threads, 10, 10, wait), scenario_of(ExecutionModel::asyncio, 10, 10, wait)},
        speeds, repeats);
    if (runs.size() != 2) return;
    print("io-bound 10 x 50 ms: threads", runs[0].wall_ms.median, "ms", "<= 60");
    print("io-bound 10 x 50 ms: asyncio", runs[1].wall_ms.median, "ms", "<= 60");
}

void bench_process_start(native::NativeHost& host, const Speeds& speeds, int repeats) {
    for (int method = 0; method < 3; ++method) {
        Scenario empty;
        empty.model = ExecutionModel::processes;
        empty.start_method = static_cast<StartMethod>(method);
        empty.tasks.push_back({"nothing", {}});
        const auto runs = measure(host, {empty}, speeds, 4 * repeats);
        if (runs.empty()) continue;
        const std::string figure =
            "start + join of an empty worker process, " + std::string(to_string(empty.start_method));
        print(figure.c_str(), runs[0].wall_ms.median, "ms", method == 1 ? "<= 2" : "");
    }
}

} // namespace

int main(int argc, char** argv) {
    // Spawned workers are this same program.
    if (const auto status = native::run_hidden_command(argc, argv)) return *status;
    const int repeats = argc > 1 && std::string_view(argv[1]) == "--quick" ? 3 : 9;
    auto forkserver = native::Forkserver::start(0);
    native::NativeHost host({}, forkserver ? std::move(forkserver.value()) : nullptr);
    utsname name{};
    ::uname(&name);
    std::printf("%s, %s, %s %s, %d processors, medians\n\n", GIL_COMMIT, host.capabilities().engine.c_str(),
                name.sysname, name.machine, host.capabilities().hardware_concurrency);
    Speeds speeds;
    speeds.kernels = measure_kernel_speeds(host, all_kernels);
    bench_recording(host);
    bench_check_cost(host, speeds);
    bench_simulator(host);
    bench_cpu_bound(host, speeds, repeats);
    bench_io_bound(host, speeds, repeats);
    bench_process_start(host, speeds, repeats);
    return 0;
}
