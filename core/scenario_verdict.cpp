#include "core/scenario_verdict.h"

#include "core/names.h"

namespace gil {

Verdict describe_scenario(const Report& report) {
    Verdict verdict;
    verdict.headline = "A scenario of your own: no claim to judge.";
    if (report.variants.empty()) return verdict;
    const VariantReport& variant = report.variants.front();
    if (!variant.unavailable.empty()) {
        verdict.why = variant.unavailable;
        return verdict;
    }
    verdict.why =
        "It took " + fixed_number(variant.wall_ms.median, 1) + " ms (" + std::string(to_string(report.origin)) + ").";
    // What else a task does (counting, sending) has no time of its own in a scenario.
    const Nanoseconds work = total_work(variant.scenario);
    const Nanoseconds waits = total_wait(variant.scenario);
    if (work + waits == 0) return verdict;
    verdict.why += " One after another its work is " + fixed_number(to_ms(work), 1) + " ms and its waits are " +
                   fixed_number(to_ms(waits), 1) + " ms.";
    return verdict;
}

} // namespace gil
