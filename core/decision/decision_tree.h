// Which tool for which work: questions whose answers lead to a piece of advice, and the experiment that proves it.
// Plain data; the command line asks it, the page can link to it. docs/decision-tree.schema.json describes its JSON.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json.h"
#include "core/base/result.h"

namespace gil {

struct Answer {
    std::string_view id;       ///< "waiting": one word to type
    std::string_view words;    ///< the answer as a reader would give it
    std::string_view leads_to; ///< id of the next question or of the advice
};

struct Question {
    std::string_view id;
    std::string_view words; ///< one sentence that ends in a question mark
    std::vector<Answer> answers;
};

/// A knob that a proof changes, as `--set name=value` takes it.
struct KnobSetting {
    std::string_view name;
    std::string_view value;
};

/// What makes one variant better than another: less wall time, or more tasks that still returned a result after a
/// failure.
enum class Better : std::uint8_t { faster, survives };

/// The experiment that shows that the advice is right.
struct Proof {
    std::string_view experiment;
    std::vector<KnobSetting> knobs{}; ///< only those that differ from the experiment's defaults
    std::string_view winner;          ///< the variant to look at
    /// Variants that it is better than; empty: than all others of the experiment. Not empty where the others do other
    /// work, or do not keep the condition that led here.
    std::vector<std::string_view> against{};
    std::string_view look; ///< one sentence: what there is to see
    Better better = Better::faster;
};

/// A leaf of the tree.
struct Advice {
    std::string_view id;
    std::string_view headline; ///< "Use a thread pool"
    std::string_view why;      ///< two or three sentences
    std::string_view python;   ///< a few lines that name the API; not a whole program
    Proof proof;
};

struct DecisionTree {
    std::string_view root; ///< id of the first question
    std::vector<Question> questions;
    std::vector<Advice> advice;
};

/// The tree. Static lifetime.
[[nodiscard]] const DecisionTree& decision_tree();

/// nullptr when there is none of that id.
[[nodiscard]] const Question* find_question(const DecisionTree& tree, std::string_view id);
[[nodiscard]] const Advice* find_advice(const DecisionTree& tree, std::string_view id);

/// The answer with that id or of that number, counted from 1; nullptr when there is none.
[[nodiscard]] const Answer* find_answer(const Question& question, std::string_view text);

/// Where answers lead: to a question or to an advice; the other one is nullptr.
struct DecisionPlace {
    const Question* question = nullptr;
    const Advice* advice = nullptr;
};

/// Where one answer (an id or a number) to `question` leads. The error says what would be accepted.
[[nodiscard]] Result<DecisionPlace> follow(const DecisionTree& tree, const Question& question, std::string_view answer);

/// From the root along `answers` (ids or numbers). The error also says which of them it was.
[[nodiscard]] Result<DecisionPlace> follow(const DecisionTree& tree, std::span<const std::string> answers);

/// "gilplay run pool-size --set tasks=32"
[[nodiscard]] std::string proof_command(const Proof& proof);

[[nodiscard]] std::string_view to_string(Better better); ///< "faster", "survives"

[[nodiscard]] Json to_json(const Question& question);
[[nodiscard]] Json to_json(const Advice& advice);
[[nodiscard]] Json to_json(const DecisionTree& tree);

} // namespace gil
