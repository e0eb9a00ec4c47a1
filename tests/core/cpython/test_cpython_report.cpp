// What a script answers, read strictly: right answers, wrong ones, and rubbish.
#include <catch2/catch_test_macros.hpp>

#include <string>

#include "core/cpython/cpython_report.h"
#include "core/engine/simulate_report.h"

using namespace gil;

namespace {

const Experiment& cpu_bound() {
    return *find_experiment("cpu-bound");
}

Result<CpythonAnswer> read(std::string_view text) {
    const Experiment& experiment = cpu_bound();
    const Knobs knobs(experiment.knobs);
    return read_cpython_answer(text, experiment, knobs, experiment.make(knobs), Machine{});
}

Json variant(std::string_view name, std::vector<double> walls) {
    return {{"name", name}, {"wall_ms", walls}, {"observations", Json::array()}};
}

Json answer(Json variants) {
    return {{"python", "3.11.2"}, {"implementation", "CPython"}, {"gil", true}, {"variants", std::move(variants)}};
}

/// An answer with every variant of the experiment.
Json whole_answer() {
    Json variants = Json::array();
    for (const Variant& known : cpu_bound().make(Knobs(cpu_bound().knobs))) {
        variants.push_back(variant(known.name, {600, 610, 590}));
    }
    return answer(std::move(variants));
}

void check_refused(std::string_view text, std::string_view reason = "") {
    INFO(text.substr(0, 200));
    const auto read_answer = read(text);
    REQUIRE_FALSE(read_answer);
    const std::string line = read_answer.error().line();
    INFO(line);
    CHECK(line.find('\n') == std::string::npos);
    CHECK(line.size() < 1'000);
    CHECK(line.find(reason) != std::string::npos);
}

} // namespace

TEST_CASE("CpythonReport.a right answer becomes a judged report of origin cpython") {
    Json whole = whole_answer();
    whole["variants"][0]["cpu_ms"] = 580.5;
    whole["variants"][1]["wall_ms"] = {620.0, 630.0, 640.0};
    whole["variants"][2]["wall_ms"] = {310.0, 300.0, 305.0};
    whole["variants"][0]["observations"] = {{{"name", "counter"}, {"value", 7}, {"expected", 9}},
                                            {{"name", "pool"}, {"text", "BrokenProcessPool"}}};
    whole["variants"][0]["task_errors"] = {"", "ValueError: no"};
    const auto read_answer = read(dump_json(whole));
    REQUIRE(read_answer);
    const Report& report = read_answer.value().report;
    CHECK(read_answer.value().interpreter.gil == true);
    CHECK(report.origin == Origin::cpython);
    CHECK(report.engine == "CPython 3.11.2 with a GIL");
    const VariantReport& sequential = *find_variant(report, "sequential");
    CHECK(sequential.wall_ms.median == 600);
    CHECK(sequential.wall_ms.samples == 3);
    CHECK(sequential.metrics.cpu == from_ms(580.5));
    CHECK(find_observation(sequential.median_run, "counter")->expected == 9);
    CHECK(find_observation(sequential.median_run, "pool")->text == "BrokenProcessPool");
    CHECK(sequential.median_run.outputs.at(1).error == "ValueError: no");
    CHECK(find_variant(report, "processes")->speedup > 1.9);
    CHECK(report.verdict.holds == Holds::yes);
    // No figure is made up: what CPython does not tell is in neither the words nor the document.
    CHECK(report.verdict.why.find('%') == std::string::npos);
    CHECK(report.verdict.headline.find("CPython 3.11.2") != std::string::npos);
    const Json json = to_json(report);
    CHECK(json["origin"] == "cpython");
    CHECK(json["variants"][0]["cpu_ms"] == 580.5);
    CHECK(json["variants"][0]["task_errors"][1] == "ValueError: no");
    CHECK(json["variants"][1]["cpu_ms"].is_null());
    for (const char* unknown : {"starting_ms", "running_ms", "gil_switches", "gil_wait_ms", "gil_busy", "io_wait_ms",
                                "lock_wait_ms", "serialising_ms", "bytes_serialised", "dropped_intervals"}) {
        CHECK(json["variants"][0][unknown].is_null());
    }
}

TEST_CASE("CpythonReport.variants that did not run say why and are not judged") {
    Json whole = whole_answer();
    whole["variants"][1] = {{"name", "threads"}, {"unavailable", "this Python has no GIL"}, {"wall_ms", Json::array()}};
    whole["variants"][2] = {{"name", "processes"}, {"error", "OSError: no more"}, {"wall_ms", Json::array()}};
    whole["variants"].erase(3);
    const auto read_answer = read(dump_json(whole));
    REQUIRE(read_answer);
    const Report& report = read_answer.value().report;
    CHECK(report.variants[1].unavailable == "this Python has no GIL");
    CHECK(report.variants[2].unavailable == "it failed: OSError: no more");
    CHECK(report.variants[3].unavailable == "the script has no such variant");
    CHECK(find_variant(report, "threads") == nullptr);
    CHECK(report.verdict.holds == Holds::cannot_tell);
    CHECK(report.verdict.why.find("this Python has no GIL") != std::string::npos);
    CHECK(to_json(report)["variants"][1]["unavailable"] == "this Python has no GIL");
}

TEST_CASE("CpythonReport.whether there is a GIL may be untold") {
    Json whole = whole_answer();
    whole["gil"] = nullptr;
    CHECK_FALSE(read(dump_json(whole)).value().interpreter.gil.has_value());
    whole.erase("gil");
    CHECK_FALSE(read(dump_json(whole)).value().interpreter.gil.has_value());
    whole["gil"] = false;
    CHECK(describe(read(dump_json(whole)).value().interpreter) == "CPython 3.11.2 without a GIL");
    CHECK(to_json(PythonInterpreter{"/p", "3.9", "PyPy", {}})["gil"].is_null());
}

TEST_CASE("CpythonReport.rubbish is one line") {
    for (const char* text : {"", "hello", "{", "[]", "null", "42", "\xff\xfe", "{} {}", "{\"python\": NaN}",
                             "Traceback (most recent call last):\n  File"}) {
        check_refused(text);
    }
    check_refused(std::string(100'000, '['));
    check_refused("{}", "python");
    check_refused(dump_json({{"python", 3.11}, {"implementation", "CPython"}, {"variants", Json::array()}}));
    check_refused(dump_json({{"python", "3.11"}, {"variants", Json::array()}}), "implementation");
    check_refused(dump_json({{"python", "3.11"}, {"implementation", "CPython"}}), "variants");
    check_refused(dump_json(answer(Json::object())), "variants");
    check_refused(dump_json(answer(Json::array({42}))), "variants[0]");
    check_refused(dump_json(answer(Json::array({{{"wall_ms", {1}}}}))), "no name");
    check_refused(dump_json(answer(Json::array({variant("nonsense\n", {1})}))), "nonsense");
    check_refused(dump_json(answer(Json::array({variant("threads", {1}), variant("threads", {1})}))), "twice");
    check_refused(dump_json(answer(Json::array({variant("threads", {})}))), "wall_ms");
    check_refused(dump_json(answer(Json::array({variant("threads", {-1})}))), "wall_ms[0]");
    check_refused(dump_json(answer(Json::array({variant("threads", {1e300})}))), "wall_ms[0]");
    Json extra = whole_answer();
    extra["nonsense"] = 1;
    check_refused(dump_json(extra), "nonsense");
    extra = whole_answer();
    extra["gil"] = "yes";
    check_refused(dump_json(extra), "gil");
}

TEST_CASE("CpythonReport.wrong fields of a variant are refused with their place") {
    const std::vector<std::pair<const char*, Json>> wrong{
        {"wall_ms", "fast"},
        {"wall_ms", Json::array({"1"})},
        {"cpu_ms", -1},
        {"cpu_ms", "much"},
        {"observations", 1},
        {"observations", Json::array({1})},
        {"observations", Json::array({{{"name", "counter"}}})},
        {"observations", Json::array({{{"name", "counter"}, {"value", 1.5}, {"expected", 1}}})},
        {"observations", Json::array({{{"name", "counter"}, {"value", 1e300}, {"expected", 1}}})},
        {"task_errors", Json::array({1})},
        {"task_errors", "none"},
        {"error", 3},
        {"error", "but there are durations"},
        {"unavailable", true},
        {"unavailable", "but there are durations"},
        {"series", 1},
        {"x", "one"},
        {"nonsense", 1}};
    for (const auto& [field, value] : wrong) {
        Json whole = whole_answer();
        whole["variants"][1][field] = value;
        INFO(field);
        check_refused(dump_json(whole), "variants[1]");
    }
}

TEST_CASE("CpythonReport.every judge copes with a report that has no trace") {
    for (const Experiment& experiment : experiments()) {
        INFO(experiment.id);
        const Knobs knobs(experiment.knobs);
        const std::vector<Variant> variants = experiment.make(knobs);
        // The wall times of a simulation, as a script would tell them.
        const Report simulated = simulate_experiment(experiment, knobs, variants, Machine{});
        Json told = Json::array();
        for (const VariantReport& known : simulated.variants) {
            Json row = variant(known.name, {known.wall_ms.median});
            for (const Observation& seen : known.median_run.observations) {
                row["observations"].push_back(
                    seen.text.empty() ? Json{{"name", seen.name}, {"value", seen.value}, {"expected", seen.expected}}
                                      : Json{{"name", seen.name}, {"text", seen.text}});
            }
            told.push_back(std::move(row));
        }
        const auto read_answer = read_cpython_answer(dump_json(answer(told)), experiment, knobs, variants, Machine{});
        REQUIRE(read_answer);
        CHECK_FALSE(read_answer.value().report.verdict.headline.empty());
        CHECK_FALSE(read_answer.value().report.verdict.why.empty());
    }
}
