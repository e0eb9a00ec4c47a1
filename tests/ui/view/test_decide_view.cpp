#include <catch2/catch_test_macros.hpp>

#include "core/experiments/experiment.h"
#include "ui/view/decide_view.h"

using namespace gil;
using namespace gil::ui;

TEST_CASE("decide: answers lead to a question and then to an advice, and back again") {
    DecideState state;
    REQUIRE(place_of(state).question);
    CHECK(place_of(state).question->id == decision_tree().root);
    CHECK_FALSE(give_answer(state, "no such answer"));
    CHECK(state.answers.empty());
    CHECK(give_answer(state, "waiting"));
    CHECK(give_answer(state, "few"));
    CHECK(give_answer(state, "2"));
    const DecisionPlace place = place_of(state);
    REQUIRE(place.advice);
    CHECK(place.advice->id == "threads");
    CHECK_FALSE(give_answer(state, "1"));
    CHECK(steps_of(state).size() == 3);
    take_back(state, 1);
    CHECK(state.answers == std::vector<std::string>{"waiting"});
    CHECK(place_of(state).question->id == "waits");
    take_back(state, 7);
    CHECK(state.answers.size() == 1);
    take_back(state, 0);
    CHECK(place_of(state).question->id == decision_tree().root);
}

TEST_CASE("decide: an address holds the answers, and one that the tree does not have changes nothing") {
    DecideState state;
    REQUIRE(take_decide_text(state, "computing,2").ok());
    CHECK(state.open);
    CHECK(decide_text(state) == "computing,releases");
    DecideState again;
    REQUIRE(take_decide_text(again, decide_text(state)).ok());
    CHECK(again.answers == state.answers);
    CHECK_FALSE(take_decide_text(again, "computing,never").ok());
    CHECK_FALSE(take_decide_text(again, "simple,yes").ok());
    CHECK(again.answers == state.answers);
    REQUIRE(take_decide_text(again, "").ok());
    CHECK(again.answers.empty());
}

TEST_CASE("decide: every way ends at an advice whose proof is an experiment that takes its settings") {
    std::vector<DecideState> open = {DecideState{}};
    int ends = 0;
    while (!open.empty()) {
        const DecideState state = open.back();
        open.pop_back();
        const DecisionPlace place = place_of(state);
        if (place.question) {
            for (const Answer& answer : place.question->answers) {
                DecideState next = state;
                REQUIRE(give_answer(next, answer.id));
                REQUIRE(next.answers.size() < 12);
                open.push_back(next);
            }
            continue;
        }
        ++ends;
        REQUIRE(place.advice);
        const Experiment* experiment = find_experiment(place.advice->proof.experiment);
        REQUIRE(experiment);
        Knobs knobs(experiment->knobs);
        for (const KnobSetting& setting : place.advice->proof.knobs) CHECK(knobs.set(setting.name, setting.value).ok());
    }
    CHECK(ends > 10);
}
