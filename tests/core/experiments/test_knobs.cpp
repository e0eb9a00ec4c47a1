#include <catch2/catch_test_macros.hpp>

#include <cmath>

#include "core/experiments/experiment.h"

using namespace gil;

namespace {

const Experiment& known_knobs() {
    return *find_experiment("cpu-bound");
}

} // namespace

TEST_CASE("Knobs.start at their defaults and read back what they print") {
    for (const Experiment& experiment : experiments()) {
        Knobs knobs(experiment.knobs);
        for (const Knob& knob : experiment.knobs) {
            INFO(experiment.id << " " << knob.name);
            CHECK(knobs.number(knob.name) == knob.fallback);
            const std::string text = knobs.text(knob.name);
            CHECK(knobs.set(knob.name, text));
            CHECK(knobs.number(knob.name) == knob.fallback);
        }
        Knobs copy(experiment.knobs);
        CHECK(copy.set_all(knobs.to_json()));
        CHECK(copy == knobs);
    }
}

TEST_CASE("Knobs.refuse bad text with one line and change nothing") {
    Knobs knobs(known_knobs().knobs);
    const Knobs before = knobs;
    const struct {
        const char* name;
        const char* text;
        const char* must_mention;
    } bad[] = {
        {"tasks", "0", "too small"},         {"tasks", "-1", "1 to 64"},       {"tasks", "1e9", "too large"},
        {"tasks", "NaN", "not a number"},    {"tasks", "nan", "not a number"}, {"tasks", "inf", "too large"},
        {"tasks", "", "not a number"},       {"tasks", " 4", "not a number"},  {"tasks", "4x", "not a number"},
        {"tasks", "2.5", "whole"},           {"work_ms", "0", "too small"},    {"work_ms", "1e999", "too large"},
        {"start_method", "thread", "fork"},  {"start_method", "", "fork"},     {"wrokers", "4", "workers"},
        {"tasks", "\xff\n", "not a number"},
    };
    for (const auto& [name, text, must_mention] : bad) {
        auto result = knobs.set(name, text);
        REQUIRE_FALSE(result);
        INFO(result.error().line());
        CHECK(result.error().line().find(must_mention) != std::string::npos);
        CHECK(result.error().line().find('\n') == std::string::npos);
        CHECK(knobs == before);
    }
}

TEST_CASE("Knobs.several at once are all or nothing") {
    Knobs knobs(known_knobs().knobs);
    const Knobs before = knobs;
    CHECK_FALSE(knobs.set_all(Json{{"tasks", 8}, {"workers", 0}}));
    CHECK(knobs == before);
    CHECK_FALSE(knobs.set_all(Json::array()));
    CHECK_FALSE(knobs.set_all(Json{{"tasks", nullptr}}));
    CHECK(knobs.set_all(Json{{"tasks", 8}, {"start_method", "spawn"}}));
    CHECK(knobs.integer("tasks") == 8);
    CHECK(knobs.choice("start_method") == "spawn");
}

TEST_CASE("Knobs.a slider's number is clamped and rounded, NaN is ignored") {
    Knobs knobs(known_knobs().knobs);
    knobs.set_number("tasks", 1e9);
    CHECK(knobs.integer("tasks") == 64);
    knobs.set_number("tasks", 3.4);
    CHECK(knobs.integer("tasks") == 3);
    knobs.set_number("tasks", std::nan(""));
    CHECK(knobs.integer("tasks") == 3);
    knobs.set_number("start_method", 7);
    CHECK(knobs.choice("start_method") == "spawn");
    knobs.reset("tasks");
    CHECK(knobs.integer("tasks") == 4);
}
