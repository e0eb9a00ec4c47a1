// The checker of the published schemas is itself to be trusted.
#include <catch2/catch_test_macros.hpp>

#include "tests/native/schema.h"

using namespace gil;
using namespace gil::test;

namespace {

Json json(const char* text) {
    return parse_json(text, "test").value();
}

bool fits(const char* schema, const char* document) {
    return schema_faults(json(schema), json(document)).empty();
}

} // namespace

TEST_CASE("Schema checker.types") {
    CHECK(fits(R"({"type":"integer"})", "3"));
    CHECK(fits(R"({"type":"integer"})", "3.0"));
    CHECK_FALSE(fits(R"({"type":"integer"})", "3.5"));
    CHECK_FALSE(fits(R"({"type":"integer"})", "\"3\""));
    CHECK(fits(R"({"type":"number"})", "3"));
    CHECK(fits(R"({"type":["number","null"]})", "null"));
    CHECK_FALSE(fits(R"({"type":["number","null"]})", "false"));
    for (const char* type : {"object", "array", "string", "boolean", "null"}) {
        CHECK_FALSE(fits((R"({"type":")" + std::string(type) + R"("})").c_str(), "1"));
    }
}

TEST_CASE("Schema checker.objects: required, additional and typed fields") {
    const char* schema = R"({"properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false})";
    CHECK(fits(schema, R"({"a":"x"})"));
    CHECK_FALSE(fits(schema, R"({"a":1})"));
    CHECK_FALSE(fits(schema, R"({})"));
    CHECK_FALSE(fits(schema, R"({"a":"x","b":1})"));
    const char* map = R"({"additionalProperties":{"type":"number"}})";
    CHECK(fits(map, R"({"x":1,"y":2})"));
    CHECK_FALSE(fits(map, R"({"x":1,"y":"2"})"));
}

TEST_CASE("Schema checker.arrays, ranges, choices") {
    CHECK(fits(R"({"items":{"type":"number"},"minItems":1})", "[1]"));
    CHECK_FALSE(fits(R"({"items":{"type":"number"},"minItems":1})", "[]"));
    CHECK_FALSE(fits(R"({"items":{"type":"number"}})", "[1,\"2\"]"));
    CHECK(fits(R"({"minimum":0,"maximum":1})", "1"));
    CHECK_FALSE(fits(R"({"minimum":0})", "-0.1"));
    CHECK_FALSE(fits(R"({"maximum":1})", "1.1"));
    CHECK_FALSE(fits(R"({"minLength":1})", "\"\""));
    CHECK(fits(R"({"enum":["a","b"]})", "\"b\""));
    CHECK_FALSE(fits(R"({"enum":["a","b"]})", "\"c\""));
    CHECK_FALSE(fits(R"({"const":1})", "2"));
    CHECK(fits(R"({"anyOf":[{"type":"string"},{"minimum":5}]})", "6"));
    CHECK_FALSE(fits(R"({"anyOf":[{"type":"string"},{"minimum":5}]})", "4"));
}

TEST_CASE("Schema checker.references are followed, and what it does not know is a fault") {
    const char* schema = R"({"$defs":{"n":{"type":"number"}},"items":{"$ref":"#/$defs/n"}})";
    CHECK(fits(schema, "[1]"));
    CHECK_FALSE(fits(schema, "[true]"));
    CHECK_FALSE(fits(R"({"$ref":"#/$defs/missing"})", "1"));
    CHECK_FALSE(fits(R"({"$ref":"https://elsewhere/schema"})", "1"));
    CHECK_FALSE(fits(R"({"pattern":"^a"})", "\"a\""));
    CHECK_FALSE(fits(R"({"properties":{"never":{"oneOf":[]}}})", "{}"));
}

TEST_CASE("Schema checker.mutations reach every object and field") {
    const Json document = json(R"({"a":[{"b":1,"c":{}}]})");
    CHECK(with_extra_field(document).size() == 3);
    CHECK(with_missing_field(document).size() == 3);
    CHECK(with_missing_field(document)[1].what == "/a/0 without b");
}
