#include <catch2/catch_test_macros.hpp>

#include "ui/view/outcome.h"

using namespace gil;
using namespace gil::ui;

TEST_CASE("outcome: a lost update is told with what was expected") {
    VariantReport variant;
    variant.median_run.observations = {{"counter", 518'665, 1'000'000, {}}};
    const std::vector<Outcome> outcomes = outcomes_of(variant);
    REQUIRE(outcomes.size() == 1);
    CHECK(outcomes[0] == Outcome{"counter", "518,665 of 1,000,000", false});
    CHECK(outcome_text(outcomes) == "counter 518,665 of 1,000,000");
}

TEST_CASE("outcome: exit codes of several processes are one line that names those that failed") {
    VariantReport variant;
    for (int process = 1; process <= 4; ++process) {
        const std::string name = "exit code of process " + std::to_string(process);
        variant.median_run.observations.push_back({name, process == 2 ? -6 : 0, 0, {}});
    }
    variant.median_run.observations.push_back({"survivors", 3, 4, {}});
    const std::vector<Outcome> outcomes = outcomes_of(variant);
    REQUIRE(outcomes.size() == 2);
    CHECK(outcomes[0] == Outcome{"survivors", "3 of 4", true}); // all but the one that was made to fail
    CHECK(outcomes[1] == Outcome{"exit codes", "-6 (SIGABRT) in process 2, 0 in 3 others", true});
    variant.median_run.observations.back().value = 2;
    CHECK(outcomes_of(variant)[0] == Outcome{"survivors", "2 of 4", false});
    for (Observation& observation : variant.median_run.observations) observation.value = observation.expected;
    CHECK(outcomes_of(variant)[1] == Outcome{"exit codes", "0 in all 4", true});
    for (Observation& observation : variant.median_run.observations) observation.value = -6;
    CHECK_FALSE(outcomes_of(variant)[1].as_expected);
}

TEST_CASE("outcome: tasks that failed alike are counted together") {
    VariantReport variant;
    variant.median_run.outputs.resize(4);
    for (const std::size_t task : {0u, 2u, 3u}) variant.median_run.outputs[task].error = "BrokenProcessPool: gone";
    variant.median_run.outputs[1].error = "ValueError: no";
    const std::vector<Outcome> outcomes = outcomes_of(variant);
    REQUIRE(outcomes.size() == 2);
    CHECK(outcomes[0] == Outcome{"3 tasks failed", "BrokenProcessPool: gone", false, true});
    CHECK(outcomes[1] == Outcome{"1 task failed", "ValueError: no", false, true});
}

TEST_CASE("outcome: words stand as they are, and a run that only took its time has none") {
    VariantReport variant;
    CHECK(outcomes_of(variant).empty());
    variant.median_run.observations = {{"answer", 0, 0, "it depends"}};
    CHECK(outcomes_of(variant)[0] == Outcome{"answer", "it depends", true});
}

TEST_CASE("verdict: variants are called as on the page") {
    Report report;
    report.variants.resize(2);
    report.variants[0].name = "process_pool:pickle@1024";
    report.variants[0].series = "process_pool:pickle";
    report.variants[0].x = 1024;
    report.variants[1].name = "free_threaded";
    report.verdict.why = "Too noisy: \"process_pool:pickle@1024\" and \"free_threaded\", \"free_threaded\" again.";
    CHECK(verdict_words(report, {"payload", "bytes", true}) ==
          "Too noisy: process-pool, pickle at 1 KiB and free-threaded, free-threaded again.");
}
