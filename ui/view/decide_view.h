// Where a reader stands in the decision tree: the answers given so far. Pure; no ImGui.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/decision/decision_tree.h"

namespace gil::ui {

struct DecideState {
    bool open = false;
    std::vector<std::string> answers; ///< ids, from the root on; always a way that the tree has
};

/// The question or advice that the answers lead to.
[[nodiscard]] inline DecisionPlace place_of(const DecideState& state) {
    const Result<DecisionPlace> place = follow(decision_tree(), state.answers);
    return place.ok() ? place.value() : DecisionPlace{find_question(decision_tree(), decision_tree().root), nullptr};
}

/// One answer given on the way.
struct DecideStep {
    const Question* question = nullptr;
    const Answer* answer = nullptr;
};

[[nodiscard]] inline std::vector<DecideStep> steps_of(const DecideState& state) {
    std::vector<DecideStep> steps;
    const Question* question = find_question(decision_tree(), decision_tree().root);
    for (const std::string& id : state.answers) {
        const Answer* answer = question ? find_answer(*question, id) : nullptr;
        if (!answer) break;
        steps.push_back({question, answer});
        question = find_question(decision_tree(), answer->leads_to);
    }
    return steps;
}

/// False, and nothing changed, when the present question has no such answer.
inline bool give_answer(DecideState& state, std::string_view answer) {
    const DecisionPlace place = place_of(state);
    if (!place.question) return false;
    const Answer* found = find_answer(*place.question, answer);
    if (!found) return false;
    state.answers.emplace_back(found->id);
    return true;
}

/// Takes back all answers from number `first` on.
inline void take_back(DecideState& state, std::size_t first) {
    if (first < state.answers.size()) state.answers.resize(first);
}

/// "computing,python": the answers as an address holds them.
[[nodiscard]] inline std::string decide_text(const DecideState& state) {
    std::string text;
    for (const std::string& answer : state.answers) text += (text.empty() ? "" : ",") + answer;
    return text;
}

/// The same back again; the error says which answer the tree does not have, and `state` stays as it was.
[[nodiscard]] inline Result<Nothing> take_decide_text(DecideState& state, std::string_view text) {
    std::vector<std::string> answers;
    while (!text.empty()) {
        const std::size_t comma = text.find(',');
        answers.emplace_back(text.substr(0, comma));
        text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
    }
    const Result<DecisionPlace> place = follow(decision_tree(), answers);
    if (!place.ok()) return place.error();
    // Numbers are taken too, but ids stay right when the tree grows.
    DecideState found{true, answers};
    const std::vector<DecideStep> steps = steps_of(found);
    for (std::size_t at = 0; at < steps.size(); ++at) found.answers[at] = steps[at].answer->id;
    state = std::move(found);
    return Nothing{};
}

} // namespace gil::ui
