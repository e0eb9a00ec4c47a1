#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cmath>

#include "core/engine/simulate_report.h"
#include "ui/view/sweep_view.h"

using namespace gil;
using namespace gil::ui;

namespace {

VariantReport measured_point(const std::string& series, double x, double ms) {
    VariantReport variant;
    variant.name = series + "@" + std::to_string(x);
    variant.series = series;
    variant.x = x;
    variant.wall_ms = {ms, ms, ms, 1};
    return variant;
}

/// Falls under the plain line between x = 1 and x = 10.
Report crossing() {
    Report report;
    for (const double x : {0.1, 1.0, 10.0}) report.variants.push_back(measured_point("sequential", x, 10 * x));
    for (const double x : {0.1, 1.0, 10.0}) report.variants.push_back(measured_point("process_pool", x, 20 + 3 * x));
    return report;
}

} // namespace

TEST_CASE("chart scale: positions go from 0 to 1 on both kinds of axis") {
    const ChartScale even = scale_over(0, 50, false);
    CHECK(even.position(0) == 0);
    CHECK(even.position(25) == 0.5);
    CHECK(even.position(50) == 1);
    const ChartScale logarithmic = scale_over(0.01, 100, true);
    CHECK(logarithmic.position(0.01) == 0);
    CHECK(std::fabs(logarithmic.position(1) - 0.5) < 1e-12);
    CHECK(logarithmic.position(100) == 1);
    CHECK_FALSE(scale_over(0, 100, true).logarithmic);
    CHECK(scale_over(3, 3, true).position(3) == 0.5);
}

TEST_CASE("chart scale: wall times begin at 0, or have a logarithmic axis where an experiment wants that") {
    CHECK_FALSE(wall_scale(10, 200, false).logarithmic);
    CHECK(wall_scale(10, 200, false).low == 0);
    const ChartScale wide = wall_scale(1, 400, true);
    CHECK(wide.logarithmic);
    CHECK(wide.low < 1);
    CHECK(wide.high > 400);
    CHECK(wall_scale(0, 0, true).position(0) == 0);
}

TEST_CASE("chart scale: ticks are round, rise, and stay inside and few") {
    for (const ChartScale& scale : {scale_over(0, 347, false), scale_over(0, 0.02, false), scale_over(0.7, 900, true),
                                    scale_over(12, 45, true), scale_over(1e-3, 1e9, true)}) {
        const std::vector<double> ticks = chart_ticks(scale, 6);
        REQUIRE(ticks.size() >= 1);
        CHECK(ticks.size() <= 7);
        for (std::size_t at = 0; at < ticks.size(); ++at) {
            CHECK(scale.position(ticks[at]) >= -1e-6);
            CHECK(scale.position(ticks[at]) <= 1 + 1e-6);
            if (at > 0) CHECK(ticks[at] > ticks[at - 1]);
        }
    }
    CHECK(chart_ticks(scale_over(0, 100, false), 5) == std::vector<double>{0, 20, 40, 60, 80, 100});
}

