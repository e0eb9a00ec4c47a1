#include <catch2/catch_test_macros.hpp>

#include "core/base/json.h"
#include "core/experiments/experiment.h"
#include "core/machine/cost_groups.h"
#include "core/machine/machine.h"
#include "core/scenario/scenario_json.h"
#include "core/simulator/simulator.h"
#include "tests/support/test_host.h"

using namespace gil;
using test::all_models;
using test::test_scenario;

namespace {

/// A typical machine of four cores with every cost in `groups` many times as high.
Machine dear(CostGroups groups) {
    const Machine typical{};
    Json json = to_json(typical);
    // What a machine calls typical is what is in these groups.
    Machine named = typical;
    named.calibrated = true;
    named.typical = groups;
    const Json names = to_json(named)["typical"];
    for (const Json& name : names) {
        const std::string text = name.get<std::string>();
        const std::size_t point = text.find('.');
        Json& cost = point == std::string::npos ? json[text] : json[text.substr(0, point)][text.substr(point + 1)];
        cost = text.ends_with("_share") ? 0.123 : text.ends_with("_tax") ? 0.77 : 3 * cost.get<double>() + 0.4;
    }
    auto read = machine_from_json(json);
    INFO((read ? "" : read.error().line()));
    REQUIRE(read);
    return std::move(read.value());
}

/// Whether a simulation of `scenario` comes out the same where all that it does not need costs many times as much.
bool needs_no_more(const Scenario& scenario) {
    const CostGroups others = CostGroups::all().without(costs_needed(scenario)).without({CostGroup::assumed});
    return simulate(scenario, dear(others)).trace == simulate(scenario, dear({})).trace;
}

const std::vector<std::vector<Step>>& all_kinds_of_steps() {
    static const std::vector<std::vector<Step>> kinds = {
        {},
        {Compute{Kernel::sum_of_squares, 7 * millisecond}},
        {NativeCall{Kernel::encryption, 3 * millisecond, true}, NativeCall{Kernel::encryption, millisecond, false}},
        {Wait{WaitKind::sleep, 3 * millisecond}},
        {Wait{WaitKind::http, 3 * millisecond}, Wait{WaitKind::socket, millisecond}},
        {Wait{WaitKind::file, 3 * millisecond}},
        {Wait{WaitKind::database, 3 * millisecond}},
        {Increment{Counter::variable, 2'000, 1, false, false}},
        {Increment{Counter::variable, 2'000, 1, true, true}},
        {Increment{Counter::value, 2'000, 1, false, false}},
        {Increment{Counter::array, 2'000, 1, true, false}},
        {Acquire{1}, Compute{Kernel::sum_of_squares, millisecond}, Release{1}},
        {Send{0}, Send{2'000'000}},
        {Fail{Failure::exception}},
    };
    return kinds;
}

/// With every start method and transport, of a hybrid both kinds.
std::vector<Scenario> kinds_of(const Scenario& scenario) {
    if (!uses_processes(scenario)) return {scenario};
    std::vector<Scenario> kinds;
    for (const auto method : {StartMethod::fork, StartMethod::forkserver, StartMethod::spawn}) {
        for (const auto transport : {Transport::pickle, Transport::shared_memory}) {
            for (const auto hybrid : {HybridKind::threads, HybridKind::asyncio}) {
                Scenario kind = scenario;
                kind.start_method = method;
                kind.transport = transport;
                kind.hybrid = hybrid;
                if (hybrid == HybridKind::threads || scenario.model == ExecutionModel::hybrid) kinds.push_back(kind);
            }
        }
    }
    return kinds;
}

} // namespace

TEST_CASE("CostGroups.a simulation looks at no cost that its scenario does not need") {
    for (const auto model : all_models) {
        for (const std::vector<Step>& steps : all_kinds_of_steps()) {
            for (const std::int64_t bytes : {0, 1'000, 3'000'000}) {
                Scenario scenario = test_scenario(model, 3, 7, steps);
                scenario.threads_per_process = 2;
                for (Task& task : scenario.tasks) task.argument_bytes = task.result_bytes = bytes;
                for (const Scenario& each : kinds_of(scenario)) {
                    INFO(to_json(each).dump().substr(0, 1'000));
                    REQUIRE(needs_no_more(each));
                }
            }
        }
    }
}

TEST_CASE("CostGroups.nor do the experiments, and some need few costs") {
    for (const Experiment& experiment : experiments()) {
        for (const Variant& variant : experiment.make(Knobs(experiment.knobs))) {
            INFO(experiment.id << ", " << variant.name);
            CHECK(needs_no_more(variant.scenario));
        }
    }
    const Experiment& first = experiments().front();
    const CostGroups needed = costs_needed(first.make(Knobs(first.knobs)));
    CHECK(needed.contains(CostGroup::cores));
    CHECK(needed.contains(CostGroup::forkserver));
    using enum CostGroup;
    for (const CostGroup other :
         {messages, transfers, counters, shared_counters, lock_wakes, shared_blocks, fork, spawn})
        CHECK_FALSE(needed.contains(other));
}

TEST_CASE("CostGroups.the check above finds what is looked at") {
    const Scenario pool = test_scenario(ExecutionModel::process_pool, 2, 4, {});
    CHECK(simulate(pool, dear({CostGroup::messages})).trace.end > simulate(pool, dear({})).trace.end);
    const Scenario sleep = test_scenario(ExecutionModel::sequential, 1, 1, {Wait{WaitKind::sleep, millisecond}});
    CHECK(simulate(sleep, dear({CostGroup::timer})).trace.end > simulate(sleep, dear({})).trace.end);
}

TEST_CASE("CostGroups.what a cost rests on is known before it") {
    using enum CostGroup;
    CHECK(with_costs_below({}) == CostGroups{interpreter, cores});
    CHECK(with_costs_below({shared_blocks}) ==
          CostGroups{interpreter, cores, shared_blocks, messages, executor, threads});
    CHECK(with_costs_below(CostGroups::all()) == CostGroups::all());
}
