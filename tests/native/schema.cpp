#include "tests/native/schema.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

namespace gil::test {

namespace {

constexpr std::array annotations{"$schema", "$id", "$defs", "title", "description"};
constexpr std::array assertions{"type",  "enum",     "const",   "properties", "required",  "additionalProperties",
                                "items", "minItems", "minimum", "maximum",    "minLength", "anyOf",
                                "$ref"};

bool is_of_type(const Json& value, const std::string& type) {
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "boolean") return value.is_boolean();
    if (type == "null") return value.is_null();
    if (type == "number") return value.is_number();
    if (type != "integer" || !value.is_number()) return false;
    return value.is_number_integer() || value.get<double>() == std::floor(value.get<double>());
}

std::string short_text(const Json& value) {
    const std::string text = dump_json(value);
    return text.size() <= 60 ? text : text.substr(0, 57) + "...";
}

class Checker {
  public:
    explicit Checker(const Json& root) : root_(root) {}

    void check_schema(const Json& schema, const std::string& path) {
        if (schema.is_boolean()) return;
        if (!schema.is_object()) return fault(path, "is not a schema");
        for (const auto& [key, value] : schema.items()) {
            const auto is_key = [&name = key](const char* known) { return name == known; };
            if (std::any_of(annotations.begin(), annotations.end(), is_key)) continue;
            if (std::any_of(assertions.begin(), assertions.end(), is_key)) continue;
            fault(path, "uses \"" + key + "\", which this checker does not know");
        }
        for (const char* group : {"properties", "$defs"}) {
            if (!schema.contains(group)) continue;
            for (const auto& [key, value] : schema[group].items()) check_schema(value, path + "/" + group + "/" + key);
        }
        for (const char* one : {"items", "additionalProperties"}) {
            if (schema.contains(one)) check_schema(schema[one], path + "/" + one);
        }
        if (!schema.contains("anyOf")) return;
        for (const Json& choice : schema["anyOf"]) check_schema(choice, path + "/anyOf");
    }

    void check(const Json& schema, const Json& value, const std::string& path) {
        if (schema.is_boolean()) {
            if (!schema.get<bool>()) fault(path, "is not allowed here");
            return;
        }
        if (schema.contains("$ref")) check_reference(schema["$ref"].get<std::string>(), value, path);
        if (schema.contains("anyOf")) check_any_of(schema["anyOf"], value, path);
        if (schema.contains("type")) check_type(schema["type"], value, path);
        if (schema.contains("const") && schema["const"] != value) fault(path, "is not " + short_text(schema["const"]));
        if (schema.contains("enum") &&
            std::find(schema["enum"].begin(), schema["enum"].end(), value) == schema["enum"].end()) {
            fault(path, short_text(value) + " is none of " + dump_json(schema["enum"]));
        }
        if (value.is_number()) check_range(schema, value, path);
        if (value.is_string() && schema.contains("minLength") &&
            value.get_ref<const std::string&>().size() < schema["minLength"].get<std::size_t>()) {
            fault(path, "is too short");
        }
        if (value.is_object()) check_object(schema, value, path);
        if (value.is_array()) check_array(schema, value, path);
    }

    [[nodiscard]] std::vector<std::string> faults() const { return faults_; }

  private:
    void fault(const std::string& path, const std::string& what) {
        faults_.push_back((path.empty() ? "the document" : path) + ": " + what);
    }

    void check_reference(const std::string& reference, const Json& value, const std::string& path) {
        if (!reference.starts_with("#")) return fault(path, "refers to " + reference + ", which is not local");
        const Json::json_pointer pointer(reference.substr(1));
        if (!root_.contains(pointer)) return fault(path, "refers to " + reference + ", which is not there");
        check(root_[pointer], value, path);
    }

    void check_any_of(const Json& choices, const Json& value, const std::string& path) {
        std::string reasons;
        for (const Json& choice : choices) {
            Checker attempt(root_);
            attempt.check(choice, value, path);
            if (attempt.faults_.empty()) return;
            reasons += "; " + attempt.faults_.front();
        }
        fault(path, "fits no choice" + reasons);
    }

    void check_type(const Json& type, const Json& value, const std::string& path) {
        const Json types = type.is_array() ? type : Json::array({type});
        const auto fits = [&](const Json& name) { return is_of_type(value, name.get<std::string>()); };
        if (std::none_of(types.begin(), types.end(), fits)) {
            fault(path, short_text(value) + " is not of type " + dump_json(type));
        }
    }

    void check_range(const Json& schema, const Json& value, const std::string& path) {
        const auto number = value.get<double>();
        if (schema.contains("minimum") && number < schema["minimum"].get<double>()) fault(path, "is too small");
        if (schema.contains("maximum") && number > schema["maximum"].get<double>()) fault(path, "is too large");
    }

    void check_object(const Json& schema, const Json& value, const std::string& path) {
        if (schema.contains("required")) {
            for (const Json& name : schema["required"]) {
                if (!value.contains(name.get<std::string>())) fault(path, "lacks \"" + name.get<std::string>() + "\"");
            }
        }
        for (const auto& [key, field] : value.items()) {
            const std::string place = path.empty() ? key : path + "." + key;
            if (schema.contains("properties") && schema["properties"].contains(key)) {
                check(schema["properties"][key], field, place);
            } else if (schema.contains("additionalProperties")) {
                check(schema["additionalProperties"], field, place);
            }
        }
    }

    void check_array(const Json& schema, const Json& value, const std::string& path) {
        if (schema.contains("minItems") && value.size() < schema["minItems"].get<std::size_t>()) {
            fault(path, "has too few entries");
        }
        if (!schema.contains("items")) return;
        for (std::size_t i = 0; i < value.size(); ++i) {
            check(schema["items"], value[i], path + "[" + std::to_string(i) + "]");
        }
    }

    const Json& root_;
    std::vector<std::string> faults_;
};

/// Calls `visit` with every object in `json` and its place.
void each_object(const Json& json, const Json::json_pointer& place,
                 const std::function<void(const Json&, const Json::json_pointer&)>& visit) {
    if (json.is_object()) {
        visit(json, place);
        for (const auto& [key, value] : json.items()) each_object(value, place / key, visit);
    } else if (json.is_array()) {
        for (std::size_t i = 0; i < json.size(); ++i) each_object(json[i], place / i, visit);
    }
}

} // namespace

std::vector<std::string> schema_faults(const Json& schema, const Json& document) {
    Checker checker(schema);
    checker.check_schema(schema, "schema");
    if (checker.faults().empty()) checker.check(schema, document, "");
    return checker.faults();
}

std::vector<Mutation> with_extra_field(const Json& document) {
    std::vector<Mutation> mutations;
    each_object(document, Json::json_pointer(), [&](const Json&, const Json::json_pointer& place) {
        Mutation mutation{place.to_string() + " with one field more", document};
        mutation.document[place]["no such field"] = 1;
        mutations.push_back(std::move(mutation));
    });
    return mutations;
}

std::vector<Mutation> with_missing_field(const Json& document) {
    std::vector<Mutation> mutations;
    each_object(document, Json::json_pointer(), [&](const Json& object, const Json::json_pointer& place) {
        for (const auto& [key, value] : object.items()) {
            Mutation mutation{place.to_string() + " without " + key, document};
            mutation.document[place].erase(key);
            mutations.push_back(std::move(mutation));
        }
    });
    return mutations;
}

} // namespace gil::test
