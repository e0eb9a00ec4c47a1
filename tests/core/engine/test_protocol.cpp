#include <catch2/catch_test_macros.hpp>

#include "core/engine/protocol.h"
#include "core/engine/simulate_report.h"
#include "tests/support/test_host.h"

using namespace gil;

namespace {

Report sample_report() {
    const Experiment& experiment = experiments()[0];
    const Knobs knobs(experiment.knobs);
    Report report = simulate_experiment(experiment, knobs, experiment.make(knobs), Machine{});
    report.variants[1].unavailable = "not here";
    report.variants[1].median_run = {};
    report.variants[0].median_run.outputs[0] = {12, 0xffffffffffffffffu};
    return report;
}

template<class Message>
Json through_bytes(const Message& message) {
    auto json = from_bytes(to_bytes(to_json(message)));
    REQUIRE(json);
    return std::move(json.value());
}

} // namespace

TEST_CASE("Protocol.requests survive the journey as bytes") {
    const RunRequest run{7, "cpu-bound", Json{{"tasks", 3}}, {"threads"}, 5};
    auto read = request_from_json(through_bytes(Request(run)));
    REQUIRE(read);
    const auto& back = std::get<RunRequest>(read.value());
    CHECK(back.id == 7);
    CHECK(back.experiment == "cpu-bound");
    CHECK(back.knobs == run.knobs);
    CHECK(back.variants == run.variants);
    CHECK(back.repeats == 5);

    const auto scenario = test::test_scenario(ExecutionModel::threads, 2, 3, {Wait{WaitKind::sleep, millisecond}});
    auto by_hand = request_from_json(through_bytes(Request(ScenarioRequest{8, scenario, 2})));
    REQUIRE(by_hand);
    CHECK(std::get<ScenarioRequest>(by_hand.value()).scenario == scenario);
}

TEST_CASE("Protocol.a report with its traces survives the journey to the bit") {
    const Report report = sample_report();
    auto read = event_from_json(through_bytes(Event(ResultEvent{3, report})));
    REQUIRE(read);
    const Report& back = std::get<ResultEvent>(read.value()).report;
    CHECK(to_json(back) == to_json(report));
    REQUIRE(back.variants.size() == report.variants.size());
    for (std::size_t i = 0; i < back.variants.size(); ++i) {
        CHECK(back.variants[i].median_run == report.variants[i].median_run);
    }
}

TEST_CASE("Protocol.other events survive the journey") {
    Capabilities capabilities;
    capabilities.engine = "test";
    capabilities.no_threads = "no shared memory";
    capabilities.no_start_method[0] = "no fork";
    auto ready = event_from_json(through_bytes(Event(ReadyEvent{capabilities})));
    REQUIRE(ready);
    CHECK(std::get<ReadyEvent>(ready.value()).capabilities.no_start_method[0] == "no fork");
    auto progress = event_from_json(through_bytes(Event(ProgressEvent{1, "running", "threads", 2, 9, second})));
    REQUIRE(progress);
    CHECK(std::get<ProgressEvent>(progress.value()).total == 9);
    auto alive = event_from_json(through_bytes(Event(AliveEvent{5})));
    REQUIRE(alive);
    CHECK(std::get<AliveEvent>(alive.value()).id == 5);
    CHECK(expected_after(progress.value()) == second);
    CHECK(expected_after(alive.value()) == 0);
    auto begun = event_from_json(through_bytes(Event(BegunEvent{6, Machine{}, "test"})));
    REQUIRE(begun);
    CHECK(std::get<BegunEvent>(begun.value()).engine == "test");
    CHECK(to_json(std::get<BegunEvent>(begun.value()).machine) == to_json(Machine{}));
    const Report report = sample_report();
    for (const VariantReport& variant : report.variants) {
        auto measured = event_from_json(through_bytes(Event(MeasuredEvent{7, variant})));
        REQUIRE(measured);
        const VariantReport& back = std::get<MeasuredEvent>(measured.value()).variant;
        CHECK(back.name == variant.name);
        CHECK(back.unavailable == variant.unavailable);
        CHECK(back.wall_samples_ms == (variant.unavailable.empty() ? variant.wall_samples_ms : std::vector<double>{}));
        CHECK(back.median_run.trace == variant.median_run.trace);
    }
    auto failed = event_from_json(through_bytes(Event(FailedEvent{1, "why"})));
    REQUIRE(failed);
    CHECK(std::get<FailedEvent>(failed.value()).reason == "why");
}

TEST_CASE("Protocol.rubbish is refused with one line") {
    for (const char* text : {R"({})", R"([])", R"("run")", R"({"type": "launch", "id": 1})", R"({"type": "run"})",
                             R"({"type": "run", "id": -1, "experiment": "x"})",
                             R"({"type": "run", "id": 1, "experiment": "x", "repeats": 0})",
                             R"({"type": "run", "id": 1, "experiment": "x", "repeats": 1e9})",
                             R"({"type": "run", "id": 1, "experiment": "x", "variants": [7]})",
                             R"({"type": "run", "id": 1, "experiment": "x", "extra": 1})",
                             R"({"type": "run_scenario", "id": 1, "scenario": {"model": "threads"}})"}) {
        auto request = request_from_json(parse_json(text, "test").value());
        INFO(text);
        REQUIRE_FALSE(request);
        CHECK(request.error().line().find('\n') == std::string::npos);
    }
    for (const char* text :
         {R"({"type": "result", "id": 1, "report": {}})", R"({"type": "ready"})",
          R"({"type": "measured", "id": 1, "variant": {"name": "threads"}})", R"({"type": "begun", "id": 1})",
          R"({"type": "calibrated", "id": 1, "machine": {"cores": -3}})"}) {
        CHECK_FALSE(event_from_json(parse_json(text, "test").value()));
    }
    CHECK_FALSE(from_bytes(std::vector<std::uint8_t>{0xc1, 0xff, 0x00}));
    CHECK_FALSE(from_bytes({}));
    auto cut = to_bytes(to_json(Event(ResultEvent{3, sample_report()})));
    cut.resize(cut.size() / 2);
    CHECK_FALSE(from_bytes(cut));
}
