// The tree is sound, and what each piece of advice claims is what its experiment shows.
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <functional>
#include <set>

#include "core/decision/decision_tree.h"
#include "core/engine/simulate_report.h"

using namespace gil;

namespace {

/// Where the answers of `question` lead, apart from advice; nothing for an unknown id.
std::vector<std::string_view> next_questions(const DecisionTree& tree, std::string_view id) {
    std::vector<std::string_view> next;
    const Question* question = find_question(tree, id);
    if (question == nullptr) return next;
    for (const Answer& answer : question->answers) next.push_back(answer.leads_to);
    return next;
}

/// Empty when every id is unique, every answer leads somewhere, everything is reachable and nothing goes in a circle.
std::string fault_in(const DecisionTree& tree) {
    std::set<std::string_view> ids;
    for (const Question& question : tree.questions) {
        if (!ids.insert(question.id).second) return "two are called " + std::string(question.id);
        std::set<std::string_view> answers;
        if (question.answers.size() < 2) return std::string(question.id) + " is no question";
        for (const Answer& answer : question.answers) {
            if (!answers.insert(answer.id).second) return "two answers are called " + std::string(answer.id);
        }
    }
    for (const Advice& advice : tree.advice) {
        if (!ids.insert(advice.id).second) return "two are called " + std::string(advice.id);
    }
    if (find_question(tree, tree.root) == nullptr) return "the root is no question";
    std::set<std::string_view> reached;
    std::set<std::string_view> open;
    std::string fault;
    const std::function<void(std::string_view)> visit = [&](std::string_view id) {
        if (!ids.contains(id)) fault = "nothing is called " + std::string(id);
        if (open.contains(id)) fault = std::string(id) + " leads back to itself";
        if (!fault.empty() || !reached.insert(id).second) return;
        open.insert(id);
        for (const std::string_view next : next_questions(tree, id)) visit(next);
        open.erase(id);
    };
    visit(tree.root);
    for (const std::string_view id : ids) {
        if (fault.empty() && !reached.contains(id)) fault = std::string(id) + " cannot be reached";
    }
    return fault;
}

Advice advice_called(std::string_view id) {
    return {id, "headline", "why", "python", {"cpu-bound", {}, "processes", {}, "look"}};
}

DecisionTree small_tree() {
    return {"first",
            {{"first", "Which?", {{"left", "Left", "second"}, {"right", "Right", "b"}}},
             {"second", "Really?", {{"yes", "Yes", "a"}, {"no", "No", "b"}}}},
            {advice_called("a"), advice_called("b")}};
}

/// How good a variant is by the proof's own measure; more is better.
double merit(const VariantReport& variant, Better better) {
    if (better == Better::faster) return 1 / variant.wall_ms.median;
    const Observation* survivors = find_observation(variant.median_run, "survivors");
    return survivors == nullptr ? -1 : static_cast<double>(survivors->value);
}

void check_winner(const Proof& proof, const Report& report) {
    const VariantReport* winner = find_variant(report, proof.winner);
    REQUIRE(winner != nullptr);
    const double best = merit(*winner, proof.better);
    REQUIRE(best > 0);
    for (const std::string_view name : proof.against) REQUIRE(find_variant(report, name) != nullptr);
    for (const VariantReport& other : report.variants) {
        const bool compared = proof.against.empty() ||
                              std::find(proof.against.begin(), proof.against.end(), other.name) != proof.against.end();
        if (!compared || other.name == proof.winner || !other.unavailable.empty()) continue;
        INFO(other.name << " took " << other.wall_ms.median << " ms, " << winner->name << " "
                        << winner->wall_ms.median);
        // Time within 10 %: the other may be as good, but not better. More survivors must be more.
        if (proof.better == Better::faster) CHECK(best * 1.1 >= merit(other, proof.better));
        if (proof.better == Better::survives) CHECK(best > merit(other, proof.better));
    }
}

} // namespace

TEST_CASE("Decision tree.is sound") {
    CHECK(fault_in(decision_tree()).empty());
    for (const Advice& advice : decision_tree().advice) {
        INFO(advice.id);
        CHECK_FALSE(advice.headline.empty());
        CHECK_FALSE(advice.why.empty());
        CHECK_FALSE(advice.python.empty());
        CHECK_FALSE(advice.proof.look.empty());
    }
}

