// The contents of the decision tree, split by kind; decision_tree() puts them together.
#pragma once

#include "core/decision/decision_tree.h"

namespace gil {

[[nodiscard]] std::vector<Question> decision_questions();
[[nodiscard]] std::vector<Advice> decision_advice();

} // namespace gil
