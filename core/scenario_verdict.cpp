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
    verdict.why = "It took " + fixed_number(variant.wall_ms.median, 1) + " ms (" +
                  std::string(to_string(report.origin)) + "); one after another its work is " +
                  fixed_number(to_ms(total_work(variant.scenario)), 1) + " ms and its waits are " +
                  fixed_number(to_ms(total_wait(variant.scenario)), 1) + " ms.";
    return verdict;
}

} // namespace gil