TEST_CASE("Decision tree.a broken tree is found out") {
    REQUIRE(fault_in(small_tree()).empty());
    DecisionTree circle = small_tree();
    circle.questions[1].answers[0].leads_to = "first";
    CHECK(fault_in(circle) == "first leads back to itself");
    DecisionTree nowhere = small_tree();
    nowhere.questions[1].answers[0].leads_to = "nowhere";
    CHECK(fault_in(nowhere) == "nothing is called nowhere");
    DecisionTree lost = small_tree();
    lost.advice.push_back(advice_called("lost"));
    CHECK(fault_in(lost) == "lost cannot be reached");
    DecisionTree twice = small_tree();
    twice.advice.push_back(advice_called("second"));
    CHECK(fault_in(twice) == "two are called second");
    DecisionTree same_answers = small_tree();
    same_answers.questions[0].answers[1].id = "left";
    CHECK(fault_in(same_answers) == "two answers are called left");
}

TEST_CASE("Decision tree.answers lead to a question or an advice, by id or number") {
    const DecisionTree tree = small_tree();
    const auto place = [&](const std::vector<std::string>& answers) { return follow(tree, answers); };
    CHECK(place({}).value().question->id == "first");
    CHECK(place({"left"}).value().question->id == "second");
    CHECK(place({"left", "no"}).value().advice->id == "b");
    CHECK(place({"1", "1"}).value().advice->id == "a");
    CHECK(place({"2"}).value().advice->id == "b");
    CHECK(place({"2"}).value().question == nullptr);
}

TEST_CASE("Decision tree.a wrong answer says which, and what would be accepted") {
    const DecisionTree tree = small_tree();
    const auto refused = [&](const std::vector<std::string>& answers) { return follow(tree, answers).error().line(); };
    CHECK(refused({"up"}) == "answer 1: \"up\" does not answer \"Which?\" (accepted: left or right)");
    CHECK(refused({"left", "maybe"}) == "answer 2: \"maybe\" does not answer \"Really?\" (accepted: yes or no)");
    CHECK(refused({"right", "yes"}) ==
          "answer 2: the answers before it lead to the advice already (accepted: 1 answer)");
    for (const char* text : {"", "0", "3", "-1", "1.0", "01", "LEFT", "left ", "\xff"}) {
        CHECK_FALSE(follow(tree, std::vector<std::string>{text}).ok());
    }
}

TEST_CASE("Decision tree.the post's three branches are the first three answers") {
    const Question& first = *find_question(decision_tree(), decision_tree().root);
    REQUIRE(first.answers.size() >= 3);
    CHECK(first.answers[0].id == "waiting");
    CHECK(first.answers[1].id == "computing");
    CHECK(first.answers[2].id == "simple");
    const auto advice = [](const std::vector<std::string>& answers) {
        return follow(decision_tree(), answers).value().advice->id;
    };
    CHECK(advice({"waiting", "few", "fixed"}) == "threads");
    CHECK(advice({"waiting", "few", "async"}) == "asyncio");
    CHECK(advice({"computing", "python", "long", "yes", "little", "standard"}) == "process-pool");
    CHECK(advice({"simple"}) == "plain-code");
}

TEST_CASE("Decision tree.every proof is an experiment that shows the advice to be right, on 4 cores") {
    Machine machine;
    machine.cores = 4;
    for (const Advice& advice : decision_tree().advice) {
        const Proof& proof = advice.proof;
        INFO(advice.id << ": " << proof_command(proof));
        const Experiment* experiment = find_experiment(proof.experiment);
        if (experiment == nullptr) {
            WARN("not proved: \"" << advice.id << "\", for there is no experiment \"" << proof.experiment << "\"");
            continue;
        }
        Knobs knobs(experiment->knobs);
        for (const KnobSetting& knob : proof.knobs) {
            const auto set = knobs.set(knob.name, knob.value);
            INFO((set ? "" : set.error().line()));
            REQUIRE(set);
            CHECK(knobs.text(knob.name) == knob.value);
            CHECK(Knobs(experiment->knobs).text(knob.name) != knob.value);
        }
        const Report report = simulate_experiment(*experiment, knobs, experiment->make(knobs), machine);
        CHECK(report.verdict.holds != Holds::cannot_tell);
        check_winner(proof, report);
    }
}

TEST_CASE("Decision tree.the JSON carries numbers as numbers and the command as it is typed") {
    Proof proof{"pool-size", {{"tasks", "32"}, {"start_method", "spawn"}}, "sequential", {}, "look"};
    Advice advice = advice_called("a");
    advice.proof = proof;
    const Json json = to_json(advice)["proof"];
    CHECK(json["knobs"] == Json{{"tasks", 32}, {"start_method", "spawn"}});
    CHECK(json["command"] == "gilplay run pool-size --set tasks=32 --set start_method=spawn");
    CHECK(json["against"] == Json::array());
    CHECK(json["better"] == "faster");
}
