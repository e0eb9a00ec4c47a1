#include <catch2/catch_test_macros.hpp>

#include "ui/view/format.h"
#include "ui/view/slider_scale.h"

using namespace gil;
using namespace gil::ui;

TEST_CASE("format: times show about three digits and their unit") {
    CHECK(time_text(0) == "0 ms");
    CHECK(time_text(0.0004) == "400 ns");
    CHECK(time_text(0.85) == "850 µs");
    CHECK(time_text(1.25) == "1.25 ms");
    CHECK(time_text(63.31) == "63.3 ms");
    CHECK(time_text(633.4) == "633 ms");
    CHECK(time_text(1231.2) == "1231 ms");
    CHECK(time_text(12'400) == "12.4 s");
    CHECK(exact_time_text(45'123'000) == "45.123 ms");
    CHECK(exact_time_text(12'300) == "12.3 µs");
}

TEST_CASE("format: a speed-up that does not exist is not shown") {
    CHECK(speedup_text(1.9) == "1.90×");
    CHECK(speedup_text(12.34) == "12.3×");
    CHECK(speedup_text(0).empty());
}

TEST_CASE("format: typed numbers are read with and without a unit, and nonsense is refused") {
    CHECK(parse_number("300") == 300.0);
    CHECK(parse_number(" 0.5 ms") == 0.5);
    CHECK(parse_number("1_000") == 1'000.0);
    CHECK(parse_number("1,5") == 1.5);
    CHECK(parse_number("1,000") == 1'000.0);
    CHECK(parse_number("1,000,000") == 1'000'000.0);
    CHECK(parse_number("0,125") == 0.125);
    CHECK(parse_number("1e3") == 1'000.0);
    CHECK(parse_number("-5") == -5.0);
    CHECK(parse_number("12 µs") == 12.0);
    CHECK_FALSE(parse_number(""));
    CHECK_FALSE(parse_number("ms"));
    CHECK_FALSE(parse_number("1.2.3"));
    CHECK_FALSE(parse_number("5; rm"));
    CHECK_FALSE(parse_number("--5"));
    CHECK_FALSE(parse_number("1e999"));
}

TEST_CASE("format: thousands are set apart in whole numbers only") {
    CHECK(grouped_number("999") == "999");
    CHECK(grouped_number("1000000") == "1,000,000");
    CHECK(grouped_number("-12345") == "-12,345");
    CHECK(grouped_number("12345.5") == "12345.5");
    CHECK(grouped_number("") == "");
}

TEST_CASE("format: names become words") {
    CHECK(words("free_threaded") == "free-threaded");
    CHECK(words("process_pool:fork") == "process-pool, fork");
}

namespace {

Knob log_knob() {
    Knob knob;
    knob.kind = KnobKind::real;
    knob.min = 0.1;
    knob.max = 2'000;
    knob.logarithmic = true;
    return knob;
}

Knob integer_knob() {
    Knob knob;
    knob.min = 1;
    knob.max = 64;
    return knob;
}

} // namespace

TEST_CASE("slider: both ends are reached exactly and positions come back") {
    for (const Knob& knob : {log_knob(), integer_knob()}) {
        CHECK(slider_value(knob, 0) == knob.min);
        CHECK(slider_value(knob, 1) == knob.max);
        CHECK(slider_value(knob, -3) == knob.min);
        CHECK(slider_position(knob, knob.min) == 0);
        CHECK(slider_position(knob, knob.max) == 1);
        for (double at = 0.05; at < 1; at += 0.1) {
            const double back = slider_position(knob, slider_value(knob, at));
            CHECK(std::fabs(back - at) < 0.03);
        }
    }
}

TEST_CASE("slider: arrow keys always move and stop at the ends") {
    for (const Knob& knob : {log_knob(), integer_knob()}) {
        double value = knob.min;
        for (int step = 0; step < 200 && value < knob.max; ++step) {
            const double next = slider_step(knob, value, +1);
            REQUIRE(next > value);
            value = next;
        }
        CHECK(value == knob.max);
        for (int step = 0; step < 200 && value > knob.min; ++step) {
            const double next = slider_step(knob, value, -1);
            REQUIRE(next < value);
            value = next;
        }
        CHECK(value == knob.min);
    }
}

TEST_CASE("slider: a logarithmic range that begins at 0 has a position for 0") {
    Knob knob;
    knob.kind = KnobKind::integer;
    knob.min = 0;
    knob.max = 1'000'000;
    knob.logarithmic = true;
    CHECK(slider_position(knob, 0) == 0);
    CHECK(slider_value(knob, 0) == 0);
    CHECK(slider_step(knob, 0, +1) > 0);
    CHECK(slider_step(knob, 1, -1) == 0);
}
