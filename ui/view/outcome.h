// What a run ended with, besides its time, in words: counters, exit codes, tasks that failed. Pure; no ImGui.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/experiments/experiment.h"
#include "core/experiments/judging.h"
#include "core/report/report.h"
#include "ui/view/chart_scale.h"
#include "ui/view/format.h"

namespace gil::ui {

struct Outcome {
    std::string name;        ///< "counter", "exit code", "4 tasks failed"
    std::string text;        ///< "490,736 of 1,000,000", "BrokenProcessPool: ..."
    bool as_expected = true; ///< what a program without a race or failure would have ended with
    bool is_error = false;   ///< what failed tasks told
    bool operator==(const Outcome&) const = default;
};

/// "-6 (SIGABRT)"
[[nodiscard]] inline std::string exit_code_text(std::int64_t code) {
    std::string text = std::to_string(code);
    if (code == -6) text += " (SIGABRT)";
    if (code == -9) text += " (SIGKILL)";
    if (code == -11) text += " (SIGSEGV)";
    return text;
}

/// Exit codes of several processes as one line: "-6 (SIGABRT) in process 2, 0 in 3 others".
[[nodiscard]] inline Outcome exit_codes_of(const std::vector<const Observation*>& codes) {
    Outcome outcome{codes.size() == 1 ? "exit code" : "exit codes", {}, true};
    std::size_t good = 0;
    for (const Observation* code : codes) {
        if (code->value == code->expected) {
            ++good;
            continue;
        }
        constexpr std::string_view of = " of ";
        const std::size_t at = code->name.find(of);
        if (!outcome.text.empty()) outcome.text += ", ";
        outcome.text += exit_code_text(code->value);
        if (at != std::string::npos) outcome.text += " in " + code->name.substr(at + of.size());
    }
    // One of several that ended by itself is what was asked for.
    outcome.as_expected = good > 0 || outcome.text.empty();
    if (outcome.text.empty()) {
        outcome.text = good == 1 ? "0" : "0 in all " + std::to_string(good);
    } else if (good > 0) {
        outcome.text += ", 0 in " + std::to_string(good) + (good == 1 ? " other" : " others");
    }
    return outcome;
}

[[nodiscard]] inline Outcome outcome_of(const Observation& observation) {
    if (!observation.text.empty()) return {observation.name, observation.text, true};
    Outcome outcome{observation.name, grouped(observation.value), observation.value == observation.expected};
    // The task that was made to fail is no loss; who else is lost is one.
    if (observation.name == "survivors") outcome.as_expected = observation.value >= observation.expected - 1;
    if (observation.expected != 0) outcome.text += " of " + grouped(observation.expected);
    return outcome;
}

/// Failed tasks, one outcome per kind of error, in the order of the tasks.
inline void add_errors(std::vector<Outcome>& outcomes, const std::vector<TaskOutput>& outputs) {
    std::vector<std::pair<std::string, int>> errors;
    for (const TaskOutput& output : outputs) {
        if (output.error.empty()) continue;
        bool known = false;
        for (auto& [text, count] : errors) {
            known = known || text == output.error;
            if (text == output.error) ++count;
        }
        if (!known) errors.emplace_back(output.error, 1);
    }
    for (const auto& [text, count] : errors) {
        outcomes.push_back(
            {std::to_string(count) + (count == 1 ? " task failed" : " tasks failed"), text, false, true});
    }
}

/// Empty for a run that only took its time.
[[nodiscard]] inline std::vector<Outcome> outcomes_of(const VariantReport& variant) {
    std::vector<Outcome> outcomes;
    std::vector<const Observation*> codes;
    for (const Observation& observation : variant.median_run.observations) {
        if (observation.name.starts_with("exit code"))
            codes.push_back(&observation);
        else
            outcomes.push_back(outcome_of(observation));
    }
    if (!codes.empty()) outcomes.push_back(exit_codes_of(codes));
    add_errors(outcomes, variant.median_run.outputs);
    return outcomes;
}

/// "counter 490,736 of 1,000,000; exit code 0"; empty when there is nothing to tell.
[[nodiscard]] inline std::string outcome_text(const std::vector<Outcome>& outcomes) {
    std::string text;
    for (const Outcome& outcome : outcomes) {
        if (!text.empty()) text += "; ";
        text += outcome.name + (outcome.is_error ? ": " : " ") + outcome.text;
    }
    return text;
}

/// Why a verdict is as it is, with variants called as on the page: process-pool, pickle at 1 KiB, where the command
/// line says "process_pool:pickle, 1 KiB".
[[nodiscard]] inline std::string verdict_words(const Report& report, const Axis& axis) {
    return verdict_why(report, [&](const VariantReport& variant) {
        if (variant.series.empty()) return words(variant.name);
        return words(variant.series) + " at " + axis_value_words(variant.x, axis.unit, axis.title);
    });
}

} // namespace gil::ui
