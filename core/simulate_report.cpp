#include "core/simulate_report.h"

#include "core/scenario_verdict.h"
#include "core/simulator.h"

namespace gil {

namespace {

Report simulate_variants(std::span<const Variant> variants, const Machine& machine, std::uint64_t seed) {
    Report report;
    report.origin = Origin::simulated;
    report.machine = machine;
    for (const Variant& variant : variants) {
        std::vector<Run> runs;
        runs.push_back(simulate(variant.scenario, machine, seed));
        report.variants.push_back(summarise(variant, std::move(runs), true));
    }
    fill_speedups(report);
    return report;
}

} // namespace

Report simulate_experiment(const Experiment& experiment, const Knobs& knobs, std::span<const Variant> variants,
                           const Machine& machine, std::uint64_t seed) {
    Report report = simulate_variants(variants, machine, seed);
    report.experiment = experiment.id;
    report.knobs = knobs.to_json();
    conclude(experiment, report);
    return report;
}

Report simulate_scenario(const Scenario& scenario, const Machine& machine, std::uint64_t seed) {
    const Variant variant{std::string(to_string(scenario.model)), scenario};
    Report report = simulate_variants({&variant, 1}, machine, seed);
    report.experiment = "scenario";
    report.verdict = describe_scenario(report);
    return report;
}

} // namespace gil
