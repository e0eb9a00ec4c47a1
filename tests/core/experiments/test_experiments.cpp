// One loop over every experiment: whatever is in the table must make, simulate and judge. What each judge says when its
// claim fails is in test_experiments_<group>.cpp.
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <set>

#include "core/engine/simulate_report.h"
#include "core/experiments/scenario_verdict.h"
#include "core/measure/session.h"
#include "core/scenario/scenario_json.h"
#include "core/simulator/simulator.h"
#include "tests/support/experiment_reports.h"

using namespace gil;
using test::machine_with;
using test::says;
using test::simulated;

namespace {

bool is_clean(std::string_view text) {
    return !text.empty() && text.find('{') == std::string_view::npos;
}

std::vector<Variant> default_variants(const Experiment& experiment) {
    return experiment.make(Knobs(experiment.knobs));
}

} // namespace

TEST_CASE("Experiments.all sixteen claims are there, in four groups") {
    std::set<std::string_view> ids;
    std::vector<std::string_view> groups;
    for (const Experiment& experiment : experiments()) {
        CHECK(ids.insert(experiment.id).second);
        CHECK(find_experiment(experiment.id) == &experiment);
        if (groups.empty() || groups.back() != experiment.group) groups.push_back(experiment.group);
    }
    CHECK(ids.size() == 16);
    CHECK(groups == std::vector<std::string_view>{"The lock", "Waiting", "Processes", "Choosing"});
    CHECK(find_experiment("no-such") == nullptr);
}

TEST_CASE("Experiments.each describes itself") {
    for (const Experiment& experiment : experiments()) {
        INFO(experiment.id);
        CHECK(is_clean(experiment.label));
        CHECK(is_clean(experiment.title));
        CHECK(is_clean(experiment.claim));
        CHECK(is_clean(experiment.why));
        CHECK_FALSE(experiment.knobs.empty());
        for (const Knob& knob : experiment.knobs) {
            INFO(knob.name);
            CHECK(is_clean(knob.title));
            CHECK(is_clean(knob.help));
            CHECK((knob.min <= knob.fallback && knob.fallback <= knob.max && knob.min < knob.max));
        }
    }
}

TEST_CASE("Experiments.the variants have names of their own, and a sweep has an axis") {
    for (const Experiment& experiment : experiments()) {
        INFO(experiment.id);
        std::set<std::string> names;
        bool sweeps = false;
        for (const Variant& variant : default_variants(experiment)) {
            INFO(variant.name);
            CHECK(names.insert(variant.name).second);
            if (variant.series.empty()) continue;
            sweeps = true;
            CHECK(variant.x > 0);
            CHECK(variant.name.rfind(variant.series + '@', 0) == 0);
        }
        CHECK(sweeps == !experiment.axis.title.empty());
    }
}

TEST_CASE("Experiments.each holds with its defaults, in three sentences at most") {
    for (const Experiment& experiment : experiments()) {
        const Verdict verdict = simulated(experiment.id).verdict;
        INFO(experiment.id << ": " << verdict.headline << " " << verdict.why);
        CHECK(verdict.holds == Holds::yes);
        CHECK(is_clean(verdict.why));
        CHECK(verdict.why.size() <= 340);
    }
}

