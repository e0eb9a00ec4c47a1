#include "core/engine/simulate_report.h"

#include <algorithm>

#include "core/experiments/scenario_verdict.h"

namespace gil {

namespace {

Report simulate_variants(std::span<const Variant> variants, const Machine& machine, std::uint64_t seed, Budget budget) {
    Report report;
    report.origin = Origin::simulated;
    report.machine = machine;
    for (std::size_t i = 0; i < variants.size(); ++i) {
        const Variant& variant = variants[i];
        Budget share = budget;
        share.max_events /= variants.size() - i;
        share.max_bytes /= variants.size() - i;
        SimulationStats stats;
        std::vector<Run> runs;
        runs.push_back(simulate(variant.scenario, machine, seed, &stats, share));
        budget.max_events -= std::min(budget.max_events, stats.spent_events);
        budget.max_bytes -= std::min(budget.max_bytes, stats.kept_bytes);
        report.variants.push_back(summarise(variant, std::move(runs), true));
    }
    fill_speedups(report);
    return report;
}

} // namespace

Report simulate_experiment(const Experiment& experiment, const Knobs& knobs, std::span<const Variant> variants,
                           const Machine& machine, std::uint64_t seed, const Budget& budget) {
    Report report = simulate_variants(variants, machine, seed, budget);
    report.experiment = experiment.id;
    report.knobs = knobs.to_json();
    conclude(experiment, report);
    return report;
}

Report simulate_scenario(const Scenario& scenario, const Machine& machine, std::uint64_t seed, const Budget& budget) {
    const Variant variant{std::string(to_string(scenario.model)), scenario};
    Report report = simulate_variants({&variant, 1}, machine, seed, budget);
    report.experiment = "scenario";
    report.verdict = describe_scenario(report);
    return report;
}

} // namespace gil
