#include "core/engine/plan.h"

#include <algorithm>
#include <cstdint>

#include "core/base/text.h"
#include "core/experiments/experiment.h"
#include "core/experiments/scenario_verdict.h"

namespace gil {

namespace {

constexpr std::string_view not_reached = "the run was stopped before it was measured";

bool was_reached(const VariantReport& variant) {
    return variant.unavailable != not_reached;
}

Verdict stopped_verdict(const Report& report) {
    const auto reached = std::ranges::count_if(report.variants, was_reached);
    const auto all = static_cast<std::int64_t>(report.variants.size());
    return {Holds::cannot_tell, "Cannot be judged: the run was stopped.",
            "By then " + std::to_string(reached) + " of " + counted(all, "variant") + " had been measured."};
}

} // namespace

Result<Plan> plan_of(const RunRequest& request) {
    const Experiment* experiment = find_experiment(request.experiment);
    if (experiment == nullptr) return Error{"", "there is no experiment \"" + request.experiment + "\"", ""};
    Knobs knobs(experiment->knobs);
    if (auto set = knobs.set_all(request.knobs); !set) return set.error();
    auto variants = select_variants(experiment->make(knobs), request.variants);
    if (!variants) return variants.error();
    Plan plan;
    plan.report.experiment = experiment->id;
    plan.report.knobs = knobs.to_json();
    plan.variants = std::move(variants.value());
    plan.conclude = [experiment](Report& report) { conclude(*experiment, report); };
    return plan;
}

Plan plan_of(const ScenarioRequest& request) {
    Plan plan;
    plan.report.experiment = "scenario";
    plan.variants = {{std::string(to_string(request.scenario.model)), request.scenario}};
    plan.conclude = [](Report& report) { report.verdict = describe_scenario(report); };
    return plan;
}

RunSoFar::RunSoFar(Plan plan) : plan_(std::move(plan)) {
    plan_.report.origin = Origin::measured;
    plan_.report.stopped = true;
    for (const Variant& variant : plan_.variants) {
        VariantReport report = report_without_run(variant);
        report.unavailable = not_reached;
        plan_.report.variants.push_back(std::move(report));
    }
}

void RunSoFar::take(const BegunEvent& begun) {
    plan_.report.machine = begun.machine;
    plan_.report.engine = begun.engine;
}

void RunSoFar::take(const MeasuredEvent& measured) {
    for (std::size_t i = 0; i < plan_.variants.size(); ++i) {
        if (plan_.variants[i].name != measured.variant.name) continue;
        VariantReport& report = plan_.report.variants[i];
        report = measured.variant;
        report.scenario = plan_.variants[i].scenario;
        report.series = plan_.variants[i].series;
        report.x = plan_.variants[i].x;
    }
}

std::optional<Report> RunSoFar::stopped() const {
    const auto ran = [](const VariantReport& variant) { return variant.unavailable.empty(); };
    if (std::ranges::none_of(plan_.report.variants, ran)) return std::nullopt;
    Report report = plan_.report;
    fill_speedups(report);
    plan_.conclude(report);
    if (!std::ranges::all_of(report.variants, was_reached)) report.verdict = stopped_verdict(report);
    return report;
}

} // namespace gil
