#include <catch2/catch_test_macros.hpp>

#include <algorithm>

#include "core/engine/simulate_report.h"
#include "core/report/report_csv.h"

using namespace gil;

namespace {

/// Reads RFC 4180 back: rows of fields. Empty when the text does not follow it.
std::vector<std::vector<std::string>> read_csv(const std::string& text) {
    std::vector<std::vector<std::string>> rows(1, std::vector<std::string>(1));
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::string& field = rows.back().back();
        const char c = text[i];
        if (quoted) {
            if (c != '"') {
                field += c;
            } else if (i + 1 < text.size() && text[i + 1] == '"') {
                field += text[++i];
            } else {
                quoted = false;
            }
        } else if (c == '"' && field.empty()) {
            quoted = true;
        } else if (c == ',') {
            rows.back().emplace_back();
        } else if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') {
            ++i;
            rows.emplace_back(1);
        } else if (c == '"' || c == '\r' || c == '\n') {
            return {};
        } else {
            field += c;
        }
    }
    if (quoted || rows.back() != std::vector<std::string>(1)) return {};
    rows.pop_back();
    return rows;
}

VariantReport variant_called(std::string name) {
    VariantReport variant;
    variant.name = std::move(name);
    variant.wall_samples_ms = {2.5, 1.25, 123456.789};
    variant.wall_ms = spread_of(variant.wall_samples_ms);
    return variant;
}

} // namespace

TEST_CASE("Report CSV.fields are quoted where they must be") {
    CHECK(csv_field("plain") == "plain");
    CHECK(csv_field("").empty());
    CHECK(csv_field("a,b") == "\"a,b\"");
    CHECK(csv_field("say \"hi\"") == "\"say \"\"hi\"\"\"");
    CHECK(csv_field("two\nlines") == "\"two\nlines\"");
    CHECK(csv_field("two\rlines") == "\"two\rlines\"");
}

TEST_CASE("Report CSV.hostile text comes back as it was, every row is complete") {
    Report report;
    report.experiment = "scenario";
    report.origin = Origin::measured;
    const std::string hostile = "a,\"b\"\r\n\"\",=1+1,\xc3\xa9";
    report.variants = {variant_called(hostile), variant_called("b")};
    report.variants[1].unavailable = hostile;
    report.variants[1].series = "line, one";
    report.variants[1].x = 0.1;
    const auto rows = read_csv(report_csv(report, nullptr));
    REQUIRE(rows.size() == 3);
    for (const auto& row : rows) CHECK(row.size() == rows[0].size());
    CHECK(rows[0][0] == "name");
    CHECK(rows[0][4] == "median_ms");
    CHECK(rows[1][0] == hostile);
    CHECK(rows[1][3] == "measured");
    CHECK(rows[1][4] == "2.5");
    CHECK(rows[1][5] == "1.25");
    CHECK(rows[1][6] == "123456.789");
    CHECK(rows[2][1] == "line, one");
    CHECK(rows[2][2] == "0.1");
    CHECK(rows[2][4].empty());
    CHECK(rows[2].back() == hostile);
}

TEST_CASE("Report CSV.a row per variant, the simulated ones after the measured") {
    for (const Experiment& experiment : experiments()) {
        INFO(experiment.id);
        const Knobs knobs(experiment.knobs);
        const Report report = simulate_experiment(experiment, knobs, experiment.make(knobs), Machine{});
        Report measured = report;
        measured.origin = Origin::measured;
        const auto rows = read_csv(report_csv(measured, &report));
        REQUIRE(rows.size() == 1 + 2 * report.variants.size());
        CHECK(rows[1][0] == report.variants[0].name);
        CHECK(rows[1][3] == "measured");
        CHECK(rows[1 + report.variants.size()][3] == "simulated");
        const auto column = std::find(rows[0].begin(), rows[0].end(), "gil_switches") - rows[0].begin();
        CHECK(rows[1][static_cast<std::size_t>(column)] == std::to_string(report.variants[0].metrics.gil_switches));
    }
}
