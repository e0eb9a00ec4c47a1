#include "core/experiments/knobs.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "core/base/text.h"

namespace gil {

namespace {

std::string accepted(const Knob& knob) {
    if (knob.kind == KnobKind::choice) return one_of(knob.choices);
    std::string text = plain_number(knob.min) + " to " + plain_number(knob.max);
    if (!knob.unit.empty()) text += " " + std::string(knob.unit);
    return knob.kind == KnobKind::integer ? text + ", a whole number" : text;
}

Result<double> parse_value(const Knob& knob, const std::string& text) {
    const auto refuse = [&](const std::string& what) {
        return Error{std::string(knob.name), "\"" + printable(text, 40) + "\" " + what, accepted(knob)};
    };
    if (knob.kind == KnobKind::choice) {
        const auto found = std::find(knob.choices.begin(), knob.choices.end(), text);
        if (found == knob.choices.end()) return refuse("is no choice" + did_you_mean(text, knob.choices));
        return static_cast<double>(found - knob.choices.begin());
    }
    const double value = number_of(text);
    if (std::isnan(value)) return refuse("is not a number");
    if (value < knob.min) return refuse("is too small");
    if (value > knob.max) return refuse("is too large");
    if (knob.kind == KnobKind::integer && value != std::floor(value)) return refuse("is not a whole number");
    return value;
}

Error no_such_knob(std::string_view name, std::span<const Knob> knobs) {
    std::vector<std::string_view> names;
    for (const Knob& knob : knobs) names.push_back(knob.name);
    return Error{printable(name, 40), "there is no such knob here" + did_you_mean(name, names), one_of(names)};
}

} // namespace

Knobs::Knobs(std::span<const Knob> knobs) : knobs_(knobs) {
    for (const Knob& knob : knobs) values_.push_back(knob.fallback);
}

std::size_t Knobs::index_of(std::string_view name) const {
    const auto found = std::find_if(knobs_.begin(), knobs_.end(), [&](const Knob& knob) { return knob.name == name; });
    return static_cast<std::size_t>(found - knobs_.begin());
}

Result<Nothing> Knobs::set(std::string_view name, std::string_view text) {
    const std::size_t index = index_of(name);
    if (index == knobs_.size()) {
        return no_such_knob(name, knobs_);
    }
    auto value = parse_value(knobs_[index], std::string(text));
    if (!value) return value.error();
    values_[index] = value.value();
    return Nothing{};
}

void Knobs::set_number(std::string_view name, double value) {
    const std::size_t index = index_of(name);
    assert(index < knobs_.size());
    if (std::isnan(value)) return;
    const Knob& knob = knobs_[index];
    if (knob.kind == KnobKind::choice) {
        values_[index] = std::clamp(std::round(value), 0.0, static_cast<double>(knob.choices.size() - 1));
    } else {
        const double clamped = std::clamp(value, knob.min, knob.max);
        values_[index] = knob.kind == KnobKind::integer ? std::round(clamped) : clamped;
    }
}

Result<Nothing> Knobs::set_all(const Json& object) {
    if (!object.is_object()) return Error{"knobs", "is not an object", "{\"tasks\": 4, ...}"};
    Knobs changed = *this;
    for (const auto& [key, value] : object.items()) {
        if (!value.is_string() && !value.is_number()) {
            return Error{"knobs." + printable(key, 40), "is neither a number nor a text", {}};
        }
        const std::string text = value.is_string() ? value.get<std::string>() : dump_json(value);
        if (auto done = changed.set(key, text); !done) return done.error();
    }
    values_ = std::move(changed.values_);
    return Nothing{};
}

void Knobs::reset(std::string_view name) {
    const std::size_t index = index_of(name);
    assert(index < knobs_.size());
    values_[index] = knobs_[index].fallback;
}

double Knobs::number(std::string_view name) const {
    const std::size_t index = index_of(name);
    assert(index < knobs_.size());
    return values_[index];
}

int Knobs::integer(std::string_view name) const {
    return static_cast<int>(number(name));
}

std::string_view Knobs::choice(std::string_view name) const {
    const std::size_t index = index_of(name);
    assert(index < knobs_.size() && knobs_[index].kind == KnobKind::choice);
    return knobs_[index].choices[static_cast<std::size_t>(values_[index])];
}

std::string Knobs::text(std::string_view name) const {
    const std::size_t index = index_of(name);
    assert(index < knobs_.size());
    return knobs_[index].kind == KnobKind::choice ? std::string(choice(name)) : plain_number(values_[index]);
}

Json Knobs::to_json() const {
    Json json = Json::object();
    for (std::size_t i = 0; i < knobs_.size(); ++i) {
        const Knob& knob = knobs_[i];
        const std::string key(knob.name);
        if (knob.kind == KnobKind::choice) {
            json[key] = std::string(choice(knob.name));
        } else if (knob.kind == KnobKind::integer) {
            json[key] = static_cast<std::int64_t>(values_[i]);
        } else {
            json[key] = values_[i];
        }
    }
    return json;
}

} // namespace gil
