#include <sys/resource.h>

#include <string>

#include "benchmarks/core_figures.h"
#include "benchmarks/measuring.h"
#include "core/simulator/simulator.h"
#include "core/trace/latency.h"

namespace gil::bench {

namespace {

/// Starting the pool is told apart from handing out items: the same pool with few items is subtracted.
void bench_pool_item(native::NativeHost& host, const Speeds& speeds, int repeats) {
    constexpr int few = 2;
    constexpr int many = few + 1'000;
    const Step trivial = Compute{Kernel::sum_of_squares, microsecond};
    const auto runs = measure(host,
                              {scenario_of(ExecutionModel::process_pool, 2, few, trivial),
                               scenario_of(ExecutionModel::process_pool, 2, many, trivial)},
                              speeds, repeats);
    if (runs.size() != 2) return;
    print("process_pool of 2: an item of 1 us, chunksize 1", runs[1].wall_ms.median - runs[0].wall_ms.median, "us",
          "<= 15");
    print("process_pool of 2: 1,002 such items with its start", runs[1].wall_ms.median, "ms", "");
}

/// One process that sends to the parent; few messages are subtracted from many.
void bench_queue(native::NativeHost& host, const Speeds& speeds, int repeats) {
    constexpr std::int64_t message = 10'000'000;
    const auto sender = [](std::size_t messages) {
        Scenario scenario;
        scenario.model = ExecutionModel::processes;
        scenario.tasks.push_back({"sender", std::vector<Step>(messages, Send{message})});
        return scenario;
    };
    const auto runs = measure(host, {sender(4), sender(24)}, speeds, repeats);
    if (runs.size() != 2) return;
    const double seconds = (runs[1].wall_ms.median - runs[0].wall_ms.median) / 1e3;
    print("queue between processes: 10 MB messages, packed and unpacked", 20 * message / seconds / 1e9, "GB/s", ">= 1");
}

/// Round trips of one thread beside another that computes all the time: how long until it has the GIL again.
void bench_convoy(native::NativeHost& host, const Speeds& speeds, int repeats) {
    Scenario scenario;
    scenario.model = ExecutionModel::threads;
    scenario.workers = 2;
    std::vector<Step> round_trips;
    for (int i = 0; i < 40; ++i) round_trips.push_back(Wait{WaitKind::sleep, millisecond});
    scenario.tasks.push_back({"round trips", std::move(round_trips)});
    scenario.tasks.push_back({"computing", {Compute{Kernel::sum_of_squares, 600 * millisecond}}});
    const auto runs = measure(host, {scenario}, speeds, repeats);
    if (runs.empty()) return;
    const auto& lanes = runs[0].median_run.trace.lanes;
    const auto waits = percentiles_of(latencies_after_waits(lanes[0], finished_at(lanes[1])));
    print("convoy at 5 ms: GIL back after a call, median", to_ms(waits.median), "ms", "");
    print("convoy at 5 ms: GIL back after a call, 95 %", to_ms(waits.p95), "ms", "");
}

void bench_trace_memory(native::NativeHost& host, const Speeds& speeds) {
    const auto runs = measure(
        host, {scenario_of(ExecutionModel::thread_pool, 8, 10'000, Compute{Kernel::sum_of_squares, 10 * microsecond})},
        speeds, 1);
    if (runs.empty()) return;
    std::size_t intervals = 0;
    std::size_t dropped = 0;
    for (const Lane& lane : runs[0].median_run.trace.lanes) {
        intervals += lane.intervals.size();
        dropped += static_cast<std::size_t>(lane.dropped);
    }
    print("10,000 tasks in a thread pool of 8: intervals in the trace", static_cast<double>(intervals), "", "");
    print("10,000 tasks in a thread pool of 8: their memory", static_cast<double>(intervals * sizeof(Interval)) / 1e6,
          "MB", "");
    print("10,000 tasks in a thread pool of 8: intervals dropped", static_cast<double>(dropped), "", "0");
}

} // namespace

void print_large_simulation(const native::NativeHost& host) {
    const Scenario scenario =
        scenario_of(ExecutionModel::threads, 1'024, 10'000, Compute{Kernel::sum_of_squares, 10 * millisecond});
    const Nanoseconds begin = host.now();
    const Run run = simulate(scenario, Machine{}, 1); // kept until the memory is read
    const Nanoseconds end = host.now();
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    print("simulating 1,024 threads with 10,000 tasks", to_ms(end - begin) / 1e3, "s", "<= 2");
    print("the most memory of this process until then", static_cast<double>(usage.ru_maxrss) * 1024 / 1e6, "MB",
          "<= 500");
}

void print_executor_figures(native::NativeHost& host, const Speeds& speeds, int repeats) {
    bench_pool_item(host, speeds, repeats);
    bench_queue(host, speeds, repeats);
    bench_convoy(host, speeds, repeats);
    bench_trace_memory(host, speeds);
}

} // namespace gil::bench
