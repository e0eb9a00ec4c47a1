// The published schemas, against the documents that the program really prints.
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <string_view>

#include "core/decision/decision_tree.h"
#include "core/experiments/experiment.h"
#include "core/report/report.h"
#include "tests/native/schema.h"
#include "tests/native/support.h"

using namespace gil;
using namespace gil::test;
using namespace gil::native::test;

namespace {

Json printed(const std::vector<std::string>& arguments) {
    const Finished finished = run_gilplay(arguments);
    CAPTURE(arguments, finished.err);
    REQUIRE(finished.status == 0);
    auto document = parse_json(finished.out, "standard output");
    REQUIRE(document);
    return std::move(document.value());
}

void check_fits(const Json& schema, const Json& document) {
    for (const std::string& fault : schema_faults(schema, document)) {
        INFO(fault);
        CHECK(false);
    }
}

bool ends_with_any(std::string_view text, std::initializer_list<std::string_view> ends) {
    return std::any_of(ends.begin(), ends.end(), [&](std::string_view end) { return text.ends_with(end); });
}

/// A report that has every field there is.
Report full_report() {
    Report report;
    report.experiment = "shared-data";
    report.knobs = Json{{"workers", 2}, {"start_method", "fork"}};
    report.origin = Origin::measured;
    report.engine = "native";
    report.stopped = true;
    VariantReport ran;
    ran.name = "processes@2";
    ran.series = "processes";
    ran.x = 2;
    ran.scenario.model = ExecutionModel::processes;
    ran.scenario.workers = 2;
    ran.scenario.tasks = {Task{"task 1", {}}, Task{"task 2", {}}};
    ran.wall_samples_ms = {3, 2, 4};
    ran.wall_ms = spread_of(ran.wall_samples_ms);
    ran.median_run.outputs = {TaskOutput{1, 2, 3, ""}, TaskOutput{0, 0, 0, "ValueError: no"}};
    ran.median_run.observations = {Observation{"value", 4, 5, ""}, Observation{"said", 0, 0, "words"}};
    VariantReport absent;
    absent.name = "threads";
    absent.unavailable = "needs shared memory";
    report.variants = {ran, absent};
    report.verdict = {Holds::cannot_tell, "Cannot be judged.", "Because."};
    return report;
}

} // namespace

TEST_CASE("schemas: what simulate prints for every experiment fits the schema of reports", "[native]") {
    const TimeLimit limit(300);
    const Json schema = repository_json("docs/report.schema.json");
    for (const Experiment& experiment : experiments()) {
        INFO(experiment.id);
        check_fits(schema, printed({"simulate", std::string(experiment.id), "--json"}));
    }
}

TEST_CASE("schemas: what run and scenario print fits the schema of reports", "[native][printed]") {
    const TimeLimit limit(120);
    const Json schema = repository_json("docs/report.schema.json");
    const Json measured = printed({"run", "cpu-bound", "--set", "tasks=2", "--set", "work_ms=2", "--repeats", "2",
                                   "--variants", "sequential,threads,processes", "--json"});
    check_fits(schema, measured);
    CHECK(measured["variants"][0].contains("outputs"));
    const Finished scenario = run_gilplay({"scenario", "-", "--repeats", "1", "--json"},
                                          R"({"model":"threads","tasks":[{"steps":[{"wait":{"ms":1}}]}]})");
    REQUIRE(scenario.status == 0);
    check_fits(schema, parse_json(scenario.out, "scenario").value());
    const Json ended = printed({"run", "isolation", "--repeats", "1", "--variants", "threads:abort", "--json"});
    check_fits(schema, ended);
    CHECK(ended["variants"][0]["gil_switches"].is_null());
}

TEST_CASE("schemas: a report with a field too many, too few or of the wrong type is refused", "[native]") {
    const Json schema = repository_json("docs/report.schema.json");
    const Json document = to_json(full_report());
    check_fits(schema, document);
    for (const Mutation& mutation : with_extra_field(document)) {
        INFO(mutation.what);
        if (mutation.what.starts_with("/knobs ")) continue; // experiments name their knobs themselves
        CHECK_FALSE(schema_faults(schema, mutation.document).empty());
    }
    for (const Mutation& mutation : with_missing_field(document)) {
        INFO(mutation.what);
        if (mutation.what.starts_with("/knobs ")) continue;
        if (ends_with_any(mutation.what, {" engine", " stopped", " series", " x", " observations", " outputs_ok",
                                          " outputs", " bytes", " error"})) {
            continue;
        }
        CHECK_FALSE(schema_faults(schema, mutation.document).empty());
    }
    for (const char* place : {"/origin", "/machine/cores", "/variants/0/wall_ms/median", "/variants/0/model",
                              "/variants/0/outputs/0/checksum", "/verdict/holds", "/knobs/workers"}) {
        Json wrong = document;
        wrong[Json::json_pointer(place)] = Json::array({"wrong"});
        INFO(place);
        CHECK_FALSE(schema_faults(schema, wrong).empty());
    }
    Json negative = document;
    negative["variants"][0]["wall_ms"]["min"] = -1;
    CHECK_FALSE(schema_faults(schema, negative).empty());
}

TEST_CASE("schemas: the decision tree fits its schema, and a field too many or too few is refused", "[native]") {
    const Json schema = repository_json("docs/decision-tree.schema.json");
    const Json tree = to_json(decision_tree());
    check_fits(schema, tree);
    DecisionTree small{"work", {decision_tree().questions.front()}, {decision_tree().advice.front()}};
    const Json document = to_json(small);
    for (const Mutation& mutation : with_extra_field(document)) {
        INFO(mutation.what);
        if (mutation.what.find("/knobs ") != std::string::npos) continue;
        CHECK_FALSE(schema_faults(schema, mutation.document).empty());
    }
    for (const Mutation& mutation : with_missing_field(document)) {
        INFO(mutation.what);
        if (mutation.what.find("/knobs ") != std::string::npos) continue;
        CHECK_FALSE(schema_faults(schema, mutation.document).empty());
    }
}
