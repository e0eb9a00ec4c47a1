// Prints the figures that the project promises, with commit, compiler and machine. Nothing here is asserted: a busy
// machine gives busy numbers. `bench --quick` shortens the runs, `bench --core` leaves out those that start anything.
#include <sys/utsname.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/core_figures.h"
#include "benchmarks/measuring.h"
#include "commit.h" // made by the build: GIL_COMMIT
#include "core/measure/kernel_calibration.h"
#include "core/measure/session.h"
#include "native/engine/engine_main.h"
#include "native/engine/forkserver.h"
#include "native/engine/native_host.h"

using namespace gil;
using namespace gil::bench;

std::vector<VariantReport> gil::bench::measure(native::NativeHost& host, const std::vector<Scenario>& scenarios,
                                               const Speeds& speeds, int repeats) {
    std::vector<Variant> variants;
    for (const Scenario& scenario : scenarios) variants.push_back({std::string(to_string(scenario.model)), scenario});
    std::vector<VariantReport> reports;
    measure_session(host, variants, speeds, repeats, {[](const SessionProgress&) {}, [](const VariantReport&) {}},
                    [&](Result<std::vector<VariantReport>> result) {
                        if (!result) std::fprintf(stderr, "bench: %s\n", result.error().line().c_str());
                        if (result) reports = std::move(result.value());
                        host.loop().stop();
                    });
    host.loop().run();
    return reports;
}

namespace {

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
    const std::string_view option = argc > 1 ? argv[1] : "";
    const int repeats = option == "--quick" ? 3 : 9;
    auto forkserver = native::Forkserver::start(0);
    native::NativeHost host({}, forkserver ? std::move(forkserver.value()) : nullptr);
    utsname name{};
    ::uname(&name);
    std::printf("%s, %s, %s %s, %d processors, medians\n\n", GIL_COMMIT, host.capabilities().engine.c_str(),
                name.sysname, name.machine, host.capabilities().hardware_concurrency);
    print_large_simulation(host);
    Speeds speeds;
    speeds.kernels = measure_kernel_speeds(host, all_kernels);
    print_core_figures(host, speeds);
    if (option == "--core") return 0;
    bench_cpu_bound(host, speeds, repeats);
    bench_io_bound(host, speeds, repeats);
    bench_process_start(host, speeds, repeats);
    print_executor_figures(host, speeds, repeats);
    return 0;
}
