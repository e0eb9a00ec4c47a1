#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <set>

#include "core/experiments/fidelity.h"

using namespace gil;
using Catch::Approx;

namespace {

VariantReport variant(std::string name, ExecutionModel model, double ms, double speedup, double x = 0) {
    VariantReport report;
    report.name = std::move(name);
    report.scenario.model = model;
    report.wall_ms.median = ms;
    report.speedup = speedup;
    report.x = x;
    return report;
}

Report fidelity_report(std::vector<VariantReport> variants) {
    Report report;
    report.variants = std::move(variants);
    return report;
}

constexpr auto one_thread = ExecutionModel::sequential;
constexpr auto under_gil = ExecutionModel::threads;
constexpr auto in_processes = ExecutionModel::processes;

} // namespace

TEST_CASE("Fidelity.the error is that of the speed-up, and the base is no row") {
    const Report simulated =
        fidelity_report({variant("sequential", one_thread, 100, 1), variant("processes", in_processes, 50, 2)});
    const Report measured =
        fidelity_report({variant("sequential", one_thread, 300, 1), variant("processes", in_processes, 200, 1.5)});
    Fidelity fidelity;
    compare("here", simulated, measured, fidelity);
    REQUIRE(fidelity.rows.size() == 1);
    CHECK(fidelity.rows[0].variant == "processes");
    CHECK(fidelity.rows[0].error() == Approx(1.0 / 3));
    CHECK(worst_error(fidelity) == Approx(1.0 / 3));
    CHECK(fidelity.pairs == 1);
    CHECK(fidelity.faults.empty());
}

TEST_CASE("Fidelity.without a sequential variant times are compared with the first variant's") {
    const Report simulated = fidelity_report({variant("a", under_gil, 10, 0), variant("b", under_gil, 20, 0)});
    const Report measured = fidelity_report({variant("a", under_gil, 10, 0), variant("b", under_gil, 25, 0)});
    Fidelity fidelity;
    compare("here", simulated, measured, fidelity);
    REQUIRE(fidelity.rows.size() == 1);
    CHECK(fidelity.rows[0].simulated == Approx(0.5));
    CHECK(fidelity.rows[0].reference == Approx(0.4));
}

TEST_CASE("Fidelity.two calibrations agree as long as no speed-up is far from the other") {
    const auto case_with = [](double threads, double processes) {
        return fidelity_report({variant("sequential", one_thread, 100, 1), variant("threads", under_gil, 100, threads),
                                variant("processes", in_processes, 50, processes)});
    };
    CHECK(agree(case_with(1, 2), case_with(1, 2), 0));
    CHECK(agree(case_with(1, 2), case_with(1.1, 1.9), 0.15));
    CHECK_FALSE(agree(case_with(1, 2), case_with(1, 1.7), 0.15));
    CHECK_FALSE(agree(case_with(1, 2), case_with(1.3, 2), 0.15));
}

TEST_CASE("Fidelity.a wrong order counts only where the reference tells the two clearly apart") {
    const Report simulated = fidelity_report({variant("a", under_gil, 20, 0), variant("b", under_gil, 10, 0)});
    Fidelity close;
    compare("here", simulated, fidelity_report({variant("a", under_gil, 10, 0), variant("b", under_gil, 11, 0)}),
            close);
    CHECK(close.pairs == 0);
    Fidelity apart;
    compare("here", simulated, fidelity_report({variant("a", under_gil, 10, 0), variant("b", under_gil, 12, 0)}),
            apart);
    REQUIRE(apart.faults.size() == 1);
    CHECK(apart.faults[0].faster == "a");
    CHECK(apart.faults[0].slower == "b");
    CHECK(apart.faults[0].by == Approx(0.2));
}

TEST_CASE("Fidelity.points of a sweep are compared at the same x only; what did not run is left out") {
    const Report simulated =
        fidelity_report({variant("a@1", under_gil, 20, 0, 1), variant("b@2", under_gil, 10, 0, 2)});
    Report measured = fidelity_report({variant("a@1", under_gil, 10, 0, 1), variant("b@2", under_gil, 20, 0, 2)});
    Fidelity sweep;
    compare("here", simulated, measured, sweep);
    CHECK(sweep.pairs == 0);
    measured.variants[1].unavailable = "needs more";
    Fidelity missing;
    compare("here", simulated, measured, missing);
    CHECK(missing.rows.empty());
    CHECK(median_error(missing) == 0);
}

TEST_CASE("Fidelity.of several rounds the medians count, and the orders that most have wrong") {
    const auto round = [](double simulated, double reference, int pairs, std::vector<OrderFault> faults) {
        Fidelity fidelity;
        fidelity.rows = {{"here", "threads", simulated, reference}};
        fidelity.pairs = pairs;
        fidelity.faults = std::move(faults);
        return fidelity;
    };
    const OrderFault often = {"here", "a", "b", 0.2};
    const OrderFault once = {"here", "b", "a", 0.9};
    const std::vector<Fidelity> rounds = {round(1.0, 2.0, 5, {often, once}), round(1.2, 1.0, 7, {}),
                                          round(9.0, 1.1, 6, {often})};
    const Fidelity together = median_of(rounds);
    REQUIRE(together.rows.size() == 1);
    CHECK(together.rows[0].simulated == 1.2);
    CHECK(together.rows[0].reference == 1.1);
    CHECK(together.pairs == 6);
    REQUIRE(together.faults.size() == 1);
    CHECK(together.faults[0].faster == "a");
    CHECK(median_of(std::span(rounds).first(1)).rows[0].error() == 0.5);
    const Fidelity of_two = median_of(std::span(rounds).first(2));
    CHECK(of_two.faults.empty());
    CHECK(of_two.rows[0].reference == 1.5);
}

TEST_CASE("Fidelity.every case of every experiment is a setting of its knobs, and none comes twice") {
    std::set<std::string> places;
    for (const Experiment& experiment : experiments()) {
        const std::vector<Json> cases = fidelity_cases(experiment);
        REQUIRE_FALSE(cases.empty());
        CHECK(cases.front().empty());
        for (std::size_t i = 0; i < experiment.fidelity.size(); ++i) {
            const std::string_view said = experiment.fidelity[i];
            INFO(said);
            CHECK(std::ssize(cases.at(i + 1)) == std::count(said.begin(), said.end(), '='));
        }
        for (const Json& settings : cases) {
            const std::string place = fidelity_place(experiment, settings);
            INFO(place);
            CHECK(places.insert(place).second);
            Knobs knobs(experiment.knobs);
            CHECK(knobs.set_all(settings));
            CHECK((settings.empty() || !(knobs == Knobs(experiment.knobs))));
        }
    }
    CHECK(places.size() > 25);
}
