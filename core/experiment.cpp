#include "core/experiment.h"

#include <algorithm>

#include "core/experiments/all.h"
#include "core/names.h"

namespace gil {

std::span<const Experiment> experiments() {
    static const std::vector<Experiment> table = {
        cpu_bound_experiment(),        gil_release_experiment(), lock_experiment(),        free_threading_experiment(),
        io_bound_experiment(),         web_scraper_experiment(), thread_pool_experiment(), process_pool_experiment(),
        process_overhead_experiment(), pickling_experiment(),    shared_data_experiment(), isolation_experiment(),
        image_processing_experiment(), hybrid_experiment(),      pool_size_experiment(),   sequential_experiment()};
    return table;
}

const Experiment* find_experiment(std::string_view id) {
    for (const Experiment& experiment : experiments()) {
        if (experiment.id == id) return &experiment;
    }
    return nullptr;
}

Result<std::vector<Variant>> select_variants(std::vector<Variant> variants, std::span<const std::string> wanted) {
    if (wanted.empty()) return variants;
    const auto named = [](const std::string& name) { return [&](const Variant& v) { return v.name == name; }; };
    for (const std::string& name : wanted) {
        if (std::count(wanted.begin(), wanted.end(), name) > 1) {
            return Error{"variants", "\"" + printable(name, 40) + "\" is named twice", "each at most once"};
        }
        if (std::any_of(variants.begin(), variants.end(), named(name))) continue;
        std::vector<std::string_view> names;
        for (const Variant& variant : variants) names.push_back(variant.name);
        return Error{"variants", "there is no \"" + printable(name, 40) + "\" here", one_of(names)};
    }
    std::erase_if(variants, [&](const Variant& variant) {
        return std::find(wanted.begin(), wanted.end(), variant.name) == wanted.end();
    });
    return variants;
}

} // namespace gil
