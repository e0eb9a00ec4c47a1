// Short cuts of the simulator change nothing, what is not recorded still counts, and every simulation has an end.
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <string>

#include "core/engine/simulate_report.h"
#include "core/experiments/experiment.h"
#include "core/scenario/scenario_json.h"
#include "core/simulator/event_queue.h"
#include "core/trace/metrics.h"
#include "tests/support/test_host.h"
#include "ui/state/model.h"

using namespace gil;
using test::all_models;
using test::test_scenario;

namespace {

/// Below `bound`.
std::size_t pick(sim::Random& random, std::size_t bound) {
    return static_cast<std::size_t>(random.below(bound));
}

Step random_step(sim::Random& random, Nanoseconds unit) {
    const auto time = static_cast<Nanoseconds>(random.below(static_cast<std::uint64_t>(3 * unit)));
    switch (random.below(8)) {
    case 0:
        return Wait{WaitKind::sleep, time};
    case 1:
        return NativeCall{Kernel::numeric, time, random.below(2) == 0};
    case 2:
        return Increment{Counter::variable, static_cast<std::int64_t>(random.below(20'000)), 1, random.below(2) == 0,
                         random.below(2) == 0};
    case 3:
        return Wait{WaitKind::file, time / 10};
    default:
        return Compute{Kernel::sum_of_squares, time};
    }
}

/// Mostly of few threads that compute, with a GIL that passes on often.
Scenario random_scenario(sim::Random& random) {
    constexpr std::array<Nanoseconds, 5> intervals = {1'000, 20'000, 100'000, millisecond, 5 * millisecond};
    constexpr std::array<ExecutionModel, 4> with_gil = {ExecutionModel::threads, ExecutionModel::thread_pool,
                                                        ExecutionModel::hybrid, ExecutionModel::threads};
    Scenario scenario;
    scenario.model = random.below(4) == 0 ? all_models[pick(random, all_models.size())] : with_gil[pick(random, 4)];
    scenario.workers = 1 + static_cast<int>(random.below(4));
    scenario.threads_per_process = 1 + static_cast<int>(random.below(3));
    scenario.interpreter.switch_interval = intervals[pick(random, intervals.size())];
    scenario.interpreter.eval_check = random.below(2) == 0 ? EvalCheck::back_edge : EvalCheck::every_bytecode;
    const Nanoseconds unit = scenario.interpreter.switch_interval * 5 + 300 * microsecond;
    for (std::size_t task = 0, tasks = 1 + pick(random, 5); task < tasks; ++task) {
        std::vector<Step> steps;
        for (std::size_t step = 0, count = pick(random, 5); step < count; ++step) {
            steps.push_back(random_step(random, unit));
        }
        if (random.below(30) == 0) steps.push_back(Fail{random.below(2) == 0 ? Failure::exception : Failure::abort});
        scenario.tasks.push_back({"task", steps});
    }
    return scenario;
}

Machine random_machine(sim::Random& random) {
    constexpr std::array<Nanoseconds, 3> latencies = {0, 5'000, 50'000};
    Machine machine;
    machine.cores = 1 + static_cast<int>(random.below(4));
    machine.busy_cores_tax_ppm = random.below(2) == 0 ? 0 : 60'000;
    machine.wake_latency = latencies[pick(random, 3)];
    machine.timer_slack = latencies[pick(random, 3)];
    machine.eval_check = random.below(3) == 0 ? 0 : 50;
    return machine;
}

/// Equal but for how many intervals did not fit.
void check_same_figures(const Metrics& a, const Metrics& b) {
    CHECK(a.wall == b.wall);
    CHECK(a.starting == b.starting);
    CHECK(a.running == b.running);
    CHECK(a.native == b.native);
    CHECK(a.gil_wait == b.gil_wait);
    CHECK(a.io_wait == b.io_wait);
    CHECK(a.lock_wait == b.lock_wait);
    CHECK(a.serialising == b.serialising);
    CHECK(a.cpu == b.cpu);
    CHECK(a.gil_switches == b.gil_switches);
    CHECK(a.gil_busy == b.gil_busy);
    CHECK(a.bytes_serialised == b.bytes_serialised);
}

/// Of the lanes of `whole`, which has them all, `cut` shows the beginning.
void check_beginning(const Trace& cut, const Trace& whole) {
    REQUIRE(cut.lanes.size() <= whole.lanes.size());
    for (std::size_t i = 0; i < cut.lanes.size(); ++i) {
        const auto& some = cut.lanes[i].intervals;
        const auto& all = whole.lanes[i].intervals;
        REQUIRE(some.size() <= all.size());
        REQUIRE_FALSE(some.empty());
        CHECK(std::equal(some.begin(), some.end() - 1, all.begin()));
        CHECK(some.back().begin == all[some.size() - 1].begin);
    }
}

Scenario two_threads(Nanoseconds work, Nanoseconds interval) {
    Scenario scenario = test_scenario(ExecutionModel::threads, 2, 2, {Compute{Kernel::sum_of_squares, work}});
    scenario.interpreter.switch_interval = interval;
    return scenario;
}

} // namespace

TEST_CASE("Simulator.taking turns at the GIL in one go gives what every single event gives") {
    sim::Random random(2024);
    std::uint64_t events = 0;
    std::uint64_t every_event = 0;
    for (int round = 0; round < 400; ++round) {
        const Scenario scenario = random_scenario(random);
        const Machine machine = random_machine(random);
        INFO("round " << round << ": " << dump_json(to_json(scenario)) << dump_json(to_json(machine)));
        SimulationStats fast;
        SimulationStats slow;
        Budget one_by_one;
        one_by_one.every_event = true;
        const Run run = simulate(scenario, machine, random.next(), &fast);
        const auto seed = random.next();
        REQUIRE(simulate(scenario, machine, seed, &fast) == simulate(scenario, machine, seed, &slow, one_by_one));
        CHECK(find_fault(run.trace).empty());
        events += fast.events;
        every_event += slow.events;
    }
    CHECK(events < every_event * 2); // two runs against one: the short cut was taken
    // Where they do nothing else, hardly any event is left.
    SimulationStats stats;
    const Run run = simulate(two_threads(10 * second, 1'000), Machine{}, 1, &stats);
    const Metrics metrics = derive_metrics(run.trace);
    CHECK(metrics.gil_switches > 150'000);
    CHECK(stats.events < 1'000);
}

TEST_CASE("Simulator.rounds of time slices in one go give what every single event gives") {
    constexpr std::array<ExecutionModel, 5> models = {ExecutionModel::processes, ExecutionModel::process_pool,
                                                      ExecutionModel::free_threaded, ExecutionModel::subinterpreters,
                                                      ExecutionModel::hybrid};
    sim::Random random(31);
    std::uint64_t events = 0;
    std::uint64_t every_event = 0;
    for (int round = 0; round < 150; ++round) {
        Scenario scenario = random_scenario(random);
        scenario.model = models[pick(random, models.size())];
        scenario.workers = 2 + static_cast<int>(random.below(9));
        scenario.threads_per_process = 1;
        for (int more = scenario.workers; more > 0; --more) {
            std::vector<Step> steps;
            for (std::size_t step = 0, count = 1 + pick(random, 2); step < count; ++step) {
                const bool counts = random.below(12) == 0;
                const auto work = static_cast<Nanoseconds>(random.below(600 * millisecond));
                steps.push_back(counts ? Step(Increment{Counter::value, 3'000'000, 1, random.below(2) == 0, false})
                                       : Step(Compute{Kernel::sum_of_squares, work}));
            }
            scenario.tasks.push_back({"works", steps});
        }
        Machine machine = random_machine(random);
        machine.wake_latency = 50'000; // without one, those who count under a lock wake each other at every turn
        machine.time_slice = random.below(2) == 0 ? 3 * millisecond : 777'777;
        INFO("round " << round << ": " << dump_json(to_json(scenario)) << dump_json(to_json(machine)));
        SimulationStats fast;
        SimulationStats slow;
        Budget one_by_one;
        one_by_one.every_event = true;
        const auto seed = random.next();
        REQUIRE(simulate(scenario, machine, seed, &fast) == simulate(scenario, machine, seed, &slow, one_by_one));
        events += fast.events;
        every_event += slow.events;
    }
    CHECK(events < every_event / 2);
    SimulationStats stats;
    const auto longest =
        test_scenario(ExecutionModel::processes, 8, 80, {Compute{Kernel::sum_of_squares, 60 * second}});
    const Run run = simulate(longest, Machine{}, 1, &stats);
    CHECK(run.trace.end > 80 * 60 * second / 4);
    CHECK(stats.events < 10'000); // of 3 million
}

TEST_CASE("Simulator.figures are exact whatever the trace could keep") {
    sim::Random random(7);
    int cut_short = 0;
    for (int round = 0; round < 200; ++round) {
        const Scenario scenario = random_scenario(random);
        const Machine machine = random_machine(random);
        INFO("round " << round << ": " << dump_json(to_json(scenario)) << dump_json(to_json(machine)));
        const auto seed = random.next();
        const Run whole = simulate(scenario, machine, seed);
        Budget little;
        little.bytes_per_interval = little.max_bytes / (1 + random.below(60));
        Run run = simulate(scenario, machine, seed, nullptr, little);
        CHECK(find_fault(run.trace) == "");
        check_same_figures(derive_metrics(run.trace), derive_metrics(whole.trace));
        CHECK(run.outputs == whole.outputs);
        CHECK(run.observations == whole.observations);
        CHECK_FALSE(run.stop);
        if (derive_metrics(run.trace).dropped_intervals == 0) {
            CHECK(run == whole);
        } else {
            check_beginning(run.trace, whole.trace);
            ++cut_short;
        }
    }
    CHECK(cut_short > 50);
}

TEST_CASE("Simulator.the figures of a long trace are not those of its kept part alone") {
    // 360,000 intervals a lane, of which 200,000 were kept once; the GIL cannot be busy for more than all of the time.
    const Metrics metrics = derive_metrics(simulate(two_threads(20 * second, 1'000), Machine{}).trace);
    CHECK(metrics.running == 40 * second);
    CHECK(metrics.gil_busy < 1);
    CHECK(metrics.gil_switches > 300'000);
}

TEST_CASE("Simulator.a budget of events stops every model at a sound trace, and tells where") {
    const std::vector<Step> steps = {Compute{Kernel::sum_of_squares, 7 * millisecond},
                                     Wait{WaitKind::sleep, 3 * millisecond}, Increment{Counter::value, 5'000, 1},
                                     Send{1'000}, Wait{WaitKind::file, millisecond}};
    for (const auto model : all_models) {
        for (const auto hybrid : {HybridKind::threads, HybridKind::asyncio}) {
            Scenario scenario = test_scenario(model, 3, 20, steps);
            if (model == ExecutionModel::hybrid) scenario.hybrid = hybrid;
            scenario.tasks[3].argument_bytes = scenario.tasks[3].result_bytes = 10'000;
            const Run whole = simulate(scenario, Machine{});
            REQUIRE_FALSE(whole.stop);
            for (const std::uint64_t most : {1u, 17u, 100u, 300u, 700u}) {
                INFO(to_string(model) << " after " << most << " events");
                Budget budget;
                budget.max_events = most;
                SimulationStats stats;
                const Run run = simulate(scenario, Machine{}, 1, &stats, budget);
                if (!run.stop) {
                    CHECK(run == whole);
                    continue;
                }
                CHECK(stats.spent_events <= most + 100); // an event may cause others before it is over
                CHECK(run.stop->reason == Stop::Reason::events);
                CHECK(run.stop->limit == most);
                CHECK(run.stop->at == run.trace.end);
                CHECK(run.stop->tasks_done < 20);
                CHECK(find_fault(run.trace) == "");
                check_beginning(run.trace, whole.trace);
                CHECK(run.observations.empty());
                CHECK(run.outputs.size() == 20);
                CHECK(run == simulate(scenario, Machine{}, 1, nullptr, budget));
            }
        }
    }
}

TEST_CASE("Simulator.a budget of memory that not even the tasks fit into simulates nothing") {
    Budget budget;
    budget.max_bytes = 1 << 20;
    for (const auto model : all_models) {
        const Run run = simulate(test_scenario(model, 1'024, 10'000, {Compute{}}), Machine{}, 1, nullptr, budget);
        REQUIRE(run.stop);
        CHECK(run.stop->reason == Stop::Reason::memory);
        CHECK(run.trace.end == 0);
        CHECK(find_fault(run.trace) == "");
        CHECK(stop_text(*run.stop, 10'000).find("1 MiB of memory") != std::string::npos);
    }
}

TEST_CASE("Simulator.a thousand interrupted bursts leave no thousand events") {
    sim::EventQueue queue;
    Nanoseconds latest = 0;
    for (Nanoseconds time = 1; time <= 100'000; ++time) {
        queue.push(time, sim::EventKind::burst_end, 0, static_cast<std::uint32_t>(time));
        const auto is_old = [&](const sim::Event& event) { return event.time < time; };
        if (queue.is_crowded()) latest = std::max(latest, queue.drop(is_old));
        REQUIRE(queue.pending().size() < 1'000);
    }
    CHECK(latest > 90'000);
}

TEST_CASE("Simulator.equal tasks share their steps, also in a copy of the scenario") {
    const auto json = parse_json(
        R"({"model": "asyncio", "tasks": [{"count": 10000, "steps": [{"wait": {"ms": 1}}]}, {"steps": []}]})", "text");
    REQUIRE(json);
    CHECK_FALSE(scenario_from_json(json.value())); // one task too many
    const Scenario scenario = test_scenario(ExecutionModel::asyncio, 1, 10'000, std::vector<Step>(1'000, Wait{}));
    const Scenario copy = scenario;
    CHECK(copy.tasks.back().steps.shares_with(scenario.tasks.front().steps));
    auto read = scenario_from_json(to_json(test_scenario(ExecutionModel::threads, 2, 9, {Wait{}, Compute{}})));
    REQUIRE(read);
    CHECK(read.value().tasks[8].steps.shares_with(read.value().tasks[0].steps));
    CHECK(read.value().tasks[8].steps.size() == 2);
}

TEST_CASE("Simulator.a report of what was stopped judges nothing and has no speed-up of it") {
    for (const Experiment& experiment : experiments()) {
        INFO(experiment.id);
        const Knobs knobs(experiment.knobs);
        const auto variants = experiment.make(knobs);
        Budget budget;
        budget.max_events = variants.size() * 12; // each gets a share
        const Report report = simulate_experiment(experiment, knobs, variants, Machine{}, 1, budget);
        const VariantReport* stopped = find_stopped(report);
        REQUIRE(stopped != nullptr);
        CHECK(stopped->speedup == 0);
        CHECK(report.verdict.holds == Holds::cannot_tell);
        CHECK(report.verdict.headline.starts_with("Cannot be judged"));
        CHECK(report.verdict.why.find("was not simulated to its end: stopped at ") != std::string::npos);
        for (const VariantReport& variant : report.variants) {
            CHECK(find_fault(variant.median_run.trace) == "");
            if (variant.median_run.stop) CHECK(variant.speedup == 0);
        }
    }
    Budget budget;
    budget.max_events = 50;
    const Report report = simulate_scenario(two_threads(second, millisecond), Machine{}, 1, budget);
    CHECK(report.verdict.holds == Holds::cannot_tell);
    CHECK(report.verdict.why.starts_with("It was stopped at "));
    CHECK(ui::simulated_time_text(report.variants[0]).starts_with("over "));
    CHECK(report.verdict.why.find("0 of 2 tasks done: it came to its limit of 50 events") != std::string::npos);
}

TEST_CASE("Simulator.the defaults of no experiment come near the budget of the page") {
    for (const Experiment& experiment : experiments()) {
        INFO(experiment.id);
        const Knobs knobs(experiment.knobs);
        const Report report =
            simulate_experiment(experiment, knobs, experiment.make(knobs), Machine{}, 1, interactive_budget);
        CHECK(find_stopped(report) == nullptr);
        for (const VariantReport& variant : report.variants) CHECK(variant.metrics.dropped_intervals == 0);
    }
}

namespace {

struct Corner {
    const char* what;
    Step step;
    std::size_t steps = 1'000;
};

/// The most tasks and steps there may be.
Scenario corner_scenario(ExecutionModel model, const Corner& corner, int cores) {
    Scenario scenario = test_scenario(model, 1'024, 10'000, std::vector<Step>(corner.steps, corner.step));
    scenario.interpreter.switch_interval = from_ms(limits::min_switch_interval_ms);
    scenario.threads_per_process = cores > 8 ? limits::max_measured_workers : 2;
    return scenario;
}

} // namespace

TEST_CASE("Simulator.every corner of the limits ends soon within a tenth of the default budget", "[long][attack]") {
    const std::array<Corner, 7> corners = {{{"longest work", Compute{Kernel::sum_of_squares, 60 * second}},
                                            {"no work", Compute{}},
                                            {"waits", Wait{WaitKind::sleep, millisecond}},
                                            {"files", Wait{WaitKind::file, 60 * second}},
                                            {"native", NativeCall{Kernel::numeric, 100 * microsecond, false}},
                                            {"counting", Increment{Counter::value, limits::max_increments, 1, true}},
                                            {"messages", Send{1}}}};
    for (const auto model : all_models) {
        for (const Corner& corner : corners) {
            for (const int cores : {4, 1'024}) {
                INFO(to_string(model) << ", " << corner.what << ", " << cores << " cores");
                const Scenario scenario = corner_scenario(model, corner, cores);
                Machine machine;
                machine.cores = cores;
                machine.busy_cores_tax_ppm = 30'000;
                Budget budget;
                budget.max_events /= 10;
                const auto begin = std::chrono::steady_clock::now();
                const Run run = simulate(scenario, machine, 1, nullptr, budget);
                const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
                CHECK(took.count() < 10); // about 0.3 s on a slow machine that is idle
                CHECK(find_fault(run.trace) == "");
            }
        }
    }
}
