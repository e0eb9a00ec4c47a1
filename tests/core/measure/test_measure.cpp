// The measured runners on a real clock and real threads; what is asserted is the logic, times only as wide ratios.
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <optional>

#include "core/engine/engine.h"
#include "core/engine/protocol.h"
#include "core/measure/block_calibration.h"
#include "core/measure/cost_calibration.h"
#include "core/measure/measure.h"
#include "core/measure/program.h"
#include "core/measure/session.h"
#include "core/scenario/patience.h"
#include "tests/support/test_host.h"

using namespace gil;
using test::all_models;
using test::test_scenario;
using test::TestHost;

namespace {

Result<Run> measure(TestHost& host, const Scenario& scenario) {
    Result<Run> result = Error{"test", "never called back", {}};
    measure_once(host, scenario, test::test_speeds(), [&](Result<Run> run) { result = std::move(run); });
    host.run_loop();
    return result;
}

std::vector<Step> compute_and_wait() {
    return {Compute{Kernel::sum_of_squares, millisecond}, Wait{WaitKind::sleep, 2 * millisecond},
            Compute{Kernel::sum_of_squares, millisecond}};
}

/// Runs an engine until it has nothing left to do; returns everything it said.
/// Sends all at once, or each when the one before has been answered.
std::vector<Event> ask_engine(TestHost& host, const std::vector<Json>& requests, bool one_by_one = false) {
    std::vector<Event> events;
    Engine engine(host, [&](const Json& message) {
        auto event = event_from_json(message);
        REQUIRE(event);
        events.push_back(std::move(event.value()));
    });
    for (const Json& request : requests) {
        engine.receive(request);
        if (one_by_one) CHECK(host.run_loop(60 * second));
    }
    CHECK(host.run_loop(60 * second));
    return events;
}

} // namespace

TEST_CASE("Measure.every model does all the work soundly with 1, 2, 3, 7, 16 workers") {
    for (const auto model : all_models) {
        for (const int workers : {1, 2, 3, 7, 16}) {
            TestHost host;
            const Scenario scenario = test_scenario(model, workers, 9, compute_and_wait());
            auto run = measure(host, scenario);
            INFO(to_string(model) << ", " << workers << " workers");
            REQUIRE(run);
            CHECK(run.value().origin == Origin::measured);
            CHECK(find_fault(run.value().trace, clock_tolerance) == "");
            CHECK(outputs_are_right(scenario, test::test_speeds(), run.value().outputs));
            const Metrics metrics = derive_metrics(run.value().trace);
            CHECK(metrics.io_wait >= 9 * 2 * millisecond);
        }
    }
}

TEST_CASE("Measure.the one who starts threads waits for the GIL, too") {
    TestHost host;
    Scenario scenario = test_scenario(ExecutionModel::threads, 3, 3, {Compute{Kernel::sum_of_squares, second / 5}});
    scenario.interpreter.switch_interval = 20 * millisecond;
    auto run = measure(host, scenario);
    REQUIRE(run);
    std::vector<Nanoseconds> starts;
    for (const Lane& lane : run.value().trace.lanes) {
        REQUIRE(lane.intervals.front().state == State::starting);
        starts.push_back(lane.intervals.front().end);
    }
    // The second one is started when the first has computed for an interval, and so on.
    CHECK(starts[1] - starts[0] > 15 * millisecond);
    CHECK(starts[2] - starts[1] > 15 * millisecond);
}

TEST_CASE("Measure.threads hand the GIL over because the interval expired, and around blocking calls") {
    TestHost host;
    Scenario scenario = test_scenario(ExecutionModel::threads, 2, 2, {Compute{Kernel::sum_of_squares, second / 4}});
    scenario.interpreter.switch_interval = millisecond;
    auto run = measure(host, scenario);
    REQUIRE(run);
    int expired = 0;
    for (const GilHold& hold : gil_holds(run.value().trace, 0)) {
        expired += hold.cause == ReleaseCause::interval_expired ? 1 : 0;
    }
    CHECK(expired >= 3);

    auto waits = measure(host, test_scenario(ExecutionModel::threads, 2, 4, {Wait{WaitKind::sleep, millisecond}}));
    REQUIRE(waits);
    for (const Lane& lane : waits.value().trace.lanes) {
        for (const Interval& interval : lane.intervals) CHECK(interval.cause != ReleaseCause::interval_expired);
    }
}

