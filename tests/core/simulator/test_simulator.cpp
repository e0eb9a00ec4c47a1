#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <cmath>
#include <cstdio>

#include "core/simulator/costs.h"
#include "core/simulator/shared_places.h"
#include "core/simulator/simulator.h"
#include "core/trace/metrics.h"
#include "tests/support/test_host.h"

using namespace gil;
using Catch::Approx;
using test::all_models;
using test::test_scenario;

namespace {

Machine machine_with(int cores) {
    Machine machine;
    machine.cores = cores;
    return machine;
}

std::vector<Step> mixed() {
    return {Compute{Kernel::sum_of_squares, 7 * millisecond}, Wait{WaitKind::sleep, 3 * millisecond},
            Compute{Kernel::sum_of_squares, 2 * millisecond}};
}

/// FNV-1a over every number of a trace.
class Hash {
  public:
    void add(std::int64_t value) {
        for (int i = 0; i < 8; ++i) {
            hash_ = (hash_ ^ (static_cast<std::uint64_t>(value) >> (8 * i) & 0xff)) * 0x100000001b3u;
        }
    }
    void add(const Trace& trace) {
        add(trace.end);
        for (const Lane& lane : trace.lanes) {
            add(lane.interpreter);
            add(lane.cpu.value_or(-1));
            for (const Interval& interval : lane.intervals) {
                add(interval.begin);
                add(static_cast<int>(interval.state));
                add(static_cast<int>(interval.cause));
                add(interval.task);
            }
        }
    }
    [[nodiscard]] std::uint64_t value() const { return hash_; }

  private:
    std::uint64_t hash_ = 0xcbf29ce484222325u;
};

double speedup(const Scenario& base, const Scenario& other, const Machine& machine) {
    return static_cast<double>(simulate(base, machine).trace.end) /
           static_cast<double>(simulate(other, machine).trace.end);
}

} // namespace

TEST_CASE("Simulator.traces are sound for every model, 1, 2, 3, 7, 16 workers and 1, 2, 5 cores") {
    for (const auto model : all_models) {
        for (const int workers : {1, 2, 3, 7, 16}) {
            for (const int cores : {1, 2, 5}) {
                for (const std::uint64_t seed : {1u, 2u, 3u}) {
                    const Run run = simulate(test_scenario(model, workers, 11, mixed()), machine_with(cores), seed);
                    INFO(to_string(model) << ", " << workers << " workers, " << cores << " cores");
                    CHECK(find_fault(run.trace).empty());
                    CHECK(run.trace.end > 0);
                }
            }
        }
    }
}

TEST_CASE("Simulator.all the work is done, whoever interrupts it") {
    for (const auto model : all_models) {
        Machine machine = machine_with(3);
        machine.free_threaded_tax_ppm = 0;
        machine.io_overhead = machine.loop_start = machine.loop_overhead = 0;
        machine.process_start = {0, 0, 0};
        machine.process_launch = machine.thread_start = machine.interpreter_start = 0;
        machine.pool_item = machine.message = 0;
        const Scenario scenario = test_scenario(model, 4, 9, mixed());
        const Metrics metrics = derive_metrics(simulate(scenario, machine).trace);
        INFO(to_string(model));
        REQUIRE(metrics.cpu.has_value());
        CHECK(*metrics.cpu == total_work(scenario));
    }
}

TEST_CASE("Simulator.workers of a pool that are not forked load its modules first") {
    const auto first_start = [](ExecutionModel model, StartMethod method, Nanoseconds extra) {
        Machine machine = machine_with(2);
        machine.pool_worker_start = extra;
        Scenario scenario = test_scenario(model, 1, 1, mixed());
        scenario.start_method = method;
        const auto& lanes = simulate(scenario, machine).trace.lanes;
        const auto worker = std::ranges::find_if(lanes, [](const Lane& lane) { return lane.name == "process 1"; });
        REQUIRE(worker != lanes.end());
        REQUIRE(worker->intervals.front().state == State::starting);
        return worker->intervals.front().length();
    };
    constexpr Nanoseconds extra = 7 * millisecond;
    for (const StartMethod method : {StartMethod::forkserver, StartMethod::spawn, StartMethod::fork}) {
        for (const auto model : {ExecutionModel::process_pool, ExecutionModel::processes}) {
            const bool pays = model == ExecutionModel::process_pool && method != StartMethod::fork;
            INFO(to_string(model) << " " << to_string(method));
            // No two starts take exactly as long.
            const Nanoseconds without = first_start(model, method, 0);
            const Nanoseconds longer = first_start(model, method, extra) - without;
            CHECK(std::abs(longer - (pays ? extra : 0)) <= (2 * without + extra) / 20);
        }
    }
}

