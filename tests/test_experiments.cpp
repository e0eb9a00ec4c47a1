// One loop over every experiment: whatever is in the table must make, simulate, judge and render.
#include <catch2/catch_test_macros.hpp>

#include <set>

#include "core/simulate_report.h"

using namespace gil;

namespace {

Report simulated(const Experiment& experiment, const Knobs& knobs, const Machine& machine) {
    return simulate_experiment(experiment, knobs, experiment.make(knobs), machine);
}

Knobs with(std::string_view id, const Json& values) {
    Knobs knobs(find_experiment(id)->knobs);
    REQUIRE(knobs.set_all(values));
    return knobs;
}

Machine machine_with(int cores) {
    Machine machine;
    machine.cores = cores;
    return machine;
}

Verdict verdict_of(std::string_view id, const Json& values, int cores) {
    return simulated(*find_experiment(id), with(id, values), machine_with(cores)).verdict;
}

} // namespace

TEST_CASE("Experiments.each describes itself and holds with its defaults") {
    std::set<std::string_view> ids;
    for (const Experiment& experiment : experiments()) {
        INFO(experiment.id);
        CHECK(ids.insert(experiment.id).second);
        CHECK(find_experiment(experiment.id) == &experiment);
        CHECK_FALSE(experiment.title.empty());
        CHECK_FALSE(experiment.claim.empty());
        CHECK_FALSE(experiment.why.empty());
        const Knobs knobs(experiment.knobs);
        const Report report = simulated(experiment, knobs, machine_with(4));
        CHECK(report.verdict.holds == Holds::yes);
        CHECK_FALSE(report.verdict.why.empty());
        CHECK(experiment.python(knobs).find('{' + std::string(knobs.descriptions()[0].name) + '}') ==
              std::string::npos);
    }
    CHECK(find_experiment("no-such") == nullptr);
}

TEST_CASE("Experiments.every extreme of every knob makes sound traces") {
    for (const Experiment& experiment : experiments()) {
        for (const Knob& knob : experiment.knobs) {
            for (const double value : {-1e300, 1e300}) {
                Knobs knobs(experiment.knobs);
                knobs.set_number(knob.name, value);
                INFO(experiment.id << " " << knob.name << "=" << knobs.text(knob.name));
                for (const VariantReport& variant : simulated(experiment, knobs, machine_with(2)).variants) {
                    CHECK(find_fault(variant.median_run.trace).empty());
                }
            }
        }
    }
}

TEST_CASE("Experiments.cpu-bound can come out as does not hold and as cannot be judged") {
    CHECK(verdict_of("cpu-bound", Json::object(), 4).holds == Holds::yes);
    // Tiny work with fresh interpreters: starting the processes costs more than they save.
    CHECK(verdict_of("cpu-bound", {{"work_ms", 1}, {"start_method", "spawn"}}, 4).holds == Holds::no);
    CHECK(verdict_of("cpu-bound", Json::object(), 1).holds == Holds::cannot_tell);
    CHECK(verdict_of("cpu-bound", {{"workers", 1}}, 4).holds == Holds::cannot_tell);
}

TEST_CASE("Experiments.io-bound can come out as does not hold and as cannot be judged") {
    CHECK(verdict_of("io-bound", Json::object(), 1).holds == Holds::yes);
    CHECK(verdict_of("io-bound", {{"workers", 1}}, 4).holds == Holds::no);
    CHECK(verdict_of("io-bound", {{"tasks", 1}}, 4).holds == Holds::cannot_tell);
}

TEST_CASE("Experiments.a missing, wrong or noisy variant is not judged") {
    const Experiment& experiment = *find_experiment("cpu-bound");
    const Knobs knobs(experiment.knobs);
    const Report good = simulated(experiment, knobs, machine_with(4));

    Report missing = good;
    missing.variants[1].unavailable = "needs shared memory";
    CHECK(experiment.judge(missing).holds == Holds::cannot_tell);
    CHECK(experiment.judge(missing).why.find("needs shared memory") != std::string::npos);

    Report left_out = good;
    left_out.variants.erase(left_out.variants.begin());
    CHECK(experiment.judge(left_out).holds == Holds::cannot_tell);

    Report wrong = good;
    wrong.variants[2].outputs_ok = false;
    CHECK(experiment.judge(wrong).why.find("wrong result") != std::string::npos);

    Report noisy = good;
    noisy.variants[0].wall_ms = {100, 60, 140, 3};
    CHECK(experiment.judge(noisy).why.find("Too noisy") != std::string::npos);

    Report disturbed = good; // a neighbour left in the middle: no spread shows it
    disturbed.origin = Origin::measured;
    disturbed.variants[1].metrics.running = disturbed.variants[0].metrics.running * 3 / 4;
    CHECK(experiment.judge(disturbed).holds == Holds::cannot_tell);
    CHECK(experiment.judge(disturbed).why.find("Disturbed") != std::string::npos);
    disturbed.variants[1].metrics.running = disturbed.variants[0].metrics.running * 9 / 10;
    CHECK(experiment.judge(disturbed).holds == Holds::yes);

    Report parallel = good; // threads that do speed up: a build without a GIL, say
    parallel.variants[1].speedup = 2.5;
    CHECK(experiment.judge(parallel).holds == Holds::no);
}

TEST_CASE("Experiments.variants can be picked by name") {
    const Experiment& experiment = *find_experiment("cpu-bound");
    const Knobs knobs(experiment.knobs);
    const std::vector<std::string> wanted = {"processes", "threads"};
    auto picked = select_variants(experiment.make(knobs), wanted);
    REQUIRE(picked);
    REQUIRE(picked.value().size() == 2);
    CHECK(picked.value()[0].name == "threads");
    const std::vector<std::string> unknown = {"fibers"};
    auto refused = select_variants(experiment.make(knobs), unknown);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().line().find("sequential") != std::string::npos);
}
