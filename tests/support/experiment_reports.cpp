#include "tests/support/experiment_reports.h"

#include <stdexcept>

#include "core/engine/simulate_report.h"

namespace gil::test {

Machine machine_with(int cores) {
    Machine machine;
    machine.cores = cores;
    return machine;
}

Knobs knobs_with(std::string_view id, const Json& values) {
    Knobs knobs(find_experiment(id)->knobs);
    if (auto set = knobs.set_all(values); !set) throw std::runtime_error(set.error().line());
    return knobs;
}

Report simulated(std::string_view id, const Json& values, int cores) {
    const Experiment& experiment = *find_experiment(id);
    const Knobs knobs = knobs_with(id, values);
    return simulate_experiment(experiment, knobs, experiment.make(knobs), machine_with(cores));
}

ChosenReport::ChosenReport(std::string_view id, const Json& values, int cores) : experiment_(find_experiment(id)) {
    report_.experiment = id;
    report_.machine = machine_with(cores);
    for (const Variant& variant : experiment_->make(knobs_with(id, values))) {
        Run run;
        run.trace.end = 100 * millisecond;
        run.outputs.resize(variant.scenario.tasks.size());
        report_.variants.push_back(summarise(variant, {run, run, run}, true));
    }
}

VariantReport& ChosenReport::at(std::string_view name) {
    for (VariantReport& variant : report_.variants) {
        if (variant.name == name) return variant;
    }
    throw std::runtime_error("no variant " + std::string(name));
}

ChosenReport& ChosenReport::wall(std::string_view name, double median, double min, double max) {
    at(name).wall_ms = {median, min, max, 3};
    return *this;
}

ChosenReport& ChosenReport::observe(std::string_view variant, std::string_view what, std::int64_t value,
                                    std::int64_t expected) {
    auto& observations = at(variant).median_run.observations;
    std::erase_if(observations, [&](const Observation& o) { return o.name == what; });
    observations.push_back({std::string(what), value, expected});
    return *this;
}

ChosenReport& ChosenReport::tell(std::string_view variant, std::string_view what, std::string text) {
    auto& observations = at(variant).median_run.observations;
    std::erase_if(observations, [](const Observation& o) { return o.name == "exit code"; });
    observations.push_back({std::string(what), 0, 0, std::move(text)});
    return *this;
}

ChosenReport& ChosenReport::error(std::string_view variant, std::size_t task, std::string text) {
    at(variant).median_run.outputs.at(task).error = std::move(text);
    return *this;
}

ChosenReport& ChosenReport::lanes(std::string_view variant, std::size_t count) {
    at(variant).median_run.trace.lanes.resize(count);
    return *this;
}

ChosenReport& ChosenReport::unavailable(std::string_view variant, std::string reason) {
    at(variant).unavailable = std::move(reason);
    return *this;
}

ChosenReport& ChosenReport::wrong(std::string_view variant) {
    at(variant).outputs_ok = false;
    return *this;
}

ChosenReport& ChosenReport::from_here() {
    report_.origin = Origin::measured;
    return *this;
}

ChosenReport& ChosenReport::from_cpython() {
    report_.origin = Origin::cpython;
    report_.engine = "CPython 3.11.2 with a GIL";
    for (VariantReport& variant : report_.variants) {
        variant.metrics = {};
        variant.median_run.trace.lanes.clear();
    }
    return *this;
}

Report ChosenReport::concluded() {
    fill_speedups(report_);
    Report report = report_;
    conclude(*experiment_, report);
    return report;
}

Verdict ChosenReport::judge() {
    return concluded().verdict;
}

bool says(const Verdict& verdict, std::string_view part) {
    return verdict.why.find(part) != std::string::npos;
}

} // namespace gil::test
