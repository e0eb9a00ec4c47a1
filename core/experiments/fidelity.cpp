#include "core/experiments/fidelity.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <iterator>
#include <map>
#include <utility>

namespace gil {

namespace {

/// The order of two variants matters when their times differ by more than this.
constexpr double clearly_apart = 0.15;

struct Both {
    const VariantReport* simulated;
    const VariantReport* reference;
};

/// 0 of none.
double median(std::vector<double> values) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

/// A run that is to go wrong tells nothing of speed.
bool goes_wrong(const Scenario& scenario) {
    return std::any_of(scenario.tasks.begin(), scenario.tasks.end(), [](const Task& task) {
        return task.is_lambda || std::any_of(task.steps.begin(), task.steps.end(),
                                             [](const Step& step) { return std::holds_alternative<Fail>(step); });
    });
}

bool ran(const VariantReport& variant) {
    return variant.unavailable.empty() && variant.wall_ms.median > 0 && !goes_wrong(variant.scenario);
}

std::vector<Both> pairs_of(const Report& simulated, const Report& reference) {
    std::vector<Both> pairs;
    for (const VariantReport& variant : simulated.variants) {
        const VariantReport* other = find_variant(reference, variant.name);
        if (other != nullptr && ran(variant) && ran(*other)) pairs.push_back({&variant, other});
    }
    return pairs;
}

void compare_order(const std::string& place, const Both& a, const Both& b, Fidelity& into) {
    const double ratio = a.reference->wall_ms.median / b.reference->wall_ms.median;
    const double by = std::max(ratio, 1 / ratio) - 1;
    if (by <= clearly_apart) return;
    ++into.pairs;
    const auto& [fast, slow] = ratio < 1 ? std::pair(a, b) : std::pair(b, a);
    if (fast.simulated->wall_ms.median <= slow.simulated->wall_ms.median) return;
    into.faults.push_back({place, fast.reference->name, slow.reference->name, by});
}

std::string text_of(const Json& value) {
    return value.is_string() ? value.get<std::string>() : value.dump();
}

/// {"workers": 2, "tasks": 6} of "workers=2 tasks=6".
Json case_of(const Experiment& experiment, std::string_view settings) {
    Knobs knobs(experiment.knobs);
    Json object = Json::object();
    while (!settings.empty()) {
        const std::string_view setting = settings.substr(0, settings.find(' '));
        settings.remove_prefix(std::min(setting.size() + 1, settings.size()));
        const std::size_t equals = setting.find('=');
        const std::string_view name = setting.substr(0, equals);
        const bool done = equals != std::string_view::npos && knobs.set(name, setting.substr(equals + 1));
        assert(done && "a case is a setting of its experiment's knobs");
        if (done) object[std::string(name)] = knobs.to_json()[std::string(name)];
    }
    return object;
}

} // namespace

double FidelityRow::error() const {
    return std::abs(simulated / reference - 1);
}

void compare(const std::string& place, const Report& simulated, const Report& reference, Fidelity& into) {
    const std::vector<Both> pairs = pairs_of(simulated, reference);
    for (const Both& pair : pairs) {
        FidelityRow row{place, pair.simulated->name, pair.simulated->speedup, pair.reference->speedup};
        if (row.simulated <= 0 || row.reference <= 0) {
            row.simulated = pairs.front().simulated->wall_ms.median / pair.simulated->wall_ms.median;
            row.reference = pairs.front().reference->wall_ms.median / pair.reference->wall_ms.median;
        }
        // What the others are compared with is right by definition.
        const bool is_base =
            pair.simulated == pairs.front().simulated || pair.simulated->scenario.model == ExecutionModel::sequential;
        if (!is_base) into.rows.push_back(std::move(row));
    }
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        for (std::size_t k = i + 1; k < pairs.size(); ++k) {
            // In a sweep only what stands at the same x is compared.
            if (pairs[i].simulated->x == pairs[k].simulated->x) compare_order(place, pairs[i], pairs[k], into);
        }
    }
}

bool agree(const Report& simulated, const Report& reference, double most) {
    Fidelity apart;
    compare({}, simulated, reference, apart);
    return worst_error(apart) <= most;
}

void append(Fidelity more, Fidelity& into) {
    std::move(more.rows.begin(), more.rows.end(), std::back_inserter(into.rows));
    std::move(more.faults.begin(), more.faults.end(), std::back_inserter(into.faults));
    into.pairs += more.pairs;
}

Fidelity median_of(std::span<const Fidelity> rounds) {
    std::vector<double> pairs;
    std::map<std::pair<std::string, std::string>, std::pair<std::vector<double>, std::vector<double>>> speedups;
    std::map<std::array<std::string, 3>, std::vector<double>> faults;
    for (const Fidelity& round : rounds) {
        pairs.push_back(round.pairs);
        for (const FidelityRow& row : round.rows) {
            auto& both = speedups[{row.place, row.variant}];
            both.first.push_back(row.simulated);
            both.second.push_back(row.reference);
        }
        for (const OrderFault& fault : round.faults)
            faults[{fault.place, fault.faster, fault.slower}].push_back(fault.by);
    }
    Fidelity together;
    together.pairs = static_cast<int>(median(std::move(pairs)));
    for (const auto& [name, both] : speedups) {
        together.rows.push_back({name.first, name.second, median(both.first), median(both.second)});
    }
    for (const auto& [name, by] : faults) {
        if (2 * by.size() > rounds.size()) together.faults.push_back({name[0], name[1], name[2], median(by)});
    }
    return together;
}

double median_error(const Fidelity& fidelity) {
    std::vector<double> errors;
    for (const FidelityRow& row : fidelity.rows) errors.push_back(row.error());
    return median(std::move(errors));
}

double worst_error(const Fidelity& fidelity) {
    double worst = 0;
    for (const FidelityRow& row : fidelity.rows) worst = std::max(worst, row.error());
    return worst;
}

std::vector<Json> fidelity_cases(const Experiment& experiment) {
    std::vector<Json> cases = {Json::object()};
    for (const std::string_view settings : experiment.fidelity) cases.push_back(case_of(experiment, settings));
    return cases;
}

std::string fidelity_place(const Experiment& experiment, const Json& knobs) {
    std::string place(experiment.id);
    for (const auto& [name, value] : knobs.items()) place += " " + name + "=" + text_of(value);
    return place;
}

Json to_json(const Fidelity& fidelity) {
    Json rows = Json::array();
    for (const FidelityRow& row : fidelity.rows) {
        rows.push_back({{"case", row.place},
                        {"variant", row.variant},
                        {"simulated", row.simulated},
                        {"reference", row.reference},
                        {"error", row.error()}});
    }
    Json faults = Json::array();
    for (const OrderFault& fault : fidelity.faults) {
        faults.push_back({{"case", fault.place}, {"faster", fault.faster}, {"slower", fault.slower}, {"by", fault.by}});
    }
    return {{"median_error", median_error(fidelity)},
            {"worst_error", worst_error(fidelity)},
            {"pairs", fidelity.pairs},
            {"order_faults", std::move(faults)},
            {"rows", std::move(rows)}};
}

} // namespace gil