TEST_CASE("Experiments.the defaults are measured within ten seconds on two cores") {
    constexpr double repeats = 3;
    for (const Experiment& experiment : experiments()) {
        const Report report = simulated(experiment.id, Json::object(), 2);
        double total = 0;
        for (const VariantReport& variant : report.variants) {
            const Run warm_up = simulate(shortened(variant.scenario), report.machine);
            total += to_ms(warm_up.trace.end) + repeats * variant.wall_ms.median;
        }
        INFO(experiment.id << " takes " << total << " ms");
        CHECK(total <= 10'000);
    }
}

TEST_CASE("Experiments.every extreme of every knob makes sound traces of scenarios within the limits") {
    for (const Experiment& experiment : experiments()) {
        for (const Knob& knob : experiment.knobs) {
            for (const double value : {-1e300, 1e300}) {
                Knobs knobs(experiment.knobs);
                knobs.set_number(knob.name, value);
                INFO(experiment.id << " " << knob.name << "=" << knobs.text(knob.name));
                const Report report = simulate_experiment(experiment, knobs, experiment.make(knobs), machine_with(2));
                CHECK_FALSE(report.verdict.why.empty());
                for (const VariantReport& variant : report.variants) {
                    INFO(variant.name);
                    CHECK(find_fault(variant.median_run.trace) == "");
                    auto accepted = scenario_from_json(to_json(variant.scenario));
                    REQUIRE(accepted);
                    CHECK(accepted.value() == variant.scenario);
                }
            }
        }
    }
}

TEST_CASE("Experiments.each answers cannot tell when nothing ran, whatever the reason") {
    for (const Experiment& experiment : experiments()) {
        INFO(experiment.id);
        test::ChosenReport nothing(experiment.id);
        for (const Variant& variant : default_variants(experiment)) nothing.unavailable(variant.name, "needs magic");
        CHECK(nothing.judge().holds == Holds::cannot_tell);
        CHECK(says(nothing.judge(), "needs magic"));

        const Knobs knobs(experiment.knobs);
        const Report empty = simulate_experiment(experiment, knobs, {}, machine_with(4));
        CHECK(empty.verdict.holds == Holds::cannot_tell);
        CHECK(says(empty.verdict, "left out"));
    }
}

TEST_CASE("Experiments.a report without one of its variants is judged without a crash") {
    for (const Experiment& experiment : experiments()) {
        for (const Variant& variant : default_variants(experiment)) {
            INFO(experiment.id << " without " << variant.name);
            test::ChosenReport report(experiment.id);
            report.unavailable(variant.name, "needs magic");
            CHECK_FALSE(report.judge().why.empty());
        }
    }
}

TEST_CASE("Experiments.what only a trace tells is not told of a run without one") {
    for (const Experiment& experiment : experiments()) {
        test::ChosenReport report(experiment.id);
        const Verdict verdict = report.from_cpython().judge();
        INFO(experiment.id << ": " << verdict.why);
        CHECK(says({.headline = {}, .why = verdict.headline}, "in CPython 3.11.2 with a GIL."));
        CHECK_FALSE(verdict.why.empty());
        for (const char* traced : {"held the GIL", "GIL was held", "waited for the GIL", "Waiting for the GIL",
                                   "had started", "of the waits", "Packing", "longest"}) {
            CHECK_FALSE(says(verdict, traced));
        }
    }
}

TEST_CASE("Experiments.a missing, wrong or noisy variant is not judged") {
    const Experiment& experiment = *find_experiment("cpu-bound");
    const Report good = simulated("cpu-bound");

    Report missing = good;
    missing.variants[1].unavailable = "needs shared memory";
    CHECK(experiment.judge(missing).holds == Holds::cannot_tell);
    CHECK(says(experiment.judge(missing), "needs shared memory"));

    Report left_out = good;
    left_out.variants.erase(left_out.variants.begin());
    CHECK(experiment.judge(left_out).holds == Holds::cannot_tell);

    Report wrong = good;
    wrong.variants[2].outputs_ok = false;
    CHECK(says(experiment.judge(wrong), "wrong result"));

    Report noisy = good;
    noisy.variants[0].wall_ms = {100, 60, 140, 3};
    CHECK(says(experiment.judge(noisy), "Too noisy"));

    Report disturbed = good; // a neighbour left in the middle: no spread shows it
    disturbed.origin = Origin::measured;
    disturbed.variants[1].metrics.running = disturbed.variants[0].metrics.running * 3 / 4;
    CHECK(experiment.judge(disturbed).holds == Holds::cannot_tell);
    CHECK(says(experiment.judge(disturbed), "Disturbed"));
    disturbed.variants[1].metrics.running = disturbed.variants[0].metrics.running * 9 / 10;
    CHECK(experiment.judge(disturbed).holds == Holds::yes);

    // Processes that gained nothing although they started at once: the claim is not what failed.
    Report crowded = good;
    crowded.origin = Origin::measured;
    crowded.variants[2].speedup = 1.0;
    CHECK(experiment.judge(crowded).holds == Holds::cannot_tell);
    CHECK(says(experiment.judge(crowded), "other programs"));
}

TEST_CASE("Experiments.variants can be picked by name") {
    const Experiment& experiment = *find_experiment("cpu-bound");
    const std::vector<std::string> wanted = {"processes", "threads"};
    auto picked = select_variants(default_variants(experiment), wanted);
    REQUIRE(picked);
    REQUIRE(picked.value().size() == 2);
    CHECK(picked.value()[0].name == "threads");
    const std::vector<std::string> unknown = {"fibers"};
    auto refused = select_variants(default_variants(experiment), unknown);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().line().find("sequential") != std::string::npos);
}

