#include "core/decision/decision_tree.h"

#include "core/base/text.h"
#include "core/decision/decision_tree_data.h"

namespace gil {

namespace {

template<class Item>
const Item* find_by_id(const std::vector<Item>& items, std::string_view id) {
    for (const Item& item : items) {
        if (item.id == id) return &item;
    }
    return nullptr;
}

/// A knob's text as JSON: a number where it spells one, a text otherwise.
Json value_to_json(std::string_view text) {
    Json value = Json::parse(text, nullptr, false);
    return value.is_number() ? value : Json(text);
}

Json to_json(const Proof& proof) {
    Json knobs = Json::object();
    for (const KnobSetting& knob : proof.knobs) knobs[std::string(knob.name)] = value_to_json(knob.value);
    return {{"experiment", proof.experiment}, {"knobs", std::move(knobs)},         {"winner", proof.winner},
            {"against", Json(proof.against)}, {"better", to_string(proof.better)}, {"look", proof.look},
            {"command", proof_command(proof)}};
}

} // namespace

const DecisionTree& decision_tree() {
    static const DecisionTree tree{"work", decision_questions(), decision_advice()};
    return tree;
}

const Question* find_question(const DecisionTree& tree, std::string_view id) {
    return find_by_id(tree.questions, id);
}

const Advice* find_advice(const DecisionTree& tree, std::string_view id) {
    return find_by_id(tree.advice, id);
}

const Answer* find_answer(const Question& question, std::string_view text) {
    for (std::size_t i = 0; i < question.answers.size(); ++i) {
        if (text == std::to_string(i + 1)) return &question.answers[i];
    }
    return find_by_id(question.answers, text);
}

Result<DecisionPlace> follow(const DecisionTree& tree, const Question& question, std::string_view answer) {
    if (const Answer* found = find_answer(question, answer)) {
        return DecisionPlace{find_question(tree, found->leads_to), find_advice(tree, found->leads_to)};
    }
    std::vector<std::string_view> ids;
    for (const Answer& known : question.answers) ids.push_back(known.id);
    return Error{"",
                 "\"" + printable(answer, 40) + "\" does not answer \"" + std::string(question.words) + "\"" +
                     did_you_mean(answer, ids),
                 one_of(ids)};
}

Result<DecisionPlace> follow(const DecisionTree& tree, std::span<const std::string> answers) {
    DecisionPlace place{find_question(tree, tree.root), nullptr};
    for (std::size_t i = 0; i < answers.size(); ++i) {
        const std::string where = "answer " + std::to_string(i + 1);
        if (place.question == nullptr) {
            return Error{where, "the answers before it lead to the advice already",
                         std::to_string(i) + (i == 1 ? " answer" : " answers")};
        }
        const auto next = follow(tree, *place.question, answers[i]);
        if (!next) return Error{where, next.error().what, next.error().accepted};
        place = next.value();
    }
    return place;
}

std::string proof_command(const Proof& proof) {
    std::string command = "gilplay run " + std::string(proof.experiment);
    for (const KnobSetting& knob : proof.knobs) {
        command += " --set " + std::string(knob.name) + "=" + std::string(knob.value);
    }
    return command;
}

std::string_view to_string(Better better) {
    return better == Better::faster ? "faster" : "survives";
}

Json to_json(const Question& question) {
    Json answers = Json::array();
    for (const Answer& answer : question.answers) {
        answers.push_back({{"id", answer.id}, {"words", answer.words}, {"leads_to", answer.leads_to}});
    }
    return {{"id", question.id}, {"words", question.words}, {"answers", std::move(answers)}};
}

Json to_json(const Advice& advice) {
    return {{"id", advice.id},
            {"headline", advice.headline},
            {"why", advice.why},
            {"python", advice.python},
            {"proof", to_json(advice.proof)}};
}

Json to_json(const DecisionTree& tree) {
    Json questions = Json::array();
    for (const Question& question : tree.questions) questions.push_back(to_json(question));
    Json advice = Json::array();
    for (const Advice& leaf : tree.advice) advice.push_back(to_json(leaf));
    return {{"root", tree.root}, {"questions", std::move(questions)}, {"advice", std::move(advice)}};
}

} // namespace gil