TEST_CASE("Measure.waits overlap in threads, processes and asyncio but not sequentially") {
    const std::vector<Step> wait = {Wait{WaitKind::sleep, 30 * millisecond}};
    TestHost host;
    auto sequential = measure(host, test_scenario(ExecutionModel::sequential, 1, 8, wait));
    REQUIRE(sequential);
    CHECK(sequential.value().trace.end >= 8 * 30 * millisecond);
    for (const auto model : {ExecutionModel::threads, ExecutionModel::asyncio, ExecutionModel::processes}) {
        // Waits that do not overlap take 240 ms at least, however often this is tried; a busy machine only adds.
        Nanoseconds shortest = sequential.value().trace.end;
        for (int attempt = 0; attempt < 8 && shortest >= 120 * millisecond; ++attempt) {
            auto run = measure(host, test_scenario(model, 8, 8, wait));
            REQUIRE(run);
            shortest = std::min(shortest, run.value().trace.end);
        }
        INFO(to_string(model));
        CHECK(shortest < 120 * millisecond);
    }
}

TEST_CASE("Measure.a failed request or process is an error that says where") {
    for (const auto model : {ExecutionModel::sequential, ExecutionModel::threads, ExecutionModel::asyncio}) {
        TestHost host;
        host.http_error = "connection refused";
        auto run = measure(host, test_scenario(model, 2, 4, {Wait{WaitKind::http, millisecond}}));
        INFO(to_string(model));
        REQUIRE_FALSE(run);
        CHECK(run.error().line().find("connection refused") != std::string::npos);
    }
    TestHost host;
    host.process_error = "was ended by signal 9";
    CHECK_FALSE(measure(host, test_scenario(ExecutionModel::processes, 2, 2, {})));
}

TEST_CASE("Measure.coroutines are ready from the start; what they wait for is their turn") {
    TestHost host;
    const Step work = Compute{Kernel::sum_of_squares, 2 * millisecond};
    const auto run = measure(host, test_scenario(ExecutionModel::asyncio, 1, 3, {work}));
    REQUIRE(run);
    for (const Lane& lane : run.value().trace.lanes) CHECK(lane.intervals.front().state != State::starting);
    CHECK(run.value().trace.lanes.back().intervals.front().state == State::idle);
}

TEST_CASE("Measure.what a host cannot do is said, not tried") {
    TestHost host;
    host.capabilities_.no_threads = "no shared memory";
    host.capabilities_.no_start_method[0] = "no fork";
    host.capabilities_.max_processes = 4;
    auto threads = measure(host, test_scenario(ExecutionModel::threads, 2, 2, {}));
    REQUIRE_FALSE(threads);
    CHECK(threads.error().what == "no shared memory");
    Scenario fork = test_scenario(ExecutionModel::processes, 2, 2, {});
    fork.start_method = StartMethod::fork;
    CHECK(why_not_measurable(fork, host.capabilities_) == "no fork");
    CHECK_FALSE(why_not_measurable(test_scenario(ExecutionModel::processes, 9, 9, {}), host.capabilities_).empty());
    CHECK(why_not_measurable(test_scenario(ExecutionModel::asyncio, 2, 2, {}), host.capabilities_).empty());
}