TEST_CASE("Simulator.from one to four MiB a message costs more and more a MiB") {
    constexpr std::int64_t mib = 1 << 20;
    Machine machine;
    machine.copy_per_mib = 0;
    machine.transfer_per_mib = 100;
    machine.transfer_large_per_mib = 400;
    const Scenario scenario;
    CHECK(sim::pack(scenario, machine, mib / 2) == 50);
    CHECK(sim::pack(scenario, machine, mib) == 100);
    CHECK(sim::pack(scenario, machine, 5 * mib / 2) == 250 * 5 / 2);
    CHECK(sim::unpack(scenario, machine, 4 * mib) == 400 * 4);
    CHECK(sim::unpack(scenario, machine, 16 * mib) == 400 * 16);
    machine.transfer_large_per_mib = 40; // cheaper is possible, too
    CHECK(sim::pack(scenario, machine, 4 * mib) == 40 * 4);
}

TEST_CASE("Simulator.who gets at a shared place first, and who at what others have touched, pays once") {
    using enum sim::SharedPlaces::Half;
    constexpr std::int64_t mib = 1 << 20;
    Machine machine;
    machine.shared_fresh_per_mib = 700;
    machine.shared_map_per_mib = 20;
    sim::SharedPlaces places;
    const int place = places.take();
    CHECK(places.reach(machine, 1, place, arguments, 0) == 0); // and touches nothing
    CHECK(places.reach(machine, 0, place, arguments, 2 * mib) == 1'400);
    CHECK(places.reach(machine, 1, place, arguments, 2 * mib) == 40);
    CHECK(places.reach(machine, 1, place, arguments, 2 * mib) == 0);
    CHECK(places.reach(machine, 1, place, results, mib) == 700);
    CHECK(places.reach(machine, 0, place, results, mib) == 20);
    const int other = places.take();
    CHECK(other != place);
    places.give_back(other);
    places.give_back(place);
    CHECK(places.take() == place); // as warm as it gets
    CHECK(places.reach(machine, 2, place, results, mib) == 20);
    CHECK(places.reach(machine, 0, place, results, mib) == 0);
}

TEST_CASE("Simulator.a place in a shared block is touched for the first time once") {
    const auto extra = [](int tasks) {
        Scenario scenario = test_scenario(ExecutionModel::process_pool, 1, tasks, {});
        scenario.transport = Transport::shared_memory;
        for (Task& task : scenario.tasks) {
            task.argument_bytes = 1 << 20;
            task.result_bytes = 2 << 20;
        }
        Machine machine = machine_with(1);
        machine.shared_fresh_per_mib = 0;
        const Nanoseconds before = simulate(scenario, machine).trace.end;
        machine.shared_fresh_per_mib = 10 * millisecond;
        return static_cast<double>(simulate(scenario, machine).trace.end - before) / 1e6;
    };
    // The argument's MiB and the result's two; wake-ups fall differently, by less than a millisecond.
    CHECK(std::abs(extra(1) - 30) < 1);
    CHECK(std::abs(extra(3) - 3 * 30) < 1);
    // One worker has one item at work and two ahead: three places serve any number of them.
    CHECK(std::abs(extra(40) - 3 * 30) < 2);
}

TEST_CASE("Simulator.shared memory is written by one side and read by the other") {
    Scenario scenario = test_scenario(ExecutionModel::process_pool, 1, 1, {});
    scenario.transport = Transport::shared_memory;
    scenario.tasks.front().argument_bytes = scenario.tasks.front().result_bytes = 3 << 20;
    Machine machine = machine_with(2);
    machine.shared_copy_per_mib = 0;
    const Metrics before = derive_metrics(simulate(scenario, machine).trace);
    machine.shared_copy_per_mib = 10 * millisecond;
    const Metrics after = derive_metrics(simulate(scenario, machine).trace);
    CHECK(after.serialising - before.serialising == 4 * 30 * millisecond);
}

TEST_CASE("Simulator.never more running at once than there are cores, nor faster than the work allows") {
    for (const int cores : {1, 2, 4}) {
        const Scenario scenario =
            test_scenario(ExecutionModel::free_threaded, 8, 8, {Compute{Kernel::sum_of_squares, 20 * millisecond}});
        const Run run = simulate(scenario, machine_with(cores));
        CHECK(run.trace.end * cores >= total_work(scenario));
    }
}

TEST_CASE("Simulator.work takes longer on a core beside busy ones") {
    Machine machine = machine_with(2);
    machine.busy_cores_tax_ppm = 250'000;
    machine.process_launch = machine.process_exit = 0;
    machine.process_start = {0, 0, 0};
    const auto end_of = [&machine](ExecutionModel model, const std::vector<Nanoseconds>& works) {
        Scenario scenario = test_scenario(model, static_cast<int>(works.size()), 0, {});
        for (const Nanoseconds work : works)
            scenario.tasks.push_back({"task", {Compute{Kernel::sum_of_squares, work}}});
        return to_ms(simulate(scenario, machine).trace.end);
    };
    const Nanoseconds hundred = 100 * millisecond;
    CHECK(end_of(ExecutionModel::processes, {hundred}) == Approx(100).margin(0.1));
    CHECK(end_of(ExecutionModel::processes, {hundred, hundred}) == Approx(125).margin(0.1));
    // The first half of the longer one beside the other, the rest alone.
    CHECK(end_of(ExecutionModel::processes, {hundred, hundred / 2}) == Approx(112.5).margin(0.1));
    CHECK(end_of(ExecutionModel::processes, {hundred, hundred, hundred, hundred}) == Approx(250).margin(1));
    // Under a GIL only one of them is busy.
    CHECK(end_of(ExecutionModel::threads, {hundred, hundred}) == Approx(200).margin(6));
    machine.cores = 3;
    CHECK(end_of(ExecutionModel::processes, {hundred, hundred}) == Approx(112.5).margin(0.1));
}

TEST_CASE("Simulator.cores that slow down lose no work and no increment") {
    for (const auto model : all_models) {
        Machine machine = machine_with(2);
        machine.busy_cores_tax_ppm = 333'333;
        std::vector<Step> steps = mixed();
        steps.push_back(Increment{Counter::value, 1'000, 3, true, false});
        const Run run = simulate(test_scenario(model, 3, 7, steps), machine);
        INFO(to_string(model));
        CHECK(find_fault(run.trace).empty());
        REQUIRE(find_observation(run, "value") != nullptr);
        CHECK(find_observation(run, "value")->value == 7 * 1'000 * 3);
        CHECK(run.trace.end < 2 * simulate(test_scenario(model, 3, 7, steps), machine_with(2)).trace.end);
    }
}

TEST_CASE("Simulator.what a race loses are whole increments, and single ones far apart lose nothing") {
    const auto value_of = [](std::int64_t count, std::uint64_t seed) {
        const std::vector<Step> steps = {Increment{Counter::value, count, 7, false, false}};
        const Run run = simulate(test_scenario(ExecutionModel::processes, 5, 5, steps), machine_with(4), seed);
        REQUIRE(find_observation(run, "value") != nullptr);
        return find_observation(run, "value")->value;
    };
    int exact = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        const std::int64_t many = value_of(200'000, seed);
        CHECK(many % 7 == 0);
        CHECK(many < 5 * 200'000 * 7);
        const std::int64_t once = value_of(1, seed);
        CHECK(once % 7 == 0);
        exact += once == 5 * 7;
    }
    CHECK(exact >= 18);
}

TEST_CASE("Simulator.same seed, same trace; another seed, another trace") {
    const Scenario scenario = test_scenario(ExecutionModel::threads, 4, 8, mixed());
    CHECK(simulate(scenario, machine_with(2), 5) == simulate(scenario, machine_with(2), 5));
    CHECK_FALSE(simulate(scenario, machine_with(2), 5) == simulate(scenario, machine_with(2), 6));
}

TEST_CASE("Simulator.one golden hash for g++, clang and WebAssembly") {
    Hash hash;
    for (const auto model : all_models) {
        for (const int workers : {1, 2, 3, 7, 16}) {
            for (const int cores : {1, 2, 8}) {
                Scenario scenario = test_scenario(model, workers, 13, mixed());
                scenario.interpreter.switch_interval = workers * 700 * microsecond;
                hash.add(simulate(scenario, machine_with(cores), 42).trace);
            }
        }
    }
    char text[20];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash.value()));
    CHECK(std::string(text) == "a96456ca9edd9bc5");
}

TEST_CASE("Simulator.coroutines are ready when the loop stands; what they wait for is their turn") {
    Machine machine = machine_with(2);
    machine.loop_start = 300 * microsecond;
    const Run run = simulate(test_scenario(ExecutionModel::asyncio, 1, 3, mixed()), machine);
    REQUIRE(run.trace.lanes.size() == 3);
    for (const Lane& lane : run.trace.lanes) {
        CHECK(lane.intervals.front().state == State::starting);
        CHECK(lane.intervals.front().length() == machine.loop_start);
    }
    CHECK(run.trace.lanes.back().intervals.at(1).state == State::idle);
}

TEST_CASE("Simulator.threads under a GIL gain nothing on CPU work; processes and free threads do") {
    const std::vector<Step> work = {Compute{Kernel::sum_of_squares, 300 * millisecond}};
    const auto sequential = test_scenario(ExecutionModel::sequential, 1, 4, work);
    const Machine machine = machine_with(4);
    const double threads = speedup(sequential, test_scenario(ExecutionModel::threads, 4, 4, work), machine);
    CHECK(threads > 0.94);
    CHECK(threads < 1.03);
    CHECK(speedup(sequential, test_scenario(ExecutionModel::processes, 4, 4, work), machine) > 3.5);
    const double free = speedup(sequential, test_scenario(ExecutionModel::free_threaded, 4, 4, work), machine);
    CHECK(free > 3.5);
    CHECK(free < 3.9); // never ideal: the single-thread tax
}

TEST_CASE("Simulator.the one who starts threads waits for the GIL, too") {
    const auto starts = [](ExecutionModel model) {
        const Scenario scenario =
            test_scenario(model, 3, 3, {Compute{Kernel::sum_of_squares, 60 * millisecond}}); // interval: 5 ms
        std::vector<Nanoseconds> ends;
        for (const Lane& lane : simulate(scenario, machine_with(4)).trace.lanes) {
            REQUIRE(lane.intervals.front().state == State::starting);
            ends.push_back(lane.intervals.front().end);
        }
        return ends;
    };
    const std::vector<Nanoseconds> threads = starts(ExecutionModel::threads);
    CHECK(threads[0] < millisecond);
    CHECK(threads[1] >= 5 * millisecond);
    CHECK(threads[2] >= threads[1] + 5 * millisecond);
    CHECK(starts(ExecutionModel::free_threaded)[2] < millisecond);
    CHECK(starts(ExecutionModel::subinterpreters)[2] < 12 * millisecond); // an interpreter's own start
}

TEST_CASE("Simulator.waits overlap in threads and asyncio") {
    const std::vector<Step> wait = {Wait{WaitKind::sleep, 50 * millisecond}};
    const auto sequential = test_scenario(ExecutionModel::sequential, 1, 10, wait);
    for (const auto model : {ExecutionModel::threads, ExecutionModel::asyncio}) {
        CHECK(speedup(sequential, test_scenario(model, 10, 10, wait), machine_with(1)) > 9);
    }
    CHECK(speedup(sequential, test_scenario(ExecutionModel::threads, 5, 10, wait), machine_with(1)) < 5.1);
}

TEST_CASE("Simulator.two CPU-bound threads switch about once per interval") {
    const auto scenario = test_scenario(ExecutionModel::threads, 2, 2, {Compute{Kernel::sum_of_squares, second}});
    const Metrics metrics = derive_metrics(simulate(scenario, machine_with(2)).trace);
    const double per_second = static_cast<double>(metrics.gil_switches) * 1e9 / static_cast<double>(metrics.wall);
    CHECK(per_second > 150);
    CHECK(per_second < 201);
}

TEST_CASE("Simulator.a thread that computes releases because its interval expired, one that waits because it blocks") {
    const auto count = [](const Trace& trace, ReleaseCause cause) {
        int n = 0;
        for (const Lane& lane : trace.lanes) {
            for (const Interval& interval : lane.intervals) n += interval.cause == cause ? 1 : 0;
        }
        return n;
    };
    const auto cpu = test_scenario(ExecutionModel::threads, 3, 3, {Compute{Kernel::sum_of_squares, 50 * millisecond}});
    const Trace computing = simulate(cpu, machine_with(2)).trace;
    CHECK(count(computing, ReleaseCause::interval_expired) > 10);
    CHECK(count(computing, ReleaseCause::task_end) == 3);
    CHECK(count(computing, ReleaseCause::blocking_call) == 0);
    const auto io = test_scenario(ExecutionModel::threads, 3, 9, {Wait{WaitKind::sleep, 5 * millisecond}});
    const Trace waiting = simulate(io, machine_with(2)).trace;
    CHECK(count(waiting, ReleaseCause::blocking_call) == 9);
    CHECK(count(waiting, ReleaseCause::interval_expired) == 0);
}

TEST_CASE("Simulator.convoy: beside a CPU-bound thread a blocking call costs about a switch interval") {
    const auto round_trips_ms = [](Nanoseconds interval) {
        Scenario scenario;
        scenario.model = ExecutionModel::threads;
        scenario.workers = 2;
        scenario.interpreter.switch_interval = interval;
        scenario.tasks.push_back({"cpu", {Compute{Kernel::sum_of_squares, second}}});
        scenario.tasks.push_back({"io", std::vector<Step>(50, Wait{WaitKind::sleep, 10 * microsecond})});
        const Trace trace = simulate(scenario, machine_with(2)).trace;
        Nanoseconds done = 0;
        for (const Interval& interval_of_io : trace.lanes[1].intervals) {
            if (interval_of_io.state != State::idle) done = interval_of_io.end;
        }
        return to_ms(done) / 50;
    };
    CHECK(round_trips_ms(5 * millisecond) > 4.5);
    CHECK(round_trips_ms(5 * millisecond) < 6.5);
    CHECK(round_trips_ms(millisecond) > 0.8);
    CHECK(round_trips_ms(millisecond) < 1.7);
}

TEST_CASE("Simulator.edges: empty programs, zero work, zero costs, the longest steps") {
    Machine free_of_charge = machine_with(1);
    free_of_charge.thread_start = free_of_charge.process_launch = free_of_charge.process_exit = 0;
    free_of_charge.wake_latency = free_of_charge.timer_slack = free_of_charge.io_overhead = 0;
    free_of_charge.process_start = {0, 0, 0};
    free_of_charge.eval_check = 0;
    for (const auto model : all_models) {
        CHECK(find_fault(simulate(test_scenario(model, 3, 3, {}), free_of_charge).trace).empty());
        const std::vector<Step> nothing = {Compute{}, Wait{}, Compute{}};
        CHECK(find_fault(simulate(test_scenario(model, 3, 3, nothing), free_of_charge).trace).empty());
        CHECK(find_fault(simulate(test_scenario(model, 3, 7, mixed()), free_of_charge).trace).empty());
    }
    const std::vector<Step> longest(20, Compute{Kernel::sum_of_squares, 60 * second});
    const Run run = simulate(test_scenario(ExecutionModel::free_threaded, 2, 2, longest), machine_with(1));
    CHECK(run.trace.end >= 2 * 20 * 60 * second);
}
