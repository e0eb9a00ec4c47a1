#include "core/experiments/scenario_verdict.h"

#include <algorithm>
#include <cstdint>

#include "core/base/text.h"
#include "core/experiments/judging.h"

namespace gil {

namespace {

/// With a full stop, where it has none.
std::string sentence(std::string words) {
    if (!words.ends_with('.')) words += '.';
    return words;
}

/// " 3 of 4 tasks failed: ZeroDivisionError: ... counter: 187 instead of 200." Nothing where nothing failed or was
/// counted.
std::string endings_of(const Run& run) {
    std::string text;
    const auto failed = [](const TaskOutput& output) { return !output.error.empty(); };
    const auto count = std::count_if(run.outputs.begin(), run.outputs.end(), failed);
    if (count > 0) {
        const std::string first = std::find_if(run.outputs.begin(), run.outputs.end(), failed)->error;
        text += " " + std::to_string(count) + " of " + counted(static_cast<std::int64_t>(run.outputs.size()), "task") +
                " failed: " + sentence(printable(first, 200));
    }
    for (const Observation& seen : run.observations) text += " " + sentence(observation_text(seen));
    return text;
}

} // namespace

Verdict describe_scenario(const Report& report) {
    Verdict verdict;
    verdict.headline = "A scenario of your own: no claim to judge.";
    if (report.variants.empty()) return verdict;
    const VariantReport& variant = report.variants.front();
    if (!variant.unavailable.empty()) {
        verdict.why = variant.unavailable;
        return verdict;
    }
    if (variant.median_run.stop) {
        verdict.headline = "Not simulated to its end: how long it takes cannot be told.";
        verdict.why = "It was " + stop_text(variant) + ".";
        return verdict;
    }
    verdict.why = "It took " + time_text(variant.wall_ms.median) + " (" + std::string(to_string(report.origin)) + ").";
    // What else a task does (counting, sending) has no time of its own in a scenario.
    const Nanoseconds work = total_work(variant.scenario);
    const Nanoseconds waits = total_wait(variant.scenario);
    if (work + waits > 0) {
        verdict.why += " One after another its work is " + time_text(to_ms(work)) + " and its waits are " +
                       time_text(to_ms(waits)) + ".";
    }
    verdict.why += endings_of(variant.median_run);
    return verdict;
}

} // namespace gil