TEST_CASE("Session.interleaves its variants and reports each") {
    TestHost host;
    host.capabilities_.no_threads = "no shared memory";
    std::vector<Variant> variants;
    for (const auto model : {ExecutionModel::sequential, ExecutionModel::threads, ExecutionModel::asyncio}) {
        variants.push_back(
            {std::string(to_string(model)), test_scenario(model, 2, 4, {Wait{WaitKind::sleep, 20 * millisecond}})});
    }
    variants[1].series = "a line";
    variants[1].x = 7;
    std::vector<std::string> order;
    std::vector<VariantReport> reports;
    measure_session(host, variants, test::test_speeds(), 3,
                    {[&](const SessionProgress& p) {
                         if (p.phase == "running") order.push_back(p.variant);
                     },
                     [](const VariantReport&) {}},
                    [&](Result<std::vector<VariantReport>> result) {
                        REQUIRE(result);
                        reports = std::move(result.value());
                    });
    REQUIRE(host.run_loop());
    CHECK(order == std::vector<std::string>{"sequential", "asyncio", "asyncio", "sequential", "sequential", "asyncio"});
    REQUIRE(reports.size() == 3);
    CHECK(reports[0].wall_samples_ms.size() == 3);
    CHECK(reports[0].outputs_ok);
    CHECK(reports[1].unavailable == "no shared memory");
    CHECK(reports[1].series == "a line");
    CHECK(reports[1].x == 7);
    CHECK(reports[0].wall_ms.min >= 80); // one wait after the other
    CHECK(reports[2].wall_ms.median < reports[0].wall_ms.median);
}

TEST_CASE("Session.a variant that fails says so, and the others go on") {
    const auto variant = [](ExecutionModel model) {
        return Variant{std::string(to_string(model)), test_scenario(model, 2, 2, {Wait{WaitKind::sleep, millisecond}})};
    };
    const auto measured = [](TestHost& host, const std::vector<Variant>& variants, std::vector<std::string>& order) {
        std::optional<Result<std::vector<VariantReport>>> reports;
        measure_session(host, variants, test::test_speeds(), 2,
                        {[&](const SessionProgress& p) { order.push_back(p.variant); }, [](const VariantReport&) {}},
                        [&](Result<std::vector<VariantReport>> result) { reports = std::move(result); });
        REQUIRE(host.run_loop());
        REQUIRE(reports);
        return std::move(*reports);
    };
    TestHost host;
    host.process_error = "was ended by signal 9";
    std::vector<std::string> order;
    const auto reports = measured(host, {variant(ExecutionModel::processes), variant(ExecutionModel::asyncio)}, order);
    REQUIRE(reports);
    CHECK(order == std::vector<std::string>{"processes", "asyncio", "asyncio", "asyncio"});
    CHECK(has_failed(reports.value()[0]));
    CHECK(reports.value()[0].unavailable.find("signal 9") != std::string::npos);
    CHECK(reports.value()[0].wall_samples_ms.empty());
    CHECK_FALSE(has_failed(reports.value()[1]));
    CHECK(reports.value()[1].wall_samples_ms.size() == 2);

    // Nothing is left to report: then the session itself failed.
    host.capabilities_.no_threads = "no shared memory";
    const auto none = measured(host, {variant(ExecutionModel::processes), variant(ExecutionModel::threads)}, order);
    REQUIRE_FALSE(none);
    CHECK(none.error().line().starts_with("processes"));
    CHECK(none.error().line().find("signal 9") != std::string::npos);
}

TEST_CASE("Engine.calibrates, runs an experiment, reports it") {
    TestHost host;
    const Json knobs = {{"tasks", 2}, {"work_ms", 2}, {"workers", 2}};
    const std::vector<std::string> wanted = {"sequential", "threads", "processes", "free_threaded", "asyncio"};
    const auto events = ask_engine(host, {to_json(Request(RunRequest{5, "cpu-bound", knobs, wanted, 2}))});
    REQUIRE(events.size() > 3);
    CHECK(std::holds_alternative<ReadyEvent>(events.front()));
    REQUIRE(std::holds_alternative<ResultEvent>(events.back()));
    const Report& report = std::get<ResultEvent>(events.back()).report;
    CHECK(std::get<ResultEvent>(events.back()).id == 5);
    CHECK(report.origin == Origin::measured);
    CHECK(report.machine.calibrated);
    CHECK(report.machine.cores >= 1);
    REQUIRE(report.variants.size() == 5);
    for (const VariantReport& variant : report.variants) {
        CHECK(variant.outputs_ok);
        CHECK(variant.wall_ms.samples == 2);
    }
}

