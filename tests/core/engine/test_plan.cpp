// A run as far as it has come: what a reader who stops it keeps.
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "core/engine/engine.h"
#include "core/engine/plan.h"
#include "tests/support/test_host.h"

using namespace gil;
using test::TestHost;

namespace {

const Json small_knobs = {{"tasks", 2}, {"work_ms", 1}, {"workers", 2}};
const RunRequest three_variants{3, "cpu-bound", small_knobs, {"sequential", "threads", "asyncio"}, 2};

Plan plan_for(const RunRequest& request) {
    auto plan = plan_of(request);
    REQUIRE(plan);
    return std::move(plan.value());
}

/// Everything that an engine says of that request.
std::vector<Event> events_of(const RunRequest& request) {
    TestHost host;
    std::vector<Event> events;
    Engine engine(host, [&](const Json& message) {
        auto bytes = from_bytes(to_bytes(message));
        REQUIRE(bytes);
        auto event = event_from_json(bytes.value());
        REQUIRE(event);
        events.push_back(std::move(event.value()));
    });
    engine.receive(to_json(Request(request)));
    REQUIRE(host.run_loop(60 * second));
    return events;
}

} // namespace

TEST_CASE("Plan.a stopped run keeps each variant with a whole counted run, and judges nothing without the others") {
    const std::vector<Event> events = events_of(three_variants);
    REQUIRE(std::holds_alternative<ResultEvent>(events.back()));
    const Report& whole = std::get<ResultEvent>(events.back()).report;
    CHECK_FALSE(whole.stopped);

    RunSoFar run(plan_for(three_variants));
    std::map<std::string, int> told;
    for (const Event& event : events) {
        if (const auto* begun = std::get_if<BegunEvent>(&event)) run.take(*begun);
        const auto* measured = std::get_if<MeasuredEvent>(&event);
        if (measured == nullptr) continue;
        if (told.empty()) CHECK_FALSE(run.stopped());
        ++told[measured->variant.name];
        run.take(*measured);
        const auto report = run.stopped();
        REQUIRE(report);
        CHECK(report->stopped);
        CHECK(report->machine.calibrated);
        CHECK(report->engine == whole.engine);
        REQUIRE(report->variants.size() == 3);
        const VariantReport* kept = find_variant(*report, measured->variant.name);
        REQUIRE(kept);
        CHECK(kept->wall_ms.samples == told[kept->name]);
        CHECK(kept->scenario.tasks.size() == 2);
        CHECK_FALSE(kept->median_run.trace.lanes.empty());
        if (told.size() == 3) continue;
        CHECK(report->verdict.holds == Holds::cannot_tell);
        CHECK(report->verdict.headline == "Cannot be judged: the run was stopped.");
        CHECK(report->verdict.why == "By then " + std::to_string(told.size()) + " of 3 variants had been measured.");
        const auto missing = [](const VariantReport& variant) {
            return variant.unavailable == "the run was stopped before it was measured" && !has_failed(variant);
        };
        CHECK(std::ranges::count_if(report->variants, missing) == static_cast<long>(3 - told.size()));
    }
    CHECK(told == std::map<std::string, int>{{"asyncio", 2}, {"sequential", 2}, {"threads", 2}});
    // With all of them there is nothing that it lacks.
    const auto report = run.stopped();
    REQUIRE(report);
    CHECK(report->verdict.headline == whole.verdict.headline);
    Json json = to_json(*report);
    CHECK(json["stopped"] == true);
    json.erase("stopped");
    CHECK(json == to_json(whole));
}

TEST_CASE("Plan.what cannot be measured, or failed, is known of a stopped run, too") {
    RunSoFar run(plan_for(three_variants));
    VariantReport absent;
    absent.name = "threads";
    absent.unavailable = std::string(failure_mark) + "process 1 was ended";
    run.take(MeasuredEvent{3, absent});
    CHECK_FALSE(run.stopped());
    VariantReport other = absent;
    other.name = "no variant of this run";
    run.take(MeasuredEvent{3, other});
    VariantReport ran = summarise({"asyncio", {}, {}, 0}, {Run{}}, true);
    run.take(MeasuredEvent{3, ran});
    const auto report = run.stopped();
    REQUIRE(report);
    CHECK(has_failed(report->variants[1]));
    CHECK(report->variants[2].unavailable.empty());
    CHECK(report->variants.size() == 3);
}

TEST_CASE("Plan.a run of thousands of tasks tells of a variant once, with its last run") {
    ScenarioRequest request;
    request.id = 1;
    request.repeats = 3;
    request.scenario = test::test_scenario(ExecutionModel::asyncio, 2, 6'000, {});
    TestHost host;
    std::vector<int> samples;
    Engine engine(host, [&](const Json& message) {
        if (message["type"] != "measured") return;
        samples.push_back(static_cast<int>(message["variant"]["wall_samples_ms"].size()));
    });
    engine.receive(to_json(Request(request)));
    REQUIRE(host.run_loop(60 * second));
    CHECK(samples == std::vector<int>{3});
}

TEST_CASE("Plan.progress says how long what follows may take without a word") {
    for (const Event& event : events_of(three_variants)) {
        const auto* progress = std::get_if<ProgressEvent>(&event);
        if (progress == nullptr) continue;
        INFO(progress->phase << " " << progress->variant);
        CHECK(progress->expected == (progress->phase == "calibrating" ? 0 : 2 * millisecond));
    }
}

TEST_CASE("Plan.a request that makes no sense is an error") {
    CHECK_FALSE(plan_of(RunRequest{1, "nonsense", Json::object(), {}, 1}));
    CHECK_FALSE(plan_of(RunRequest{1, "cpu-bound", Json{{"nonsense", 1}}, {}, 1}));
    CHECK_FALSE(plan_of(RunRequest{1, "cpu-bound", Json::object(), {"nonsense"}, 1}));
}
