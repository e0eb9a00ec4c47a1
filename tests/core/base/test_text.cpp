// One formatter each for a time, a factor, a share, a count and a size: what the screen, the terminal, verdicts and
// documents say of one value is the same.
#include <catch2/catch_test_macros.hpp>

#include <utility>

#include "core/base/text.h"

using namespace gil;

TEST_CASE("Text.a time has about three digits and the unit that fits") {
    const std::pair<double, const char*> times[] = {
        {0, "0 ms"},          {0.0004, "400 ns"},  {0.85, "850 µs"},   {0.9996, "1.00 ms"},
        {1.25, "1.25 ms"},    {9.9949, "9.99 ms"}, {9.995, "10.0 ms"}, {63.34, "63.3 ms"},
        {99.94, "99.9 ms"},   {99.96, "100 ms"},   {512.3, "512 ms"},  {1'231, "1231 ms"},
        {9'999.4, "9999 ms"}, {12'400, "12.4 s"},  {-0.85, "-850 µs"}, {-512.3, "-512 ms"},
    };
    for (const auto& [ms, words] : times) CHECK(time_text(ms) == words);
}

TEST_CASE("Text.a column in milliseconds has the digits of the time in words") {
    for (const double ms : {1.25, 9.99, 10.0, 63.34, 99.94, 512.3, 1'231.0}) {
        CHECK(ms_number(ms) + " ms" == time_text(ms));
    }
    CHECK(ms_number(0.85) == "0.85");
}

TEST_CASE("Text.factors, shares and sizes") {
    CHECK(factor_text(1.896) == "1.90×");
    CHECK(factor_text(12.34) == "12.3×");
    CHECK(factor_text(149.7) == "150×");
    CHECK(percent_text(0.374) == "37 %");
    CHECK(percent_text(-0.1) == "0 %");
    CHECK(percent_text(1.2) == "100 %");
    CHECK(bytes_text(700) == "700 B");
    CHECK(bytes_text(1.5 * 1'024 * 1'024) == "1.5 MiB");
}
