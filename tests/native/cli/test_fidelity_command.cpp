// gilplay fidelity: what it prints, and what is asked of its command line.
#include <catch2/catch_test_macros.hpp>

#include <algorithm>

#include "core/machine/machine.h"
#include "tests/native/support.h"

using namespace gil;
using namespace gil::native::test;

TEST_CASE("fidelity: rounds are told, and their comparison is one document", "[native][long]") {
    const TimeLimit limit(300);
    const Finished finished =
        run_gilplay({"fidelity", "sequential", "--defaults", "--repeats", "1", "--rounds", "2", "--json"});
    INFO(finished.err);
    REQUIRE(finished.status == 0);
    CHECK(finished.err.find("round 1 of 2, case 1 of 1: sequential") != std::string::npos);
    CHECK(finished.err.find("round 2 of 2, case 1 of 1: sequential") != std::string::npos);
    const Json document = Json::parse(finished.out);
    REQUIRE(document["comparisons"].size() == 1);
    const Json& here = document["comparisons"][0];
    CHECK(here["reference"] == "measured here");
    CHECK(machine_from_json(here["machine"]).value().calibrated);
    REQUIRE(here["rows"].size() >= 2);
    double worst = 0;
    for (const Json& row : here["rows"]) {
        CHECK(row["case"] == "sequential");
        CHECK(row["simulated"] > 0);
        CHECK(row["reference"] > 0);
        worst = std::max(worst, row["error"].get<double>());
    }
    CHECK(here["worst_error"] == worst);
    CHECK(document["disturbed"].is_array());
}

TEST_CASE("fidelity: what is asked for badly is refused with one line", "[native]") {
    for (const std::vector<std::string>& options : {std::vector<std::string>{"nonsense"},
                                                    {"sequential", "sequential"},
                                                    {"--rounds", "0"},
                                                    {"--rounds", "21"},
                                                    {"--rounds", "many"},
                                                    {"--repeats", "0"},
                                                    {"--interpreter", "/nonexistent/python"}}) {
        std::vector<std::string> arguments = {"fidelity"};
        arguments.insert(arguments.end(), options.begin(), options.end());
        const Finished finished = run_gilplay(arguments);
        CAPTURE(arguments, finished.err);
        CHECK(finished.status == 2);
        CHECK(finished.out.empty());
        CHECK(std::count(finished.err.begin(), finished.err.end(), '\n') == 1);
    }
}
