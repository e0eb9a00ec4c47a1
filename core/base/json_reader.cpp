#include "core/base/json_reader.h"

#include <algorithm>
#include <cmath>

namespace gil {

namespace {

std::string range_text(double min, double max) {
    return plain_number(min) + " to " + plain_number(max);
}

std::string describe(const Json& json) {
    if (json.is_string()) return "the text \"" + printable(json.get_ref<const std::string&>(), 40) + "\"";
    if (json.is_object()) return "an object";
    if (json.is_array()) return "an array";
    return printable(dump_json(json), 40);
}

} // namespace

ObjectReader::ObjectReader(const Json& json, std::string path) : json_(json), path_(std::move(path)) {
    if (!json.is_object()) fail(Error{path_, describe(json) + " is not an object", "an object { ... }"});
}

std::string ObjectReader::path_of(std::string_view field) const {
    if (field.empty()) return path_;
    return path_.empty() ? std::string(field) : path_ + "." + std::string(field);
}

void ObjectReader::fail(std::string_view field, std::string what, std::string accepted) {
    fail(Error{path_of(field), std::move(what), std::move(accepted)});
}

void ObjectReader::fail(const Error& error) {
    if (failed_) return;
    failed_ = true;
    error_ = error;
}

bool ObjectReader::has(std::string_view field) const {
    return json_.is_object() && json_.contains(field);
}

const Json* ObjectReader::find(std::string_view field, bool required, std::string_view type) {
    asked_.emplace_back(field);
    if (!json_.is_object()) return nullptr;
    const auto it = json_.find(field);
    if (it != json_.end()) return &*it;
    if (required) fail(field, "is missing", std::string(type));
    return nullptr;
}

double ObjectReader::number(std::string_view field, double min, double max, double fallback) {
    const Json* json = find(field, false, {});
    if (json == nullptr) return fallback;
    if (!json->is_number()) {
        fail(field, describe(*json) + " is not a number", range_text(min, max));
        return fallback;
    }
    const double value = json->get<double>();
    if (std::isnan(value) || value < min || value > max) {
        fail(field, plain_number(value) + (value < min ? " is too small" : " is too large"), range_text(min, max));
        return fallback;
    }
    return value;
}

double ObjectReader::required_number(std::string_view field, double min, double max) {
    if (!has(field)) fail(field, "is missing", "a number, " + range_text(min, max));
    return number(field, min, max, min);
}

std::int64_t ObjectReader::integer(std::string_view field, std::int64_t min, std::int64_t max, std::int64_t fallback) {
    const auto low = static_cast<double>(min);
    const auto high = static_cast<double>(max);
    if (has(field) && json_[field].is_number_integer() && !json_[field].is_number_unsigned()) {
        asked_.emplace_back(field);
        const auto exact = json_[field].get<std::int64_t>();
        if (exact >= min && exact <= max) return exact;
        fail(field, std::to_string(exact) + (exact < min ? " is too small" : " is too large"), range_text(low, high));
        return fallback;
    }
    if (has(field) && json_[field].is_number_unsigned()) {
        asked_.emplace_back(field);
        const auto exact = json_[field].get<std::uint64_t>();
        if (max >= 0 && exact <= static_cast<std::uint64_t>(max) &&
            (min <= 0 || exact >= static_cast<std::uint64_t>(min))) {
            return static_cast<std::int64_t>(exact);
        }
        const bool small = min > 0 && exact < static_cast<std::uint64_t>(min);
        fail(field, std::to_string(exact) + (small ? " is too small" : " is too large"), range_text(low, high));
        return fallback;
    }
    const double value = number(field, low, high, static_cast<double>(fallback));
    if (has(field) && !failed_ && value != std::floor(value)) {
        fail(field, plain_number(value) + " is not a whole number", range_text(low, high));
    }
    return failed_ ? fallback : static_cast<std::int64_t>(value);
}

std::int64_t ObjectReader::required_integer(std::string_view field, std::int64_t min, std::int64_t max) {
    if (!has(field)) {
        fail(field, "is missing", "a whole number, " + range_text(static_cast<double>(min), static_cast<double>(max)));
    }
    return integer(field, min, max, min);
}

bool ObjectReader::boolean(std::string_view field, bool fallback) {
    const Json* json = find(field, false, {});
    if (json == nullptr) return fallback;
    if (json->is_boolean()) return json->get<bool>();
    fail(field, describe(*json) + " is neither true nor false", "true or false");
    return fallback;
}

std::string ObjectReader::text(std::string_view field, std::string fallback, std::size_t max_bytes) {
    const Json* json = find(field, false, {});
    if (json == nullptr) return fallback;
    if (!json->is_string()) {
        fail(field, describe(*json) + " is not a text", "a text in quotes");
        return fallback;
    }
    const auto& value = json->get_ref<const std::string&>();
    if (value.size() <= max_bytes) return value;
    fail(field, "is " + std::to_string(value.size()) + " bytes long", "at most " + std::to_string(max_bytes));
    return fallback;
}

std::string ObjectReader::required_text(std::string_view field) {
    if (!has(field)) fail(field, "is missing", "a text in quotes");
    return text(field, {});
}

const Json* ObjectReader::object(std::string_view field, bool required) {
    const Json* json = find(field, required, "an object { ... }");
    if (json == nullptr || json->is_object()) return json;
    fail(field, describe(*json) + " is not an object", "an object { ... }");
    return nullptr;
}

const Json* ObjectReader::array(std::string_view field, bool required, std::size_t max_size) {
    const Json* json = find(field, required, "an array [ ... ]");
    if (json == nullptr) return nullptr;
    if (!json->is_array()) {
        fail(field, describe(*json) + " is not an array", "an array [ ... ]");
        return nullptr;
    }
    if (json->size() <= max_size) return json;
    fail(field, "has " + std::to_string(json->size()) + " entries", "at most " + std::to_string(max_size));
    return nullptr;
}

Result<Nothing> ObjectReader::finish() {
    if (failed_) return error_;
    for (const auto& [key, value] : json_.items()) {
        if (std::find(asked_.begin(), asked_.end(), key) != asked_.end()) continue;
        std::vector<std::string_view> known(asked_.begin(), asked_.end());
        return Error{path_of(printable(key, 40)), "is not a field here" + did_you_mean(key, known), one_of(known)};
    }
    return Nothing{};
}

} // namespace gil