TEST_CASE("Experiments.a line of a sweep is picked with all its points, or a point alone") {
    const Experiment& experiment = *find_experiment("pickling");
    const std::vector<std::string> wanted = {"process_pool:shared_memory", "sequential@1024"};
    const auto picked = select_variants(default_variants(experiment), wanted);
    REQUIRE(picked);
    REQUIRE(picked.value().size() == 6);
    CHECK(picked.value().front().name == "sequential@1024");
    for (std::size_t i = 1; i < 6; ++i) CHECK(picked.value()[i].series == "process_pool:shared_memory");
    const std::vector<std::string> unknown = {"process_pool"};
    const auto refused = select_variants(default_variants(experiment), unknown);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().accepted == "sequential, process_pool:pickle, process_pool:shared_memory or "
                                      "process_pool:lambda; one point of a line: process_pool:shared_memory@4194304");
}

TEST_CASE("Experiments.a program that was ended took its trace with it") {
    VariantReport variant;
    CHECK(knows_trace(variant, Origin::measured));
    CHECK(knows_trace(variant, Origin::simulated));
    CHECK_FALSE(knows_trace(variant, Origin::cpython));
    variant.median_run.observations.push_back({"exit code", 0, 0, {}});
    CHECK(knows_trace(variant, Origin::measured));
    variant.median_run.observations.front().value = -6;
    CHECK_FALSE(knows_trace(variant, Origin::measured));
    CHECK(knows_trace(variant, Origin::simulated));
    Report report;
    report.experiment = "isolation";
    report.origin = Origin::measured;
    report.variants.push_back(variant);
    const Json json = to_json(report);
    CHECK(json["variants"][0]["gil_switches"].is_null());
    CHECK(json["variants"][0]["running_ms"].is_null());
}

TEST_CASE("Experiments.a scenario's sentence says what it ended with") {
    Report report;
    report.experiment = "scenario";
    report.variants.emplace_back();
    Run& run = report.variants[0].median_run;
    CHECK(describe_scenario(report).why == "It took 0 ms (simulated).");
    run.outputs.resize(3);
    run.outputs[1].error = "ZeroDivisionError: division by zero";
    run.observations.push_back({"counter", 187'000, 200'000, {}});
    CHECK(describe_scenario(report).why == "It took 0 ms (simulated). 1 of 3 tasks failed: ZeroDivisionError: "
                                           "division by zero. counter: 187,000 instead of 200,000.");
}

TEST_CASE("Experiments.a verdict calls the points of a sweep as tables do") {
    Report report;
    report.experiment = "pickling";
    report.variants.resize(2);
    report.variants[0].name = "process_pool:pickle@1024";
    report.variants[0].series = "process_pool:pickle";
    report.variants[0].x = 1'024;
    report.variants[1].name = "process_pool:lambda";
    report.verdict.why = "\"process_pool:pickle@1024\" and \"process_pool:lambda\" are too noisy.";
    CHECK(verdict_why(report) == "process_pool:pickle, 1 KiB and process_pool:lambda are too noisy.");
    CHECK(axis_value_text(10'000, "ms") == "10,000");
    CHECK(axis_value_text(1'536, "bytes") == "1.5 KiB");
    CHECK(axis_value_words(0.01, "ms", "work per task") == "0.01 ms");
}

TEST_CASE("Experiments.a speed-up is only told against sequential runs of the same work") {
    const auto speedup = [](const Report& report, std::string_view name) {
        return find_variant(report, name)->speedup;
    };
    const Report shared = simulated("free-threading");
    CHECK(speedup(shared, "free_threaded") > 1);
    CHECK(speedup(shared, "free_threaded:shared") == 0); // counts up; nothing does that sequentially
    CHECK(speedup(simulated("image-processing"), "threads:native") > 0);
    const Report sizes = simulated("pool-size");
    CHECK(speedup(sizes, "process_pool:cpu@1") > 0.5);
    CHECK(speedup(sizes, "process_pool:cpu@1") < 1.1);
    CHECK(speedup(sizes, "thread_pool:io@32") > 10);
}
