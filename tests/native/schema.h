// A small, strict checker for the project's own JSON schemas (draft 2020-12).
#pragma once

#include <string>
#include <vector>

#include "core/base/json.h"

namespace gil::test {

/// What is wrong with `document` by `schema`, one line per fault with its place; empty when nothing is.
/// Knows type, enum, const, properties, required, additionalProperties, items, minItems, minimum, maximum, minLength,
/// anyOf and local $ref. Any other keyword is a fault of the schema, so that nothing is left unchecked in silence.
[[nodiscard]] std::vector<std::string> schema_faults(const Json& schema, const Json& document);

/// Every document that is `document` with one field more in some object, or one field of some object less. What a
/// strict schema must refuse, apart from fields that may be missing.
struct Mutation {
    std::string what; ///< "variants[0] without name"
    Json document;
};
[[nodiscard]] std::vector<Mutation> with_extra_field(const Json& document);
[[nodiscard]] std::vector<Mutation> with_missing_field(const Json& document);

} // namespace gil::test
