// Everything that reads text or bytes from outside.
#include <catch2/catch_test_macros.hpp>

#include <limits>

#include "core/base/json.h"
#include "core/machine/machine.h"
#include "core/scenario/scenario_json.h"
#include "tests/support/test_host.h"

using namespace gil;

namespace {

std::string scenario_error(std::string_view text) {
    auto json = parse_json(text, "scenario");
    if (!json) return json.error().line();
    auto scenario = scenario_from_json(json.value());
    return scenario ? std::string() : scenario.error().line();
}

bool one_line(const std::string& text) {
    return !text.empty() && text.find('\n') == std::string::npos;
}

constexpr const char* good_scenario = R"({"model": "threads", "workers": 2,
  "interpreter": {"switch_interval_ms": 5},
  "tasks": [{"count": 3, "steps": [{"compute": {"kernel": "sum_of_squares", "ms": 30}}, {"wait": {"ms": 2.5}}]}]})";

} // namespace

TEST_CASE("ScenarioJson.reads a hand-written scenario") {
    auto json = parse_json(good_scenario, "scenario");
    REQUIRE(json);
    auto scenario = scenario_from_json(json.value());
    REQUIRE(scenario);
    CHECK(scenario.value().model == ExecutionModel::threads);
    REQUIRE(scenario.value().tasks.size() == 3);
    CHECK(scenario.value().tasks[2].name == "task 3");
    CHECK(duration_of(scenario.value().tasks[0].steps[1]) == 2'500 * microsecond);
}

TEST_CASE("ScenarioJson.what is written is read back the same") {
    for (const auto model : {ExecutionModel::sequential, ExecutionModel::processes, ExecutionModel::asyncio}) {
        auto scenario = test::test_scenario(
            model, 7, 5, {Compute{Kernel::sum_of_squares, 1'234'567}, Wait{WaitKind::http, 3'000'001}});
        scenario.start_method = StartMethod::spawn;
        auto read = scenario_from_json(to_json(scenario));
        REQUIRE(read);
        CHECK(read.value() == scenario);
    }
}

TEST_CASE("ScenarioJson.equal tasks in a row are written once") {
    auto scenario = test::test_scenario(ExecutionModel::threads, 2, 9, {Wait{WaitKind::sleep, millisecond}});
    const auto written_as = [&scenario](std::size_t tasks) {
        const Json json = to_json(scenario);
        auto read = scenario_from_json(json);
        REQUIRE(read);
        CHECK(read.value() == scenario);
        CHECK(json["tasks"].size() == tasks);
    };
    for (std::size_t i = 0; i < scenario.tasks.size(); ++i) scenario.tasks[i].name = "task " + std::to_string(i + 1);
    written_as(1);
    scenario.tasks[8].name = "task 8";
    written_as(2);
    scenario.tasks[3].name = scenario.tasks[4].name = "two alike";
    written_as(4);
    scenario.tasks[1].argument_bytes = 5;
    written_as(6);
    scenario.tasks[6].steps = {};
    written_as(8);
    for (Task& task : scenario.tasks) task.name = "one name";
    written_as(5);
}

TEST_CASE("ScenarioJson.every bad document gets one line that names the place and what is accepted") {
    const struct {
        const char* text;
        const char* must_mention;
    } bad[] = {
        {"", "scenario, line 1"},
        {"nonsense", "line 1, column"},
        {"[]", "not an object"},
        {"null", "not an object"},
        {"{}", "model: is missing"},
        {R"({"model": 7, "tasks": []})", "model"},
        {R"({"model": "fibers", "tasks": []})", "sequential, threads"},
        {R"({"model": "threads", "tasks": []})", "tasks: is empty"},
        {R"({"model": "processes", "transport": "shared_memory", "tasks": [{"steps": []}]})", "process_pool"},
        {R"({"model": "threads", "workers": 0, "tasks": [{"steps": []}]})", "workers: 0 is too small"},
        {R"({"model": "threads", "workers": -1, "tasks": [{"steps": []}]})", "workers: -1 is too small"},
        {R"({"model": "threads", "workers": 1e9, "tasks": [{"steps": []}]})", "too large"},
        {R"({"model": "threads", "workers": 99999999999999999999, "tasks": [{"steps": []}]})", "too large"},
        {R"({"model": "threads", "workers": 1.5, "tasks": [{"steps": []}]})", "not a whole number"},
        {R"({"model": "threads", "workers": "2", "tasks": [{"steps": []}]})", "is not a number"},
        {R"({"model": "threads", "wrokers": 2, "tasks": [{"steps": []}]})", "wrokers: is not a field"},
        {R"({"model": "threads", "tasks": {}})", "not an array"},
        {R"({"model": "threads", "tasks": [{}]})", "tasks[0].steps: is missing"},
        {R"({"model": "threads", "tasks": [{"steps": [{}]}]})", "tasks[0].steps[0]"},
        {R"({"model": "threads", "tasks": [{"steps": [{"wait": {"ms": -5}}]}]})", "tasks[0].steps[0].wait.ms: -5"},
        {R"({"model": "threads", "tasks": [{"steps": [{"wait": {"ms": 1e99}}]}]})", "too large"},
        {R"({"model": "threads", "tasks": [{"steps": [{"wait": {"ms": NaN}}]}]})", "line 1"},
        {R"({"model": "threads", "tasks": [{"steps": [{"wait": {"ms": 1}, "compute": {"ms": 1}}]}]})", "exactly one"},
        {R"({"model": "threads", "tasks": [{"steps": [{"compute": {"kernel": "bitcoin", "ms": 1}}]}]})",
         "sum_of_squares"},
        {R"({"model": "threads", "tasks": [{"count": 10001, "steps": []}]})", "count"},
        {R"({"model": "threads", "tasks": [{"count": 9999, "steps": []}, {"count": 2, "steps": []}]})", "tasks[1]"},
        {R"({"model": "threads", "interpreter": {"switch_interval_ms": 0}, "tasks": [{"steps": []}]})",
         "interpreter.switch_interval_ms: 0 is too small"},
        {"{\"model\": \"thr\xff\xfe\", \"tasks\": []}", "line 1"},
        {"{\"model\": \"threads\\u0000\\n\", \"tasks\": []}", "model"},
    };
    for (const auto& [text, must_mention] : bad) {
        const std::string error = scenario_error(text);
        INFO(text << " -> " << error);
        CHECK(one_line(error));
        CHECK(error.find(must_mention) != std::string::npos);
    }
}

TEST_CASE("Json.deep nesting and size are refused before they hurt") {
    const std::string deep(1'000'000, '[');
    CHECK(parse_json(deep, "file").error().what.find("nested too deeply") != std::string::npos);
    std::string objects;
    for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
    CHECK(parse_json(objects, "file").error().what.find("nested too deeply") != std::string::npos);
    CHECK(parse_json("[1, 2, 3]", "file", 4).error().accepted.find("4 bytes") != std::string::npos);
    const std::vector<std::uint8_t> packed(1'000'000, 0x91);
    CHECK(parse_msgpack(packed, "message").error().what.find("nested too deeply") != std::string::npos);
}

TEST_CASE("Json.a syntax error tells line and column") {
    auto json = parse_json("{\n  \"a\": 1,\n  oops\n}", "file");
    REQUIRE_FALSE(json);
    CHECK(json.error().where == "file, line 3, column 3");
    CHECK(parse_json(R"({"ms": 1e400})", "file").error().what == "has a number that is too large");
    CHECK(parse_json("NaN", "file").error().accepted == "one JSON value");
    CHECK(json.error().what == "is not JSON: invalid literal");
    const Error bracket = parse_json("{\"a\": ]}", "file").error();
    CHECK(bracket.what == "is not JSON: unexpected ']'");
    const Error comma = parse_json("[1 2]", "file").error();
    CHECK(comma.what == "is not JSON: unexpected number literal");
    CHECK(comma.accepted == "']'");
    CHECK(parse_msgpack(std::vector<std::uint8_t>{0x92, 1}, "message").error().what ==
          "is not MessagePack: unexpected end of input");
}

TEST_CASE("Json.a field that stands twice in an object is refused, not taken from one of the two places") {
    const Error twice = parse_json(R"({"workers": 2, "tasks": [{"name": "a"}], "workers": 3})", "file").error();
    CHECK(twice.line() == "file: has \"workers\" twice in one object (accepted: once)");
    CHECK_FALSE(parse_json(R"([{"a": {"b": 1, "b": 1}}])", "file"));
    CHECK(parse_json(R"({"a": {"a": {"a": 1}}, "b": [{"a": 1}, {"a": 1}]})", "file"));
}

TEST_CASE("Machine.says how many of its processors run in parallel") {
    Machine machine;
    machine.cores = 1;
    CHECK(cores_text(machine) == "1 core");
    machine.processors = 2;
    machine.calibrated = true;
    CHECK(cores_text(machine) == "1 core of 2 processors (calibrated)");
    machine.cores = 2;
    CHECK(cores_text(machine) == "2 cores (calibrated)");
}

TEST_CASE("MachineJson.round trip, defaults and refusals") {
    Machine machine;
    machine.cores = 16;
    machine.process_start[2] = 77 * millisecond;
    auto read = machine_from_json(to_json(machine));
    REQUIRE(read);
    CHECK(read.value() == machine);

    auto partial = machine_from_json(Json{{"cores", 3}});
    REQUIRE(partial);
    CHECK(partial.value().cores == 3);
    CHECK(partial.value().thread_start == Machine{}.thread_start);

    CHECK_FALSE(machine_from_json(Json{{"cores", 0}}));
    CHECK_FALSE(machine_from_json(Json{{"cores", -1}}));
    CHECK_FALSE(machine_from_json(Json{{"cores", std::numeric_limits<double>::quiet_NaN()}}));
    CHECK_FALSE(machine_from_json(Json{{"cores", 2}, {"wake_latency_us", -1}}));
    CHECK_FALSE(machine_from_json(Json::object())); // that would be a preset under another name
    CHECK_FALSE(machine_from_json(Json{{"coers", 4}}));
    CHECK_FALSE(machine_from_json(Json::array()));
}

TEST_CASE("MachineJson.a calibrated one has all costs, or says which are typical") {
    using enum CostGroup;
    Machine machine;
    machine.calibrated = true;
    machine.typical = {assumed, spawn};
    const Json whole = to_json(machine);
    CHECK(whole["typical"] == Json::array({"time_slice_us", "process_start_us.spawn"}));
    CHECK(machine_from_json(whole).value() == machine);
    CHECK_FALSE(to_json(Machine{}).contains("typical"));

    Json less = whole;
    less.erase("time_slice_us");
    less["process_start_us"].erase("spawn");
    CHECK(machine_from_json(less).value() == machine);
    CHECK(costs_missing_in(less) == machine.typical);
    less["process_start_us"].erase("fork"); // would be a typical one's, and pass for measured
    CHECK(machine_from_json(less).error().where == "process_start_us.fork");
    less = whole;
    less.erase("message_us");
    CHECK(machine_from_json(less).error().where == "message_us");
    less["calibrated"] = false;
    CHECK(machine_from_json(less).value().typical == CostGroups::all());
    less = whole;
    less.erase("processors");
    CHECK(machine_from_json(less).error().where == "processors");
    less = whole;
    less.erase("typical");
    CHECK(machine_from_json(less).value().typical == CostGroups{});

    Machine nothing;
    nothing.calibrated = true;
    CHECK(machine_from_json(to_json(nothing)).error().where == "typical");
    for (const char* wrong : {R"(["message"])", "[7]", "7", "[[]]", "[null]", "{}"}) {
        less["typical"] = Json::parse(wrong);
        CHECK(machine_from_json(less).error().where == "typical");
        less["calibrated"] = false;
        CHECK(machine_from_json(less).error().where == "typical");
        less["calibrated"] = true;
    }
}

TEST_CASE("Json.an empty text is called that") {
    CHECK(parse_json("", "FILE").error().line().ends_with(": is empty (accepted: JSON)"));
}