TEST_CASE("Measure.a process is waited for much longer than its work takes, and not for ever") {
    const Scenario nothing = test_scenario(ExecutionModel::processes, 2, 2, {});
    CHECK(patience_with(nothing) == 60 * second);
    const Scenario work = test_scenario(ExecutionModel::processes, 2, 10,
                                        {Compute{Kernel::sum_of_squares, second}, Wait{WaitKind::sleep, second}});
    CHECK(patience_with(work) == (60 + 20 * 20) * second);
    const Scenario counting = test_scenario(ExecutionModel::processes, 1, 1,
                                            {Increment{Counter::value, 1'000'000'000'000'000'000, 1, true, false}});
    CHECK(patience_with(counting) == 24 * 3'600 * second);
    CHECK(lost_words(61 * second).find("within 61 s") != std::string::npos);
}

TEST_CASE("Calibration.busy cores are as much slower as the quieter of its runs say, within what the cores allow") {
    // The first worker does its second piece while the other core is idle.
    const auto tax_of = [](const std::vector<double>& together_ms) {
        Machine machine;
        machine.cores = 2;
        const std::vector<CostProbe> probes = cost_probes(machine, Capabilities{});
        REQUIRE(probes.front().group == CostGroup::cores);
        const Probe& probe = probes.front().probe;
        std::vector<Run> runs;
        for (const double together : together_ms) {
            Run run;
            run.trace.lanes.resize(2);
            run.trace.lanes[0].cpu = from_ms(together + 20);
            run.trace.lanes[1].cpu = from_ms(together);
            runs.push_back(run);
        }
        REQUIRE(probe.scenario().workers == 2);
        REQUIRE(static_cast<std::size_t>(probe.repeats) == runs.size());
        probe.use(runs);
        return machine.busy_cores_tax_ppm;
    };
    CHECK(tax_of({22, 22, 22, 22, 22}) == 100'000);
    CHECK(tax_of({40, 22, 40, 22, 40}) == 100'000); // another program had a core three times
    CHECK(tax_of({18, 19, 20, 18, 19}) == 0);
    CHECK(tax_of({40, 40, 40, 40, 40}) == 1'000'000 / 3); // else there would be one core
}

TEST_CASE("Calibration.what blocks of shared memory cost is measured where there are any") {
    TestHost host;
    Machine machine;
    machine.shared_block = machine.shared_fresh_per_mib = machine.shared_map_per_mib = 3'600 * second;
    measure_shared_memory(host, machine);
    CHECK(machine.shared_block < second);
    CHECK(machine.shared_fresh_per_mib < second);
    CHECK(machine.shared_map_per_mib == 0); // the children of this host are threads
    host.capabilities_.no_shared_blocks = "none here";
    machine.shared_block = 7;
    measure_shared_memory(host, machine);
    CHECK(machine.shared_block == 7);
}

TEST_CASE("Engine.a run measures the costs that it needs, and says which it has not measured") {
    TestHost host;
    host.capabilities_.hardware_concurrency = 1; // so it never looks for more; what several cost each other is typical
    const auto ask = [](const std::vector<Step>& steps) {
        return to_json(Request(ScenarioRequest{4, test_scenario(ExecutionModel::sequential, 1, 1, steps), 1}));
    };
    const auto events = ask_engine(host, {ask({}), ask({Wait{WaitKind::sleep, millisecond}}), ask({})}, true);
    std::vector<CostGroups> typical;
    int calibrations = 0;
    for (const Event& event : events) {
        if (const auto* result = std::get_if<ResultEvent>(&event)) typical.push_back(result->report.machine.typical);
        const auto* progress = std::get_if<ProgressEvent>(&event);
        calibrations += progress != nullptr && progress->phase == "calibrating" ? 1 : 0;
    }
    REQUIRE(typical.size() == 3);
    CHECK(calibrations == 2); // the third run needs no more
    using enum CostGroup;
    CHECK(typical[0] == CostGroups::all().without({interpreter}));
    CHECK(typical[1] == typical[0].without({timer}));
    CHECK(typical[2] == typical[1]);
}

TEST_CASE("Engine.what a computer cannot do stays typical in its calibration") {
    TestHost host;
    host.capabilities_.no_processes = "none here";
    const auto events = ask_engine(host, {to_json(Request(CalibrateRequest{6}))});
    REQUIRE(std::holds_alternative<CalibratedEvent>(events.back()));
    const CostGroups typical = std::get<CalibratedEvent>(events.back()).machine.typical;
    using enum CostGroup;
    for (const CostGroup group : {fork, forkserver, spawn, messages, transfers, large_transfers, shared_counters,
                                  lock_wakes, shared_blocks, assumed}) {
        INFO("group " << static_cast<int>(group));
        CHECK(typical.contains(group));
    }
    // Nor the cores, whose price cannot be told where only one was free.
    for (const CostGroup group : {interpreter, threads, timer, event_loop, executor, copies, interpreters}) {
        INFO("group " << static_cast<int>(group));
        CHECK_FALSE(typical.contains(group));
    }
}

TEST_CASE("Engine.a calibration that fails is told; one bad run in it is tried again") {
    TestHost broken;
    broken.process_error = "was ended by signal 9";
    const auto told = ask_engine(broken, {to_json(Request(CalibrateRequest{3}))});
    const auto* failed = std::get_if<FailedEvent>(&told.back());
    REQUIRE(failed != nullptr);
    CHECK(failed->id == 3);
    CHECK(failed->reason.find("calibration") == 0);
    CHECK(failed->reason.find("was ended by signal 9") != std::string::npos);

    TestHost unlucky;
    unlucky.capabilities_.no_shared_blocks = "not needed here";
    unlucky.dying_process = 4;
    const auto events = ask_engine(unlucky, {to_json(Request(CalibrateRequest{3}))});
    REQUIRE(std::holds_alternative<CalibratedEvent>(events.back()));
    const CostGroups typical = std::get<CalibratedEvent>(events.back()).machine.typical;
    using enum CostGroup;
    for (const CostGroup group : {fork, forkserver, spawn, messages, transfers, large_transfers, copies, files})
        CHECK_FALSE(typical.contains(group));
    CHECK(typical.contains(shared_blocks));
    CHECK(typical.contains(assumed));
}

TEST_CASE("Engine.what cannot be measured here is answered at once, without a calibration") {
    TestHost host;
    host.capabilities_.no_threads = "no shared memory";
    const Scenario threads = test_scenario(ExecutionModel::threads, 1, 1, {});
    const auto events = ask_engine(host, {to_json(Request(ScenarioRequest{4, threads, 1}))});
    REQUIRE(events.size() == 4); // after "ready": it begins, why not, the answer
    CHECK(std::holds_alternative<BegunEvent>(events[1]));
    CHECK(std::holds_alternative<MeasuredEvent>(events[2]));
    REQUIRE(std::holds_alternative<ResultEvent>(events.back()));
    const Report& report = std::get<ResultEvent>(events.back()).report;
    CHECK_FALSE(report.machine.calibrated);
    CHECK(report.variants.front().unavailable == "no shared memory");
}

TEST_CASE("Engine.answers every bad request with one failure and goes on") {
    TestHost host;
    host.capabilities_.no_threads = host.capabilities_.no_processes = "not needed here"; // less to calibrate
    const auto events = ask_engine(
        host, {Json{{"type", "dance"}}, Json(7), to_json(Request(RunRequest{1, "no-such", Json::object(), {}, 1})),
               to_json(Request(RunRequest{2, "cpu-bound", Json{{"tasks", 0}}, {}, 1})),
               to_json(Request(RunRequest{3, "cpu-bound", Json::object(), {"fibers"}, 1})),
               to_json(Request(ScenarioRequest{4, test_scenario(ExecutionModel::sequential, 1, 1, {}), 1})),
               to_json(Request(CalibrateRequest{9}))});
    int failures = 0;
    int results = 0;
    for (const Event& event : events) {
        failures += std::holds_alternative<FailedEvent>(event) ? 1 : 0;
        results += std::holds_alternative<ResultEvent>(event) ? 1 : 0;
    }
    CHECK(failures == 6); // five bad ones, and the calibration that met a busy engine
    CHECK(results == 1);
}
