#include "core/experiments/judging.h"

#include <algorithm>

#include "core/names.h"

namespace gil {

namespace {

std::string place(const Report& report) {
    switch (report.origin) {
    case Origin::simulated:
        return "in the simulation";
    case Origin::cpython:
        return "in " + report.engine;
    case Origin::measured:
        break;
    }
    return "on this machine";
}

std::string why_missing(const Report& report, std::string_view name) {
    for (const VariantReport& variant : report.variants) {
        if (variant.name == name) return "\"" + variant.name + "\" did not run: " + variant.unavailable + ".";
    }
    return "The variant \"" + std::string(name) + "\" was left out, and the claim compares with it.";
}

} // namespace

std::optional<Verdict> why_not_judged(const Report& report, std::initializer_list<std::string_view> needed) {
    for (const std::string_view name : needed) {
        const VariantReport* variant = find_variant(report, name);
        if (variant == nullptr) return verdict_for(report, Holds::cannot_tell, why_missing(report, name));
        if (!variant->outputs_ok) {
            return verdict_for(report, Holds::cannot_tell,
                               "\"" + variant->name + "\" computed a wrong result, so its time means nothing.");
        }
        if (variant->wall_ms.relative() > too_noisy) {
            return verdict_for(report, Holds::cannot_tell,
                               "Too noisy: \"" + variant->name + "\" took between " + in_ms(variant->wall_ms.min) +
                                   " and " + in_ms(variant->wall_ms.max) + ". Close other programs and run again.");
        }
    }
    return std::nullopt;
}

Verdict verdict_for(const Report& report, Holds holds, std::string why) {
    const std::string where = place(report);
    Verdict verdict{holds, {}, std::move(why)};
    if (holds == Holds::yes) verdict.headline = "Holds " + where + ".";
    if (holds == Holds::no) verdict.headline = "Does not hold " + where + ".";
    if (holds == Holds::cannot_tell) verdict.headline = "Cannot be judged " + where + ".";
    return verdict;
}

std::string times(double ratio) {
    return fixed_number(ratio, 2) + "\u00d7";
}

std::string percent(double share) {
    return fixed_number(100 * std::clamp(share, 0.0, 1.0), 0) + " %";
}

std::string in_ms(double ms) {
    return fixed_number(ms, ms < 10 ? 2 : ms < 100 ? 1 : 0) + " ms";
}

} // namespace gil