TEST_CASE("chart scale: values read as people write them") {
    CHECK(axis_value_text(1'024, "bytes") == "1 KiB");
    CHECK(axis_value_text(4'194'304, "bytes") == "4 MiB");
    CHECK(axis_value_words(0.03, "ms", "work per task") == "0.03 ms");
    CHECK(axis_value_words(16, "", "workers") == "16 workers");
    CHECK(axis_value_words(1, "", "workers") == "1 worker");
    CHECK(wall_tick_text(0) == "0");
    CHECK(wall_tick_text(0.5) == "500 µs");
    CHECK(wall_tick_text(2'000) == "2 s");
}

TEST_CASE("chart scale: the pointer takes the nearest value on the axis it sees") {
    const std::vector<double> xs = {1, 2, 4, 8, 16, 32};
    const ChartScale scale = scale_over(1, 32, true);
    CHECK(nearest_value(scale, xs, -1) == 0);
    CHECK(nearest_value(scale, xs, 0.41) == 2);
    CHECK(nearest_value(scale, xs, 0.49) == 2);
    CHECK(nearest_value(scale, xs, 0.51) == 3);
    CHECK(nearest_value(scale, xs, 2) == 5);
}

TEST_CASE("sweep: lines keep the experiment's order, and points that did not run are left out") {
    Report simulated = crossing();
    Report measured = crossing();
    measured.variants[1].unavailable = "no time";
    for (std::size_t at = 3; at < 6; ++at) measured.variants[at].unavailable = "no processes here";
    VariantReport bar;
    bar.name = "process_pool:lambda";
    simulated.variants.push_back(bar);
    const std::vector<SweepLine> lines = sweep_lines(simulated, &measured);
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].series == "sequential");
    CHECK(lines[0].simulated.size() == 3);
    CHECK(lines[0].measured.size() == 2);
    CHECK(lines[0].unavailable.empty());
    REQUIRE(lines[0].unmeasured.size() == 1);
    CHECK(lines[0].unmeasured[0]->unavailable == "no time");
    CHECK(lines[1].unavailable == "no processes here");
    CHECK(sweep_xs(lines) == std::vector<double>{0.1, 1, 10});
}

TEST_CASE("sweep: the break-even lies where the lines cross on the chart") {
    const Report report = crossing();
    const std::vector<SweepLine> lines = sweep_lines(report, nullptr);
    const std::vector<SweepMark> marks = sweep_marks(lines, false, {"work per task", "ms", true});
    REQUIRE(marks.size() == 1);
    CHECK(marks[0].line == 1);
    CHECK(marks[0].x > 1);
    CHECK(marks[0].x < 10);
    CHECK(marks[0].text.starts_with("break-even at "));
    CHECK(marks[0].y_ms >= 23);
    CHECK(marks[0].y_ms <= 50);
}

TEST_CASE("sweep: no mark stands on points that are too noisy, or where the ends of the lines overlap") {
    const Axis axis{"work per task", "ms", true};
    const auto marks = [&axis](std::size_t at, const Spread& wall) {
        Report report = crossing();
        for (VariantReport& variant : report.variants) variant.wall_ms.samples = 3;
        report.variants[at].wall_ms = wall;
        return sweep_marks(sweep_lines(report, nullptr), false, axis).size();
    };
    CHECK(marks(4, {23, 22, 24, 3}) == 1);
    CHECK(marks(4, {23, 15, 24, 3}) == 0);  // beside the break-even
    CHECK(marks(1, {10, 8, 12, 3}) == 0);   // the plain line there
    CHECK(marks(0, {1, 0.5, 2, 3}) == 1);   // far from it
    CHECK(marks(5, {50, 48, 102, 3}) == 0); // ends no faster for sure
}

TEST_CASE("sweep: without a plain line the mark is where a line has nearly reached its best") {
    Report report;
    const double walls[] = {320, 160, 84, 81, 80};
    double x = 1;
    for (const double wall : walls) {
        report.variants.push_back(measured_point("process_pool:cpu", x, wall));
        x *= 2;
    }
    const std::vector<SweepMark> marks = sweep_marks(sweep_lines(report, nullptr), false, {"workers", {}, true});
    REQUIRE(marks.size() == 1);
    CHECK(marks[0].x == 4);
    CHECK(marks[0].text == "within 10 % of the best from 4 workers");
}

TEST_CASE("sweep: every experiment with an axis has lines, and a first point that is on one of them") {
    int sweeps = 0;
    for (const Experiment& experiment : experiments()) {
        const Knobs knobs(experiment.knobs);
        const std::vector<Variant> variants = experiment.make(knobs);
        Report report = simulate_experiment(experiment, knobs, variants, Machine{});
        const VariantReport* first = first_point(report);
        CHECK((first != nullptr) == !experiment.axis.title.empty());
        if (!first) continue;
        ++sweeps;
        const std::vector<SweepLine> lines = sweep_lines(report, nullptr);
        CHECK(lines.size() >= 2);
        CHECK(lines.size() <= 5);
        CHECK(first->x == sweep_xs(lines).back());
        CHECK(point_at(report, first->series, first->x) == first);
        CHECK_FALSE(sweep_marks(lines, false, experiment.axis).size() > lines.size());
        const double largest = first->x;
        const auto at = std::ranges::find(report.variants, first->name, &VariantReport::name);
        at->unavailable = "too many processes";
        const VariantReport* other = first_point(report);
        REQUIRE(other != nullptr);
        CHECK(other->series == first->series);
        CHECK(other->x < largest);
    }
    CHECK(sweeps == 3);
}
