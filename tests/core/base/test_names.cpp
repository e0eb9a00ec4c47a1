#include <catch2/catch_test_macros.hpp>

#include <array>
#include <string>
#include <string_view>

#include "core/base/text.h"
#include "core/decision/decision_tree.h"
#include "core/experiments/experiment.h"
#include "core/scenario/scenario_json.h"

using namespace gil;

namespace {

constexpr std::array<std::string_view, 8> spellings{
    "cpu-bound", "io-bound", "lock", "free-threading", "thread-pool", "process-pool", "process-overhead", "pickling"};

std::string meant(std::string_view given) {
    return did_you_mean(given, spellings);
}

std::string line_of(const Error& error) {
    return error.line();
}

} // namespace

TEST_CASE("Names.a near miss is told what was meant") {
    for (const std::string_view given :
         {"cpubound", "cpu-bond", "cpu_bound", "CPU-Bound", "cup-bound", "cpu-boundd", "pcu-bound", "cpu-b", "cpu"}) {
        CAPTURE(given);
        CHECK(meant(given) == "; did you mean cpu-bound?");
    }
    CHECK(meant("lokc") == "; did you mean lock?");
    CHECK(meant("pick") == "; did you mean pickling?");
    CHECK(meant("procss-pool") == "; did you mean process-pool?");
}

TEST_CASE("Names.what is near to nothing is told nothing") {
    for (const std::string_view given :
         {"", "x", "nonsense", "process", "--help", "teleport", "\xff\xfe\xfd", "bound"}) {
        CAPTURE(given);
        CHECK(meant(given).empty());
    }
    CHECK(meant(std::string(100'000, 'c')).empty());
    CHECK(did_you_mean("cpu", {}).empty());
}

TEST_CASE("Names.whatever is named says what was meant") {
    CHECK(line_of(experiment_named("cpubound").error())
              .starts_with("there is no experiment \"cpubound\"; did you mean cpu-bound? (accepted: cpu-bound, "));
    const Experiment& experiment = *find_experiment("cpu-bound");
    Knobs knobs(experiment.knobs);
    CHECK(
        line_of(knobs.set("task", "4").error()).starts_with("task: there is no such knob here; did you mean tasks? ("));
    CHECK(line_of(knobs.set("start_method", "forkservr").error()) ==
          "start_method: \"forkservr\" is no choice; did you mean forkserver? (accepted: fork, forkserver or spawn)");
    const std::array wanted{std::string("thread")};
    CHECK(line_of(select_variants(experiment.make(knobs), wanted).error())
              .starts_with("variants: there is no \"thread\" here; did you mean threads? ("));
    const Question& first = *find_question(decision_tree(), decision_tree().root);
    const std::string answer(first.answers.front().id);
    CHECK(line_of(follow(decision_tree(), first, answer + "x").error()).find("; did you mean " + answer + "? (") !=
          std::string::npos);
    const Json scenario = Json::parse(R"({"model": "thraeds", "tasks": []})");
    CHECK(line_of(scenario_from_json(scenario).error()).find("; did you mean threads?") != std::string::npos);
    const Json field = Json::parse(R"({"model": "threads", "worker": 2, "tasks": [{"name": "a", "steps": []}]})");
    CHECK(line_of(scenario_from_json(field).error()).find("; did you mean workers?") != std::string::npos);
}
